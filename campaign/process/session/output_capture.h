// SPDX-License-Identifier: Apache-2.0
// What a run writes, kept within a bound: of stdout the beginning, of stderr
// the end, where a sanitizer's report is.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SESSION_OUTPUT_CAPTURE_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SESSION_OUTPUT_CAPTURE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace formfuzz::campaign {

class OutputCapture {
 public:
  enum class Keeps { kBeginning, kEnd };

  OutputCapture(Keeps keeps, size_t bytes_max)
      : keeps_(keeps), bytes_max_(bytes_max) {}

  void Clear();
  // Reads all there is, without waiting; false once nobody can write any more.
  bool Drain(int fd);
  // Of a file that was written to: the part that is to be kept.
  void TakeFile(int fd);

  std::string_view text() const { return {text_.data() + from(), kept()}; }
  bool cut() const { return cut_; }

 private:
  void Append(std::string_view more);
  size_t from() const;
  size_t kept() const { return text_.size() - from(); }

  Keeps keeps_;
  size_t bytes_max_;
  std::string text_;  // of kEnd up to twice the bound
  bool cut_ = false;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SESSION_OUTPUT_CAPTURE_H_

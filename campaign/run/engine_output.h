// SPDX-License-Identifier: Apache-2.0
// What libFuzzer says while it runs, as numbers. Reads the lines
//   #123  NEW    cov: 12 ft: 34 corp: 5/60b ...
//   stat::number_of_executed_units: 123
//   Done 123 runs in 4 second(s)
//   artifact_prefix='...'; Test unit written to <path>
// and keeps the end of everything said. An engine that says other things
// leaves the numbers at 0.

#ifndef FORMFUZZ_CAMPAIGN_RUN_ENGINE_OUTPUT_H_
#define FORMFUZZ_CAMPAIGN_RUN_ENGINE_OUTPUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

class EngineOutput {
 public:
  // Enough for a sanitizer's report with its frames.
  static constexpr size_t kTailMax = 1 << 16;

  // Any piece of the output; lines may be cut anywhere.
  void Add(std::string_view piece);

  // The same engine begins again, on the same corpus: all that is known of
  // that stays, should it die before it says so again.
  void StartOver();

  // For one who has counted them in.
  void ForgetExecutions() { executions_ = 0; }

  uint64_t executions() const { return executions_; }
  uint64_t edges() const { return edges_; }
  uint64_t corpus() const { return corpus_; }
  bool initialised() const { return initialised_; }  // corpus was read
  bool done() const { return done_; }  // ended because its work was done
  const std::vector<std::string>& artifacts() const { return artifacts_; }
  // Why findings could not be written.
  const std::vector<std::string>& unsaved() const { return unsaved_; }
  const std::string& tail() const { return tail_; }

 private:
  void AddLine(std::string_view line);
  void AddStatus(std::string_view line);

  uint64_t executions_ = 0;
  uint64_t edges_ = 0;
  uint64_t corpus_ = 0;
  bool initialised_ = false;
  bool done_ = false;
  std::vector<std::string> artifacts_;
  std::vector<std::string> unsaved_;
  std::string line_;  // the last one, while it has no end
  std::string tail_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_RUN_ENGINE_OUTPUT_H_

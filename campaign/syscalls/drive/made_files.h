// SPDX-License-Identifier: Apache-2.0
// Files that a program has made: archives, keys, databases, repositories. What
// makes them mostly has uses for them, and nobody else can think them up.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_MADE_FILES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_MADE_FILES_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/drive/trial.h"

namespace formfuzz::campaign {

// Adds what a run wrote to stdout, if that is data and no text for people: an
// archive goes there as often as to a file.
void AddOutput(std::string_view output, std::vector<InputFile>& files);

class MadeFiles {
 public:
  static constexpr size_t kSetsMax = 24;
  static constexpr size_t kNewMax = 3;

  struct Made {
    std::vector<InputFile> files;       // all that there is to have them
    std::vector<std::string> new_ones;  // paths, of a kind not seen before
  };
  // From what the trial's run has left. Fixtures that lie there as they were
  // given are left out; nothing comes back where the rest is of known kinds.
  Made Take(const std::vector<InputFile>& left, const Trial& trial);

 private:
  bool IsOfNewKind(const InputFile& file);

  // By name, without the numbers in it: how the content begins.
  std::map<std::string, std::set<std::string>> kinds_;
  size_t taken_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_MADE_FILES_H_

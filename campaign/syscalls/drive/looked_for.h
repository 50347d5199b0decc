// SPDX-License-Identifier: Apache-2.0
// Files that a program looks for where it starts, and that are not there: if
// they were, it might do something else. Names of settings and of what it
// works on by default are so found wherever it has them from.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_LOOKED_FOR_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_LOOKED_FOR_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "campaign/syscalls/drive/trial.h"

namespace formfuzz::campaign {

class LookedFor {
 public:
  static constexpr size_t kFilesMax = 32;

  // Paths as the program gave them in one run. Those that two runs have looked
  // for, each once, relative to where runs start: what is made up at random is
  // another each time. None that the trial's own words name.
  std::vector<std::string> Take(const std::set<std::string>& paths,
                                const Trial& trial);

 private:
  std::map<std::string, int> runs_;
  size_t taken_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_LOOKED_FOR_H_

// SPDX-License-Identifier: Apache-2.0
// Where a program has its words from, besides its own file.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_OWN_LIBRARIES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_OWN_LIBRARIES_H_

#include <string>
#include <vector>

#include "campaign/process/executor.h"

namespace formfuzz::campaign {

// Libraries that hold what is particular to the program at `path`, which is
// the executor's: those that are called like it ("libjq.so.1"), and all but
// the system's of one that is small. What it loads by dlopen is not among
// them.
std::vector<std::string> OwnLibraries(Executor& executor,
                                      const std::string& path);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_OWN_LIBRARIES_H_

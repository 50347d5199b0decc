// SPDX-License-Identifier: Apache-2.0
// Files that are part of the program, so that it needs no installed companions.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_EMBEDDED_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_EMBEDDED_H_

#include "absl/status/statusor.h"
#include "framework/base/bytes.h"

namespace formfuzz::campaign {

Bytes NurseryProgram();  // the init of a sandbox, statically linked
Bytes ZygoteLibrary();   // what LD_PRELOAD brings into dynamic programs

// A file in memory with that content, close-on-exec; its number is above those
// that have a meaning. The process keeps one of each.
absl::StatusOr<int> NurseryProgramFd();

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_EMBEDDED_H_

// SPDX-License-Identifier: Apache-2.0
// Programs built with AFL++'s compilers, as they are: its forkserver on
// descriptors 198 and 199 in both of its handshakes, its map and its test
// cases in System V memory; fork, deferred and persistent mode.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_AFL_EXECUTOR_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_AFL_EXECUTOR_H_

#include <memory>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/process/program/program_file.h"

namespace formfuzz::campaign {

absl::StatusOr<std::unique_ptr<Executor>> MakeAflExecutor(
    const ExecutorOptions& options, const ProgramFile& program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_AFL_EXECUTOR_H_

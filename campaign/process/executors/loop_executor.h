// SPDX-License-Identifier: Apache-2.0
// A program built with our compiler that takes many inputs in one process:
// turns are taken by a futex, many inputs may be handed over in one turn.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_LOOP_EXECUTOR_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_LOOP_EXECUTOR_H_

#include <memory>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/process/program/program_file.h"

namespace formfuzz::campaign {

absl::StatusOr<std::unique_ptr<Executor>> MakeLoopExecutor(
    const ExecutorOptions& options, const ProgramFile& program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_LOOP_EXECUTOR_H_

// SPDX-License-Identifier: Apache-2.0
// A new process for each run: for anything that can be executed at all.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_SPAWN_EXECUTOR_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_SPAWN_EXECUTOR_H_

#include <memory>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/process/program/program_file.h"

namespace formfuzz::campaign {

absl::StatusOr<std::unique_ptr<Executor>> MakeSpawnExecutor(
    const ExecutorOptions& options, const ProgramFile& program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_SPAWN_EXECUTOR_H_

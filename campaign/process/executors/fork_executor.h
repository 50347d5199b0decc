// SPDX-License-Identifier: Apache-2.0
// A process for each run, forked where the program is ready to begin: after
// the dynamic loader (a zygote, for unmodified programs), or from our runtime,
// which has coverage as well.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_FORK_EXECUTOR_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_FORK_EXECUTOR_H_

#include <memory>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/process/program/program_file.h"

namespace formfuzz::campaign {

// `kind` is kZygote or kRuntime.
absl::StatusOr<std::unique_ptr<Executor>> MakeForkExecutor(
    const ExecutorOptions& options, const ProgramFile& program,
    ExecutorKind kind);

// Of a dynamic program, without a watcher: each traced run may go as far as the
// first, and whoever asks for them sees to what share of the time they take.
absl::StatusOr<std::unique_ptr<Executor>> MakeTracer(
    ExecutorOptions options, const ProgramFile& program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_FORK_EXECUTOR_H_

// SPDX-License-Identifier: Apache-2.0
// Which executor fits a program.

#include "campaign/process/executor.h"

#include "campaign/process/executors/afl_executor.h"
#include "campaign/process/executors/fork_executor.h"
#include "campaign/process/executors/loop_executor.h"
#include "campaign/process/executors/server_executor.h"
#include "campaign/process/executors/spawn_executor.h"
#include "campaign/process/program/program_file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// A descriptor table that holds what a forkserver is given.
constexpr uint32_t kDescriptorsMin = 256;

ExecutorKind FastestFor(const ExecutorOptions& options,
                        const ProgramFile& program) {
  if (options.server.has_value()) return ExecutorKind::kServer;
  if (program.runtime) return ExecutorKind::kRuntime;
  if (program.afl) return ExecutorKind::kAfl;
  const bool preloads = program.dynamic && !program.privileged;
  return preloads ? ExecutorKind::kZygote : ExecutorKind::kSpawn;
}

absl::Status CheckOptions(const ExecutorOptions& options) {
  if (options.command.empty()) {
    return absl::InvalidArgumentError("no program was named");
  }
  if (options.limits.wall_ms == 0) {
    return absl::InvalidArgumentError(
        "a time limit of 0 ms ends every run; set Limits::wall_ms");
  }
  if (options.limits.descriptors_max < kDescriptorsMin) {
    return absl::InvalidArgumentError(Concat("at least ", kDescriptorsMin,
                                             " descriptors are needed, not ",
                                             options.limits.descriptors_max));
  }
  return absl::OkStatus();
}

ExecutorOptions Unwatched(ExecutorOptions options) {
  options.watcher = nullptr;
  return options;
}

absl::StatusOr<std::unique_ptr<Executor>> Make(const ExecutorOptions& options,
                                               const ProgramFile& program,
                                               ExecutorKind kind) {
  switch (kind) {
    case ExecutorKind::kAuto:
    case ExecutorKind::kSpawn:
      return MakeSpawnExecutor(options, program);
    case ExecutorKind::kRuntime:
      if (program.persistent) {
        return MakeLoopExecutor(Unwatched(options), program);
      }
      [[fallthrough]];
    case ExecutorKind::kZygote:
      return MakeForkExecutor(options, program, kind);
    case ExecutorKind::kAfl:
      return MakeAflExecutor(Unwatched(options), program);
    case ExecutorKind::kServer:
      return MakeServerExecutor(Unwatched(options), program);
  }
  return absl::InvalidArgumentError("no such kind of executor");
}

}  // namespace

std::string_view NameOf(ExecutorKind kind) {
  switch (kind) {
    case ExecutorKind::kAuto:
      return "auto";
    case ExecutorKind::kSpawn:
      return "spawn";
    case ExecutorKind::kZygote:
      return "zygote";
    case ExecutorKind::kAfl:
      return "afl";
    case ExecutorKind::kRuntime:
      return "runtime";
    case ExecutorKind::kServer:
      return "server";
  }
  return "";
}

absl::StatusOr<size_t> Executor::RunBatch(std::span<const Bytes> inputs,
                                          std::span<Execution> executions) {
  if (inputs.empty()) return 0;
  ProgramInput input;
  input.bytes = inputs[0];
  absl::Status done = Run(input, executions[0]);
  if (!done.ok()) return done;
  return 1;
}

absl::Status Executor::RunTraced(const ProgramInput& input,
                                 Execution& execution,
                                 std::vector<Comparison>&) {
  return Run(input, execution);
}

absl::StatusOr<std::unique_ptr<Executor>> MakeExecutor(
    const ExecutorOptions& options) {
  if (absl::Status good = CheckOptions(options); !good.ok()) return good;
  const auto program = InspectProgram(options.command[0]);
  if (!program.ok()) return program.status();
  if (options.kind != ExecutorKind::kAuto) {
    return Make(options, *program, options.kind);
  }
  const ExecutorKind fastest = FastestFor(options, *program);
  auto executor = Make(options, *program, fastest);
  // A program that does not come to main by way of the C library.
  if (absl::IsInvalidArgument(executor.status()) &&
      fastest == ExecutorKind::kZygote) {
    return Make(options, *program, ExecutorKind::kSpawn);
  }
  return executor;
}

}  // namespace formfuzz::campaign

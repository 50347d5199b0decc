// SPDX-License-Identifier: Apache-2.0
// A daemon on a socket of its own network: it is started, waited for until it
// accepts, sent each input on a new connection, and judged by whether it lives.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_SERVER_EXECUTOR_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_SERVER_EXECUTOR_H_

#include <memory>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/process/program/program_file.h"

namespace formfuzz::campaign {

// InvalidArgument without ExecutorOptions::server, or if the server does not
// become ready.
absl::StatusOr<std::unique_ptr<Executor>> MakeServerExecutor(
    const ExecutorOptions& options, const ProgramFile& program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_SERVER_EXECUTOR_H_

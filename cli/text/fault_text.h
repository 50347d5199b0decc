// SPDX-License-Identifier: Apache-2.0
// What `run --faults exhaustive` shows in the end.

#ifndef FORMFUZZ_CLI_TEXT_FAULT_TEXT_H_
#define FORMFUZZ_CLI_TEXT_FAULT_TEXT_H_

#include <string>

#include "campaign/run/fault_run.h"
#include "cli/context.h"

namespace formfuzz::cli {

std::string FaultSummaryText(const Context& context,
                             const campaign::RunOptions& options,
                             const campaign::FaultRunResult& result);

std::string FaultJson(const campaign::RunOptions& options,
                      const campaign::FaultRunResult& result);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_TEXT_FAULT_TEXT_H_

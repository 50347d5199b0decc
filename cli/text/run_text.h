// SPDX-License-Identifier: Apache-2.0
// What `run` shows: the live line, the findings as stories, the summary, and
// the same as one JSON object. Pure functions of their arguments and of the
// finding folders.

#ifndef FORMFUZZ_CLI_TEXT_RUN_TEXT_H_
#define FORMFUZZ_CLI_TEXT_RUN_TEXT_H_

#include <string>

#include "campaign/run/target_run.h"
#include "cli/context.h"

namespace formfuzz::cli {

// At most 110 columns for counts below a thousand million.
std::string ProgressText(const campaign::RunNumbers& numbers);

// Kind, validator and message, the scenario with its failing step, and the
// commands that replay and minimise it.
std::string FindingText(const Context& context, const std::string& target,
                        const campaign::Finding& finding);

std::string SummaryText(const Context& context,
                        const campaign::RunOptions& options,
                        const campaign::RunResult& result);

std::string RunJson(const campaign::RunOptions& options,
                    const campaign::RunResult& result);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_TEXT_RUN_TEXT_H_

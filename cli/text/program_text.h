// SPDX-License-Identifier: Apache-2.0
// What `run -- PROGRAM` shows: the same live line, summary and JSON as for a
// target, with what a program has besides.

#ifndef FORMFUZZ_CLI_TEXT_PROGRAM_TEXT_H_
#define FORMFUZZ_CLI_TEXT_PROGRAM_TEXT_H_

#include <string>

#include "campaign/loop/session/program_run.h"
#include "campaign/run/target_run.h"
#include "cli/context.h"

namespace formfuzz::cli {

// One line, again and again while it runs.
std::string ProgressText(const campaign::Statistics& now);

campaign::RunNumbers NumbersOf(const campaign::Statistics& statistics);

std::string ProgramSummaryText(const Context& context,
                               const campaign::ProgramRunOptions& options,
                               const campaign::ProgramRunResult& result);

std::string ProgramJson(const campaign::ProgramRunOptions& options,
                        const campaign::ProgramRunResult& result);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_TEXT_PROGRAM_TEXT_H_

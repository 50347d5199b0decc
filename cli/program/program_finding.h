// SPDX-License-Identifier: Apache-2.0
// The verbs on findings of programs, which need no target's replay binary: the
// finding itself says what to run.

#ifndef FORMFUZZ_CLI_PROGRAM_PROGRAM_FINDING_H_
#define FORMFUZZ_CLI_PROGRAM_PROGRAM_FINDING_H_

#include <cstdint>
#include <string>

#include "cli/context.h"

namespace formfuzz::cli {

bool IsProgramFinding(const std::string& path);

// Runs the finding's program once more in its sandbox, on the finding's own
// input or another ("": its own); the exit code of the verb.
int ReplayProgram(const std::string& finding, const std::string& input);

// Writes what is left to `out`.
int MinimiseProgram(const Context& context, const std::string& finding,
                    const std::string& out, uint64_t runs_max);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_PROGRAM_PROGRAM_FINDING_H_

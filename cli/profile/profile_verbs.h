// SPDX-License-Identifier: Apache-2.0
// The verbs below `formfuzz profile`; each is defined in the file of its name.
#ifndef FORMFUZZ_CLI_PROFILE_PROFILE_VERBS_H_
#define FORMFUZZ_CLI_PROFILE_PROFILE_VERBS_H_

#include <CLI/CLI.hpp>

#include "cli/context.h"

namespace formfuzz::cli {

// `context` and `exit_code` must outlive the parsing of `profile`.
void AddProfileLearn(CLI::App* profile, const Context* context, int* exit_code);
void AddProfileConvert(CLI::App* profile, const Context* context,
                       int* exit_code);
void AddProfileDiff(CLI::App* profile, const Context* context, int* exit_code);
void AddProfileMerge(CLI::App* profile, const Context* context, int* exit_code);
void AddProfileVerify(CLI::App* profile, const Context* context,
                      int* exit_code);
void AddProfileShow(CLI::App* profile, const Context* context, int* exit_code);
void AddProfileSubset(CLI::App* profile, const Context* context,
                      int* exit_code);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_PROFILE_PROFILE_VERBS_H_

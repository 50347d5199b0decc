// SPDX-License-Identifier: Apache-2.0
// The verbs of the program; each is defined in the file of its name. A verb
// adds its command to the command line; when it is the one that was asked for,
// it runs and leaves its exit code.

#ifndef FORMFUZZ_CLI_VERB_H_
#define FORMFUZZ_CLI_VERB_H_

#include <CLI/CLI.hpp>

#include "cli/context.h"

namespace formfuzz::cli {

// `context` and `exit_code` must outlive the parsing of `app`.
void AddAdd(CLI::App* app, const Context* context, int* exit_code);
void AddBuild(CLI::App* app, const Context* context, int* exit_code);
void AddDoctor(CLI::App* app, const Context* context, int* exit_code);
void AddInit(CLI::App* app, const Context* context, int* exit_code);
void AddList(CLI::App* app, const Context* context, int* exit_code);
// Below it are verbs of its own: cli/profile/.
void AddProfile(CLI::App* app, const Context* context, int* exit_code);
void AddReplay(CLI::App* app, const Context* context, int* exit_code);
void AddRun(CLI::App* app, const Context* context, int* exit_code);
// What `run` becomes where a program stands behind a bare --.
inline constexpr char kRunProgramVerb[] = "run-program";
void AddRunProgram(CLI::App* app, const Context* context, int* exit_code);
void AddSeeds(CLI::App* app, const Context* context, int* exit_code);
void AddShow(CLI::App* app, const Context* context, int* exit_code);
void AddSources(CLI::App* app, const Context* context, int* exit_code);
void AddTest(CLI::App* app, const Context* context, int* exit_code);
void AddTmin(CLI::App* app, const Context* context, int* exit_code);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_VERB_H_

// SPDX-License-Identifier: Apache-2.0
// What every verb needs: where it was called, how failures become exit codes,
// and how a target's name becomes built binaries.

#ifndef FORMFUZZ_CLI_CONTEXT_H_
#define FORMFUZZ_CLI_CONTEXT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/project/project.h"
#include "campaign/project/target.h"

namespace formfuzz::cli {

inline constexpr int kNothingFound = 0;
inline constexpr int kFound = 1;
inline constexpr int kUsage = 2;
inline constexpr int kEnvironment = 3;

struct Context {
  std::string command;       // how a person calls this program
  std::string home;          // formfuzz's own tree; "" when installed
  std::string project_root;  // as asked for; "": look around
  std::vector<std::string> engine_flags;  // what followed a bare --
  bool has_engine_flags = false;
};

// Prints the message; the exit code that its kind of failure has.
int Fail(const absl::Status& status);

// The project at or above the working folder; formfuzz's own where there is
// none, as its targets can be run from everywhere.
absl::StatusOr<campaign::Project> OpenProject(const Context& context);
// For what writes into it: only the one that the caller is in, or named.
absl::StatusOr<campaign::Project> OpenProjectToChange(const Context& context);

// The targets that the project's build describes; configures it for that.
absl::StatusOr<std::vector<campaign::Target>> AllTargets(
    const campaign::Project& project, const std::string& preset);

// Finds it, then builds the replay binary, and the fuzzer too if `with_engine`.
absl::StatusOr<campaign::Target> BuildTarget(const campaign::Project& project,
                                             const std::string& preset,
                                             const std::string& name,
                                             bool with_engine);

// Which target a path belongs to: its finding says so, or its place does.
absl::StatusOr<std::string> TargetFor(const std::string& path);

// An input that exists, and what runs it.
struct TargetInput {
  campaign::Project project;
  campaign::Target target;  // its replay binary is built
  std::string path;
};

// Of the words [TARGET] PATH; a finding's folder stands for its input.
absl::StatusOr<TargetInput> OpenInput(const Context& context,
                                      const std::string& preset,
                                      const std::vector<std::string>& words);

// As seen from the current folder, when it lies below it.
std::string ShortPath(const std::string& path);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_CONTEXT_H_

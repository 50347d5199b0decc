// SPDX-License-Identifier: Apache-2.0
// The files of a new harness, and where they go: fuzz/ of a user's project, or
// harnesses/ where there is such a folder already. Nothing that exists is
// overwritten; lists are only appended to.

#ifndef FORMFUZZ_CLI_SCAFFOLD_SCAFFOLD_H_
#define FORMFUZZ_CLI_SCAFFOLD_SCAFFOLD_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace formfuzz::cli {

class Scaffold {
 public:
  explicit Scaffold(std::string project_root);

  // Makes fuzz/, with a first harness, known to the project's build.
  // AlreadyExists if it is there; InvalidArgument as AddHarness.
  absl::Status Init(std::string_view first);
  // Writes a harness that builds and runs as it is. InvalidArgument for a name
  // that is no identifier, FailedPrecondition before Init.
  absl::Status AddHarness(std::string_view name);

  // What was written or changed, relative to the project.
  const std::vector<std::string>& changed() const { return changed_; }

 private:
  bool Exists(const std::string& path) const;
  absl::Status Write(const std::string& path, const std::string& text);
  absl::Status Append(const std::string& path, const std::string& text);

  std::string root_;
  std::string folder_;  // of the harnesses, relative to the project
  std::vector<std::string> changed_;
};

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_SCAFFOLD_SCAFFOLD_H_

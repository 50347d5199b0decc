// SPDX-License-Identifier: Apache-2.0
// The user's project: a folder whose CMakeLists.txt calls project(), and its
// builds, one folder a preset: <root>/build/<preset>. A project without such a
// preset is configured as formfuzz's own presets would have it.

#ifndef FORMFUZZ_CAMPAIGN_PROJECT_PROJECT_H_
#define FORMFUZZ_CAMPAIGN_PROJECT_PROJECT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace formfuzz::campaign {

class Project {
 public:
  explicit Project(std::string root) : root_(std::move(root)) {}

  // The nearest project at or above `folder`, else `fallback` ("": none).
  static absl::StatusOr<Project> Find(const std::string& folder,
                                      const std::string& fallback);

  const std::string& root() const { return root_; }
  std::string BuildFolder(const std::string& preset) const;

  bool IsConfigured(const std::string& preset) const;

  // Configures if that was not done yet, or if `definitions` (as -DNAME=VALUE)
  // are given; otherwise only brings the build's description up to date.
  absl::Status Configure(const std::string& preset,
                         const std::vector<std::string>& definitions) const;

  // Builds the named CMake targets, or everything when there are none. The
  // status of a failure carries what the build said.
  absl::Status Build(const std::string& preset,
                     const std::vector<std::string>& targets) const;

 private:
  // The folder came along with a clone that was copied or moved.
  bool IsOfAnother(const std::string& preset) const;
  bool HasPreset(const std::string& preset) const;
  std::vector<std::string> ConfigureCommand(const std::string& preset) const;

  std::string root_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROJECT_PROJECT_H_

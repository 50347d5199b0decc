// SPDX-License-Identifier: Apache-2.0
// A target as the build describes it in <build>/targets/<name>.json; see
// formfuzz_add_harness() for who writes that.

#ifndef FORMFUZZ_CAMPAIGN_PROJECT_TARGET_H_
#define FORMFUZZ_CAMPAIGN_PROJECT_TARGET_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz::campaign {

struct Target {
  std::string name;
  std::string engine;                    // libfuzzer, afl, replay or custom
  std::string binary;                    // "": this build has no engine
  std::string replay;                    // runs, shows and minimises inputs
  std::string property;                  // "": no GoogleTest in this build
  std::string reproducer;                // likewise; built when asked for
  std::string dictionary;                // "": none
  std::vector<std::string> seeds;        // folders that exist
  std::vector<std::string> regressions;  // likewise
  std::vector<std::string> options;      // libFuzzer's, as key=value

  // What `reproducer` is compiled from.
  std::string ReproducerSource() const { return reproducer + "_test.cc"; }

  // Seeds, then regressions.
  std::vector<std::string> CuratedFolders() const;
};

// All targets of a configured build, by name.
absl::StatusOr<std::vector<Target>> LoadTargets(
    const std::string& build_folder);

// A target that the build could not make.
struct AbsentTarget {
  std::string name;
  std::string reason;
};
absl::StatusOr<std::vector<AbsentTarget>> LoadAbsentTargets(
    const std::string& build_folder);

// NotFound, with the nearest names, when there is no such target.
absl::StatusOr<Target> PickTarget(const std::vector<Target>& targets,
                                  std::string_view name);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROJECT_TARGET_H_

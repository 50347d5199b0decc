// SPDX-License-Identifier: Apache-2.0
// What verbs share.

#include "cli/context.h"

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "campaign/process/work_folder.h"
#include "campaign/run/findings.h"

namespace formfuzz::cli {

namespace fs = std::filesystem;
using campaign::Project;
using campaign::Target;

int Fail(const absl::Status& status) {
  const std::string message(status.message());
  std::fprintf(stderr, "formfuzz: %s\n", message.c_str());
  const bool usage =
      absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
      absl::IsAlreadyExists(status) || absl::IsFailedPrecondition(status);
  return usage ? kUsage : kEnvironment;
}

namespace {

absl::StatusOr<Project> OpenProjectOr(const Context& context,
                                      const std::string& fallback) {
  if (context.project_root.empty()) return Project::Find(".", fallback);
  std::error_code error;
  const fs::path root = fs::canonical(context.project_root, error);
  if (!error && fs::exists(root / "CMakeLists.txt", error)) {
    return Project(root.string());
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--project ", context.project_root, ": no CMakeLists.txt there"));
}

}  // namespace

absl::StatusOr<Project> OpenProject(const Context& context) {
  return OpenProjectOr(context, context.home);
}

absl::StatusOr<Project> OpenProjectToChange(const Context& context) {
  return OpenProjectOr(context, "");
}

absl::StatusOr<std::vector<Target>> AllTargets(const Project& project,
                                               const std::string& preset) {
  std::vector<std::string> definitions;
  if (!project.IsConfigured(preset)) {
    std::fprintf(stderr, "formfuzz: configuring build/%s (once)\n",
                 preset.c_str());
    // Fuzzing must not ask for what only the tests need.
    definitions.push_back("-DFORMFUZZ_BUILD_TESTS=OFF");
  }
  const absl::Status status = project.Configure(preset, definitions);
  if (!status.ok()) return status;
  return campaign::LoadTargets(project.BuildFolder(preset));
}

absl::StatusOr<Target> BuildTarget(const Project& project,
                                   const std::string& preset,
                                   const std::string& name, bool with_engine) {
  auto targets = AllTargets(project, preset);
  if (!targets.ok()) return targets.status();
  auto target = campaign::PickTarget(*targets, name);
  if (!target.ok()) return target;
  std::vector<std::string> built = {name + "_replay"};
  if (with_engine) {
    if (target->engine != "libfuzzer") {
      return absl::FailedPreconditionError(
          absl::StrCat("build/", preset, " has the engine ", target->engine,
                       ", and run wants libfuzzer: take --preset fuzz"));
    }
    built.push_back(name);
  }
  std::error_code ignored;
  if (!fs::exists(with_engine ? target->binary : target->replay, ignored)) {
    std::fprintf(stderr, "formfuzz: building %s (preset %s)\n", name.c_str(),
                 preset.c_str());
  }
  const absl::Status status = project.Build(preset, built);
  if (!status.ok()) return status;
  return target;
}

absl::StatusOr<std::string> TargetFor(const std::string& path) {
  std::string name;
  if (campaign::IsFinding(path)) name = campaign::ReadFinding(path).target;
  if (name.empty()) name = campaign::TargetOfPath(path);
  if (!name.empty()) return name;
  return absl::InvalidArgumentError(
      absl::StrCat("cannot tell which target ", path,
                   " belongs to: put the target's name before it"));
}

namespace {

// An input that exists: a finding's folder stands for its input.
absl::StatusOr<std::string> InputAt(const std::string& path) {
  std::error_code ignored;
  if (campaign::IsFinding(path)) return campaign::FindingInput(path);
  if (fs::is_regular_file(path, ignored)) return path;
  if (fs::is_directory(path, ignored)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is a folder, and not a finding's"));
  }
  return absl::InvalidArgumentError(absl::StrCat("there is no file ", path));
}

}  // namespace

absl::StatusOr<TargetInput> OpenInput(const Context& context,
                                      const std::string& preset,
                                      const std::vector<std::string>& words) {
  auto path = InputAt(words.back());
  if (!path.ok()) return path.status();
  auto name = words.size() > 1 ? words.front() : TargetFor(words.back());
  if (!name.ok()) return name.status();
  auto project = OpenProject(context);
  if (!project.ok()) return project.status();
  auto target = BuildTarget(*project, preset, *name, false);
  if (!target.ok()) return target.status();
  return TargetInput{*std::move(project), *std::move(target), *std::move(path)};
}

std::string ShortPath(const std::string& path) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  const fs::path relative = fs::path(path).lexically_relative(here);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return below ? relative.string() : path;
}

}  // namespace formfuzz::cli

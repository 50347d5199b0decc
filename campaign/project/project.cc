// SPDX-License-Identifier: Apache-2.0
// Finding, configuring and building a project by calling CMake.

#include "campaign/project/project.h"

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "campaign/process/child.h"
#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr size_t kListSizeMax = 1 << 20;
// Of a failed build the end matters: the first errors of a parallel build are
// at most this far up.
constexpr size_t kBuildOutputMax = 1 << 16;

bool CallsProject(const fs::path& folder) {
  auto text = ReadFile((folder / "CMakeLists.txt").string(), kListSizeMax);
  if (!text.ok()) return false;
  const size_t at = text->find("project(");
  return at == 0 || (at != std::string::npos && (*text)[at - 1] == '\n');
}

absl::Status RunBuildStep(const std::string& what, Command command) {
  auto step = RunToEnd(command, Child::Output::kPiped, kBuildOutputMax);
  if (!step.ok()) return step.status();
  if (Interrupted()) return absl::CancelledError("interrupted");
  if (step->ending.ok()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      step->output, "could not ", what, " (", ToString(step->ending),
      "); the command was:\n  ", ShellWords(command.arguments)));
}

// What formfuzz's presets of the same names say.
std::vector<std::string> DefinitionsLike(const std::string& preset) {
  std::vector<std::string> definitions = {
      "-DCMAKE_CXX_COMPILER=clang++-19", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
      "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO="
      "-O2 -gline-tables-only -fno-omit-frame-pointer",
      "-DFORMFUZZ_ENGINE=libfuzzer"};
  if (preset != "fuzz-fast") {
    definitions.push_back("-DFORMFUZZ_SANITIZE=address,undefined");
  }
  return definitions;
}

}  // namespace

absl::StatusOr<Project> Project::Find(const std::string& folder,
                                      const std::string& fallback) {
  std::error_code error;
  fs::path at = fs::canonical(folder, error);
  for (; !error && !at.empty(); at = at.parent_path()) {
    if (CallsProject(at)) return Project(at.string());
    if (at == at.root_path()) break;
  }
  if (!fallback.empty()) return Project(fallback);
  return absl::InvalidArgumentError(
      absl::StrCat("no CMake project at or above ", folder,
                   ": go to one, or name it with --project"));
}

std::string Project::BuildFolder(const std::string& preset) const {
  return absl::StrCat(root_, "/build/", preset);
}

bool Project::IsConfigured(const std::string& preset) const {
  std::error_code ignored;
  return fs::exists(BuildFolder(preset) + "/build.ninja", ignored) &&
         !IsOfAnother(preset);
}

bool Project::IsOfAnother(const std::string& preset) const {
  constexpr std::string_view kHome = "\nCMAKE_HOME_DIRECTORY:INTERNAL=";
  const auto cache =
      ReadFile(BuildFolder(preset) + "/CMakeCache.txt", kListSizeMax);
  if (!cache.ok()) return false;
  const size_t at = cache->find(kHome);
  if (at == std::string::npos) return false;
  const size_t begin = at + kHome.size();
  std::error_code ignored;
  return !fs::equivalent(cache->substr(begin, cache->find('\n', begin) - begin),
                         root_, ignored);
}

bool Project::HasPreset(const std::string& preset) const {
  auto text = ReadFile(root_ + "/CMakePresets.json", kListSizeMax);
  if (!text.ok()) return false;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("configurePresets")) return false;
  for (const auto& item : json["configurePresets"]) {
    if (item.is_object() && item.contains("name") && item["name"] == preset) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> Project::ConfigureCommand(
    const std::string& preset) const {
  // A user's preset may name another folder than the one we read.
  std::vector<std::string> command = {"cmake", "-B", BuildFolder(preset)};
  if (IsOfAnother(preset)) command.push_back("--fresh");
  if (HasPreset(preset)) {
    command.insert(command.end(), {"--preset", preset});
    return command;
  }
  command.insert(command.end(), {"-S", root_, "-G", "Ninja"});
  for (std::string& definition : DefinitionsLike(preset)) {
    command.push_back(std::move(definition));
  }
  return command;
}

absl::Status Project::Configure(
    const std::string& preset,
    const std::vector<std::string>& definitions) const {
  Command command{.arguments = {}, .environment = {}, .folder = root_};
  if (definitions.empty() && IsConfigured(preset)) {
    command.arguments = {"ninja", "-C", BuildFolder(preset), "build.ninja"};
  } else {
    command.arguments = ConfigureCommand(preset);
    command.arguments.insert(command.arguments.end(), definitions.begin(),
                             definitions.end());
  }
  return RunBuildStep("configure", std::move(command));
}

absl::Status Project::Build(const std::string& preset,
                            const std::vector<std::string>& targets) const {
  Command command{.arguments = {"cmake", "--build", BuildFolder(preset)},
                  .environment = {},
                  .folder = root_};
  if (!targets.empty()) command.arguments.push_back("--target");
  for (const std::string& target : targets) {
    command.arguments.push_back(target);
  }
  return RunBuildStep("build", std::move(command));
}

}  // namespace formfuzz::campaign

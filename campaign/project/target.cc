// SPDX-License-Identifier: Apache-2.0
// Reading target descriptions.

#include "campaign/project/target.h"

#include <cstddef>
#include <cstring>
#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "campaign/project/nearest.h"
#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kDescriptionSizeMax = 1 << 20;
constexpr char kAbsentSuffix[] = ".absent";

using Json = nlohmann::json;

std::string TextAt(const Json& json, const char* key) {
  const auto at = json.find(key);
  return at != json.end() && at->is_string() ? at->get<std::string>() : "";
}

std::vector<std::string> ListAt(const Json& json, const char* key) {
  std::vector<std::string> list;
  const auto at = json.find(key);
  if (at == json.end() || !at->is_array()) return list;
  for (const Json& item : *at) {
    if (item.is_string()) list.push_back(item.get<std::string>());
  }
  return list;
}

absl::StatusOr<Target> ReadTarget(const std::string& path) {
  auto text = ReadFile(path, kDescriptionSizeMax);
  if (!text.ok()) return text.status();
  const Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || TextAt(json, "name").empty()) {
    return absl::DataLossError(
        absl::StrCat(path, " does not describe a target: build again"));
  }
  return Target{.name = TextAt(json, "name"),
                .engine = TextAt(json, "engine"),
                .binary = TextAt(json, "binary"),
                .replay = TextAt(json, "replay"),
                .property = TextAt(json, "property"),
                .reproducer = TextAt(json, "reproducer"),
                .dictionary = TextAt(json, "dictionary"),
                .seeds = ListAt(json, "seeds"),
                .regressions = ListAt(json, "regressions"),
                .options = ListAt(json, "options")};
}

}  // namespace

std::vector<std::string> Target::CuratedFolders() const {
  std::vector<std::string> folders = seeds;
  folders.insert(folders.end(), regressions.begin(), regressions.end());
  return folders;
}

absl::StatusOr<std::vector<Target>> LoadTargets(
    const std::string& build_folder) {
  std::vector<Target> targets;
  auto files = ListFiles(build_folder + "/targets");
  if (absl::IsNotFound(files.status())) return targets;
  if (!files.ok()) return files.status();
  for (const std::string& file : *files) {
    if (!absl::EndsWith(file, ".json")) continue;
    auto target = ReadTarget(file);
    if (!target.ok()) return target.status();
    targets.push_back(*std::move(target));
  }
  return targets;
}

absl::StatusOr<std::vector<AbsentTarget>> LoadAbsentTargets(
    const std::string& build_folder) {
  std::vector<AbsentTarget> absent;
  auto files = ListFiles(build_folder + "/targets");
  if (absl::IsNotFound(files.status())) return absent;
  if (!files.ok()) return files.status();
  for (const std::string& file : *files) {
    std::string_view name = file;
    if (!absl::EndsWith(file, kAbsentSuffix)) continue;
    auto reason = ReadFile(file, kDescriptionSizeMax);
    if (!reason.ok()) return reason.status();
    name.remove_suffix(std::strlen(kAbsentSuffix));
    name.remove_prefix(name.rfind('/') + 1);
    absent.push_back(
        {std::string(name), std::string(absl::StripAsciiWhitespace(*reason))});
  }
  return absent;
}

absl::StatusOr<Target> PickTarget(const std::vector<Target>& targets,
                                  std::string_view name) {
  std::vector<std::string> names;
  for (const Target& target : targets) {
    if (target.name == name) return target;
    names.push_back(target.name);
  }
  const std::string unknown =
      absl::StrCat("no target is named \"", std::string(name), "\"");
  if (names.empty()) {
    return absl::NotFoundError(
        absl::StrCat(unknown, ": this project has none yet (formfuzz add)"));
  }
  const std::vector<std::string> nearest = NearestNames(name, names);
  if (nearest.empty()) {
    return absl::NotFoundError(
        absl::StrCat(unknown, "; there are: ", absl::StrJoin(names, ", ")));
  }
  return absl::NotFoundError(absl::StrCat(unknown, "; did you mean ",
                                          absl::StrJoin(nearest, " or "), "?"));
}

}  // namespace formfuzz::campaign

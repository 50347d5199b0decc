// SPDX-License-Identifier: Apache-2.0
// Reading finding folders.

#include "campaign/run/findings.h"

#include <signal.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "campaign/process/work_folder.h"
#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr size_t kDescriptionSizeMax = 1 << 22;

std::string TextAt(const nlohmann::json& json, const char* key) {
  const auto at = json.find(key);
  return at != json.end() && at->is_string() ? at->get<std::string>() : "";
}

// What is being written is named for its writer: ….new.PID.
bool IsAbandoned(const std::string& name) {
  constexpr std::string_view kMark = ".new.";
  const size_t mark = name.rfind(kMark);
  if (mark == std::string::npos) return false;
  char* end = nullptr;
  const long pid = std::strtol(name.c_str() + mark + kMark.size(), &end, 10);
  return *end == '\0' && pid > 0 && kill(static_cast<pid_t>(pid), 0) != 0 &&
         errno == ESRCH;
}

}  // namespace

Finding ReadFinding(const std::string& folder) {
  Finding finding;
  finding.folder = folder;
  auto text = ReadFile(FindingDescription(folder), kDescriptionSizeMax);
  if (!text.ok()) return finding;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return finding;
  finding.target = TextAt(json, "target");
  finding.kind = TextAt(json, "kind");
  finding.validator = TextAt(json, "validator");
  finding.signature = TextAt(json, "signature");
  finding.message = TextAt(json, "message");
  finding.reproducer = TextAt(json, "reproducer");
  finding.certificate = TextAt(json, "certificate");
  return finding;
}

void RemoveAbandoned(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (IsAbandoned(entry.path().filename())) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

FindingWatch::FindingWatch(std::string folder) : folder_(std::move(folder)) {
  before_ = Look();
}

std::vector<std::string> FindingWatch::Fresh() const {
  std::vector<std::string> fresh;
  for (const auto& [folder, time] : Look()) {
    const auto known = before_.find(folder);
    if (known == before_.end() || known->second != time) {
      fresh.push_back(folder);
    }
  }
  return fresh;
}

// A folder that is still being written has another name, and no description.
FindingWatch::Times FindingWatch::Look() const {
  Times times;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    if (name.empty() || name[0] == '.') continue;
    const std::string folder = entry.path().string();
    if (!fs::exists(FindingDescription(folder), error)) continue;
    const auto time = fs::last_write_time(folder, error);
    if (!error) times[folder] = time;
  }
  return times;
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// The layout of the work folder.

#include "campaign/process/work_folder.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace formfuzz::campaign {

namespace fs = std::filesystem;

WorkFolder::WorkFolder(const std::string& project_root,
                       const std::string& target)
    : root_(absl::StrCat(project_root, "/", kWorkFolderName, "/", target)) {}

absl::Status WorkFolder::Create() const {
  for (const std::string& folder :
       {corpus(), seeds(), findings(), artifacts(), logs()}) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot make ", folder, ": ", error.message()));
    }
  }
  return absl::OkStatus();
}

std::string WorkFolder::log(int job) const {
  return absl::StrCat(logs(), "/job-", job, ".log");
}

std::string WorkFolder::live_stats(int job) const {
  return absl::StrCat(logs(), "/job-", job, ".stats");
}

std::string WorkFolder::in_flight(int job) const {
  return absl::StrCat(logs(), "/job-", job, ".in_flight");
}

std::string FindingInput(const std::string& finding) {
  return finding + "/input";
}
std::string FindingDescription(const std::string& finding) {
  return finding + "/finding.json";
}
std::string FindingScenario(const std::string& finding) {
  return finding + "/scenario.txt";
}
std::string FindingTrace(const std::string& finding) {
  return finding + "/trace.txt";
}
std::string FindingProgram(const std::string& finding) {
  return finding + "/program.json";
}
std::string FindingScript(const std::string& finding) {
  return finding + "/reproduce.sh";
}
std::string FindingMinimized(const std::string& finding) {
  return finding + "/minimized";
}
std::string FindingMinimizedTrace(const std::string& finding) {
  return finding + "/minimized.txt";
}
std::string FindingReproducer(const std::string& finding) {
  return finding + "/reproducer_test.cc";
}
std::string FindingCertificate(const std::string& finding) {
  return finding + "/certificate.txt";
}

bool IsFinding(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(FindingInput(path), ignored);
}

std::string TargetOfPath(const std::string& path) {
  std::error_code ignored;
  bool next = false;
  for (const fs::path& part : fs::absolute(path, ignored)) {
    if (next) return part.string();
    next = part == kWorkFolderName || part == "corpora";
  }
  return "";
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// A finding's folder is made aside and renamed: it is whole or not there.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "framework/base/file.h"
#include "framework/base/text.h"
#include "framework/finding/finding.h"

namespace formfuzz {
namespace {

namespace fs = std::filesystem;

absl::Status WriteFiles(const Finding& finding, const std::string& folder) {
  std::vector<std::pair<std::string, std::string>> files = {
      {"input", finding.input},
      {"scenario.txt", finding.scenario},
      {"trace.txt", finding.trace},
      {"stderr.txt", finding.report},
      {"finding.json", FindingToJson(finding)}};
  if (!finding.reproducer.empty()) {
    files.emplace_back("reproducer_test.cc", finding.reproducer);
  }
  files.insert(files.end(), finding.attachments.begin(),
               finding.attachments.end());
  for (const auto& [name, content] : files) {
    absl::Status status =
        WriteFileAtomically(Concat(folder, "/", name), content);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void FlushFolder(const std::string& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

}  // namespace

absl::StatusOr<std::string> WriteFinding(const Finding& finding,
                                         const std::string& parent) {
  const std::string path = Concat(parent, "/", FolderNameOf(finding));
  const std::string aside =
      Concat(parent, "/.", FolderNameOf(finding), ".new.", getpid());
  std::error_code error;
  if (fs::exists(path, error)) {
    utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
    return path;
  }
  fs::create_directories(aside, error);
  if (error) {
    return absl::UnavailableError(
        Concat("cannot create ", aside, ": ", error.message()));
  }
  absl::Status status = WriteFiles(finding, aside);
  FlushFolder(aside);
  if (status.ok() && rename(aside.c_str(), path.c_str()) != 0 &&
      errno != EEXIST && errno != ENOTEMPTY) {
    status = absl::UnavailableError(
        Concat("cannot rename ", aside, ": ", std::strerror(errno)));
  }
  fs::remove_all(aside, error);  // not there any more unless something failed
  if (!status.ok()) return status;
  FlushFolder(parent);
  return path;
}

}  // namespace formfuzz

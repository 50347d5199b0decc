// SPDX-License-Identifier: Apache-2.0
// Reading and writing the files of a corpus.
#include "campaign/corpus/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "framework/base/digest.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

absl::Status Problem(std::string_view verb, const std::string& path,
                     int error) {
  const std::string text =
      Concat("cannot ", verb, " ", path, ": ", std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) {
    return absl::ResourceExhaustedError(text);
  }
  return error == ENOENT ? absl::NotFoundError(text)
                         : absl::UnavailableError(text);
}

absl::Status WriteNew(const std::string& path, Bytes bytes) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Problem("create", path, errno);
  int error = 0;
  while (!bytes.empty() && error == 0) {
    const ssize_t size = write(fd, bytes.data(), bytes.size());
    if (size > 0) bytes = bytes.subspan(static_cast<size_t>(size));
    if (size < 0 && errno != EINTR) error = errno;
  }
  if (close(fd) != 0 && error == 0) error = errno;
  return error == 0 ? absl::OkStatus() : Problem("write", path, error);
}

// At most `size_max` bytes; `cut` says whether there were more.
absl::Status ReadUpTo(const std::string& path, size_t size_max,
                      std::vector<uint8_t>* content, bool* cut) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return Problem("read", path, errno);
  content->clear();
  int error = 0;
  uint8_t block[1 << 14];
  while (content->size() <= size_max) {
    const ssize_t size = read(fd, block, sizeof block);
    if (size == 0) break;
    if (size > 0) content->insert(content->end(), block, block + size);
    if (size < 0 && errno != EINTR) {
      error = errno;
      break;
    }
  }
  close(fd);
  *cut = content->size() > size_max;
  if (*cut) content->resize(size_max);
  return error == 0 ? absl::OkStatus() : Problem("read", path, error);
}

// What fuzzers leave beside their inputs.
bool IsNoInput(const fs::path& path) {
  constexpr std::array<std::string_view, 9> kNames = {
      "README.txt", "fuzzer_stats", "plot_data",    "fuzz_bitmap", "cmdline",
      "crashes",    "hangs",        "fuzzer_setup", "target_hash"};
  const std::string name = path.filename().string();
  return name.starts_with('.') ||
         std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

absl::StatusOr<std::vector<std::string>> PathsBelow(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  if (fs::is_regular_file(folder, error)) paths.push_back(folder);
  if (!paths.empty()) return paths;
  fs::recursive_directory_iterator at(
      folder, fs::directory_options::skip_permission_denied, error);
  if (error) return Problem("list", folder, error.value());
  for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (error) return Problem("list", folder, error.value());
    if (IsNoInput(at->path())) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file(error)) {
      paths.push_back(at->path().native());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

absl::StatusOr<CorpusStore> CorpusStore::Open(std::string folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Problem("make", folder, error.value());
  return CorpusStore(std::move(folder));
}

std::string CorpusStore::PathOf(uint64_t digest) const {
  return Concat(folder_, "/", ToHex(digest));
}

absl::Status CorpusStore::Write(Bytes input) const {
  const std::string path = PathOf(DigestOf(input));
  struct stat there{};
  if (stat(path.c_str(), &there) == 0) return absl::OkStatus();
  // A name that starts with a dot is no input yet.
  const std::string aside =
      Concat(folder_, "/.", ToHex(DigestOf(input)), ".new.", getpid());
  absl::Status status = WriteNew(aside, input);
  if (status.ok() && rename(aside.c_str(), path.c_str()) != 0) {
    status = Problem("rename", aside, errno);
  }
  if (!status.ok()) unlink(aside.c_str());
  return status;
}

absl::StatusOr<std::vector<uint8_t>> CorpusStore::Read(uint64_t digest,
                                                       size_t size_max) const {
  std::vector<uint8_t> content;
  bool cut = false;
  const absl::Status status =
      ReadUpTo(PathOf(digest), size_max, &content, &cut);
  if (!status.ok()) return status;
  return content;
}

absl::Status CorpusStore::Remove(uint64_t digest) const {
  const std::string path = PathOf(digest);
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return Problem("remove", path, errno);
}

absl::StatusOr<ReadCorpus> ForEachInput(
    const std::string& folder, size_t size_max,
    absl::FunctionRef<absl::Status(Bytes input, const std::string& path)>
        visit) {
  const auto paths = PathsBelow(folder);
  if (!paths.ok()) return paths.status();
  ReadCorpus counts;
  std::vector<uint8_t> content;
  for (const std::string& path : *paths) {
    bool cut = false;
    const absl::Status read = ReadUpTo(path, size_max, &content, &cut);
    if (!read.ok()) {
      if (counts.unreadable++ == 0)
        counts.first_problem = std::string(read.message());
      continue;
    }
    ++counts.files;
    counts.too_large += cut ? 1 : 0;
    const absl::Status status = visit(content, path);
    if (!status.ok()) return status;
  }
  return counts;
}

}  // namespace formfuzz::campaign

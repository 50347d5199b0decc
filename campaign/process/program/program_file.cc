// SPDX-License-Identifier: Apache-2.0
// Looks for a program and into it.

#include "campaign/process/program/program_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "campaign/process/program/elf_headers.h"
#include "campaign/process/sandbox/unique_fd.h"
#include "campaign/process/wire/fork_messages.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr std::string_view kAflMark = "__AFL_SHM_ID";
constexpr std::string_view kAflPersistentMark = "##SIG_AFL_PERSISTENT##";
constexpr std::string_view kAflDeferredMark = "##SIG_AFL_DEFER_FORKSRV##";
constexpr std::string_view kLibFuzzerMark = "ERROR: libFuzzer: ";
constexpr std::string_view kLocalesMark("setlocale", sizeof("setlocale"));
// Sanitizers with a heap of their own, which all stand in front of setlocale.
constexpr std::string_view kOwnHeapMarks[] = {"__asan_init", "__lsan_init",
                                              "__msan_init", "__tsan_init"};

bool IsFile(const std::string& path) {
  struct stat entry{};
  return stat(path.c_str(), &entry) == 0 && S_ISREG(entry.st_mode);
}

// As execvp does: the first in PATH that is there.
std::string Find(const std::string& name) {
  if (name.find('/') != name.npos) return name;
  const char* path = getenv("PATH");
  std::string_view folders = path != nullptr ? path : "/usr/bin:/bin";
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    const std::string candidate =
        Concat(folder.empty() ? "." : folder, "/", name);
    if (IsFile(candidate) && access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
    folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
  }
  return name;
}

// Our library is of 64 bits, as is what it is loaded into.
bool HasLoader(std::string_view file) {
  const auto header = ElfHeader(file);
  if (!header) return false;
  const auto parts = ProgramHeaders(file, *header);
  return std::any_of(parts.begin(), parts.end(), [](const Elf64_Phdr& part) {
    return part.p_type == PT_INTERP;
  });
}

bool Holds(std::string_view file, std::string_view mark) {
  return memmem(file.data(), file.size(), mark.data(), mark.size()) != nullptr;
}

bool HasOwnHeap(std::string_view file) {
  return std::any_of(std::begin(kOwnHeapMarks), std::end(kOwnHeapMarks),
                     [&](std::string_view mark) { return Holds(file, mark); });
}

void LookInto(std::string_view file, ProgramFile& program) {
  program.script = file.substr(0, 2) == "#!";
  program.dynamic = HasLoader(file);
  program.runtime = Holds(file, kRuntimeMark);
  program.afl = Holds(file, kAflMark);
  program.afl_deferred = Holds(file, kAflDeferredMark);
  program.persistent =
      Holds(file, kPersistentMark) || Holds(file, kAflPersistentMark);
  program.libfuzzer = Holds(file, kLibFuzzerMark);
  program.locales = Holds(file, kLocalesMark) && !HasOwnHeap(file);
}

absl::Status CheckEntry(const std::string& path, struct stat& entry) {
  if (stat(path.c_str(), &entry) != 0) {
    return absl::NotFoundError(
        Concat("cannot find the program ", path, ": ", strerror(errno)));
  }
  if (!S_ISREG(entry.st_mode)) {
    return absl::InvalidArgumentError(
        Concat("cannot run ", path, ": it is not a file"));
  }
  // Asked of the mode as well: to root everything looks executable.
  if ((entry.st_mode & 0111) == 0 || access(path.c_str(), X_OK) != 0) {
    return absl::PermissionDeniedError(
        Concat("cannot run ", path, ": it is not executable; chmod +x it"));
  }
  return absl::OkStatus();
}

}  // namespace

FileVersion VersionOf(const std::string& path) {
  struct stat file{};
  if (stat(path.c_str(), &file) != 0) return {};
  return {file.st_ino, file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec};
}

absl::StatusOr<ProgramFile> InspectProgram(const std::string& name) {
  const std::string found = Find(name);
  struct stat entry{};
  if (absl::Status good = CheckEntry(found, entry); !good.ok()) return good;
  ProgramFile program;
  std::error_code ignored;
  program.path = std::filesystem::absolute(found, ignored).lexically_normal();
  program.privileged = (entry.st_mode & (S_ISUID | S_ISGID)) != 0;
  const UniqueFd file(open(program.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok() || entry.st_size == 0) return program;  // kept from readers
  const auto size = static_cast<size_t>(entry.st_size);
  void* at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (at == MAP_FAILED) return program;
  LookInto({static_cast<const char*>(at), size}, program);
  munmap(at, size);
  return program;
}

}  // namespace formfuzz::campaign

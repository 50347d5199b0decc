// SPDX-License-Identifier: Apache-2.0
// The files of a sandbox, seen from outside. Whatever a program has made of
// its folders, no path given here leads out of them.

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "campaign/process/sandbox/memory_file.h"
#include "campaign/process/sandbox/sandbox.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

int OpenBeneath(int folder, const std::string& path, uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.mode = (flags & O_CREAT) != 0 ? 0644 : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
  return static_cast<int>(
      syscall(SYS_openat2, folder, path.c_str(), &how, sizeof(how)));
}

bool IsProper(const std::string& path) {
  return !path.empty() && path[0] != '/' && path.find('\0') == path.npos &&
         path.back() != '/';
}

// Folders above the file, one by one; those that exist are fine.
void MakeFoldersOf(int folder, const std::string& path) {
  UniqueFd at(dup(folder));
  size_t from = 0;
  for (size_t slash = path.find('/'); slash != path.npos && at.ok();
       slash = path.find('/', from)) {
    const std::string name = path.substr(from, slash - from);
    from = slash + 1;
    if (name.empty() || name == "." || name == "..") return;
    mkdirat(at.get(), name.c_str(), 0755);
    at = UniqueFd(OpenBeneath(at.get(), name, O_RDONLY | O_DIRECTORY));
  }
}

}  // namespace

Sandbox::Usage Sandbox::UsageOf(int folder) {
  struct statfs now{};
  fstatfs(folder, &now);
  return {now.f_files - now.f_ffree, now.f_blocks - now.f_bfree};
}

bool Sandbox::ScratchHolds(uint64_t inodes) const {
  if (unsafe_host_) return false;
  return UsageOf(scratch_.get()).inodes == scratch_clean_.inodes + inodes;
}

bool Sandbox::ScratchIsAsMade() const {
  if (unsafe_host_) return false;
  const auto as_made = [this](const struct stat& now) {
    return now.st_mode == scratch_made_.st_mode &&
           now.st_uid == scratch_made_.st_uid &&
           now.st_gid == scratch_made_.st_gid;
  };
  struct stat scratch{};
  struct stat work{};
  return fstat(scratch_.get(), &scratch) == 0 && as_made(scratch) &&
         fstatat(scratch_.get(), kWorkFolder, &work, AT_SYMLINK_NOFOLLOW) ==
             0 &&
         as_made(work);
}

bool Sandbox::RootIsClean() const {
  if (unsafe_host_) return true;
  const Usage now = UsageOf(layers_.get());
  return now.inodes == layers_clean_.inodes &&
         now.blocks == layers_clean_.blocks;
}

absl::Status Sandbox::WipeScratch() {
  Asked asked;
  asked.ask = Ask::kWipe;
  ++work_version_;
  const auto answer = AskFor(asked, {});
  if (!answer.ok()) return answer.status();
  if (answer->error != 0) {
    return SystemTrouble(Concat("empty ", scratch_path_), answer->error);
  }
  return absl::OkStatus();
}

absl::Status Sandbox::RebuildRoot() {
  Asked asked;
  asked.ask = Ask::kRebuild;
  ++work_version_;
  std::vector<UniqueFd> fds;
  const auto answer = AskFor(asked, {}, &fds);
  if (!answer.ok()) return answer.status();
  if (answer->error != 0) {
    return SystemTrouble(Concat("renew the sandbox: ", answer->doing),
                         answer->error);
  }
  return TakeFolders(std::move(fds));
}

absl::Status Sandbox::TakeFolders(std::vector<UniqueFd> fds) {
  if (fds.size() < 3) return Gone();
  scratch_ = std::move(fds[0]);
  layers_ = std::move(fds[1]);
  ipc_ = std::move(fds[2]);
  if (fds.size() > 3) children_ = std::move(fds[3]);
  scratch_clean_ = UsageOf(scratch_.get());
  fstat(scratch_.get(), &scratch_made_);
  layers_clean_ = UsageOf(layers_.get());
  return absl::OkStatus();
}

int Sandbox::CountChildren() const {
  char text[256];
  const ssize_t size = pread(children_.get(), text, sizeof(text), 0);
  if (size <= 0) return 0;
  return static_cast<int>(std::count(text, text + size, ' '));
}

std::string Sandbox::work_path() const {
  return Concat(scratch_path_, "/", kWorkFolder);
}

absl::Status Sandbox::WriteScratchFile(const std::string& path,
                                       std::string_view bytes) {
  if (!IsProper(path)) {
    return absl::InvalidArgumentError(
        Concat("cannot make the input file \"", path,
               "\": its path must be relative and stay in its folder"));
  }
  constexpr uint64_t kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK;
  if (path.find('/') == path.npos) unlinkat(scratch_.get(), path.c_str(), 0);
  UniqueFd file(OpenBeneath(scratch_.get(), path, kFlags));
  if (!file.ok() && errno == ENOENT) {
    MakeFoldersOf(scratch_.get(), path);
    file = UniqueFd(OpenBeneath(scratch_.get(), path, kFlags));
  }
  if (!file.ok()) return SystemTrouble(Concat("make ", path), errno);
  while (!bytes.empty()) {
    const ssize_t size = write(file.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return SystemTrouble(Concat("write ", path), errno);
    bytes.remove_prefix(static_cast<size_t>(size));
  }
  return absl::OkStatus();
}

namespace {

mode_t ModeOf(const InputFile& file, mode_t usual) {
  return file.mode == 0 ? usual : static_cast<mode_t>(file.mode);
}

// Of what is no regular file: 0, or -1 with errno set.
int MakeNode(int folder, const std::string& name, const InputFile& file) {
  switch (file.kind) {
    case FileKind::kRegular:
      break;
    case FileKind::kFolder:
      return mkdirat(folder, name.c_str(), ModeOf(file, 0755));
    case FileKind::kLink:
      return symlinkat(file.content.c_str(), folder, name.c_str());
    case FileKind::kHardLink:
      return linkat(folder, file.content.c_str(), folder, name.c_str(), 0);
    case FileKind::kFifo:
      return mknodat(folder, name.c_str(), S_IFIFO | ModeOf(file, 0644), 0);
    case FileKind::kSocket:
      return mknodat(folder, name.c_str(), S_IFSOCK | ModeOf(file, 0644), 0);
  }
  return 0;
}

}  // namespace

absl::Status Sandbox::MakeWorkEntry(const InputFile& file) {
  const std::string path = Concat(kWorkFolder, "/", file.path);
  if (file.kind == FileKind::kRegular) {
    absl::Status written = WriteScratchFile(path, file.content);
    if (!written.ok() || (file.mode == 0 && file.size == 0)) return written;
    const UniqueFd made(OpenBeneath(scratch_.get(), path, O_WRONLY));
    const bool done =
        made.ok() &&
        (file.size == 0 ||
         ftruncate(made.get(), static_cast<off_t>(file.size)) == 0) &&
        fchmod(made.get(), ModeOf(file, 0644)) == 0;
    return done ? absl::OkStatus()
                : SystemTrouble(Concat("make ", path), errno);
  }
  if (!IsProper(path)) {
    return absl::InvalidArgumentError(Concat("no path for a file: ", path));
  }
  MakeFoldersOf(scratch_.get(), path);
  const size_t slash = path.rfind('/');
  const UniqueFd folder(OpenBeneath(scratch_.get(), path.substr(0, slash),
                                    O_RDONLY | O_DIRECTORY));
  if (folder.ok() &&
      MakeNode(folder.get(), path.substr(slash + 1), file) == 0) {
    return absl::OkStatus();
  }
  return SystemTrouble(Concat("make ", path), errno);
}

}  // namespace formfuzz::campaign

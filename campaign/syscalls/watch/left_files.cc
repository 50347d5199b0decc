// SPDX-License-Identifier: Apache-2.0
// A walk from the root that the process has, by /proc.

#include "campaign/syscalls/watch/left_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "campaign/process/sandbox/unique_fd.h"
#include "campaign/process/wire/nursery_messages.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::vector<std::string> NamesIn(int folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, CloseFolder> open(
      fdopendir(openat(folder, ".", kFolder)));
  while (open != nullptr && names.size() <= kLeftFilesMax) {
    const dirent* entry = readdir(open.get());
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

class Walk {
 public:
  void Take(int folder, const std::string& prefix, int depth);
  std::vector<InputFile> Files() && {
    if (too_much_) files_.clear();
    return std::move(files_);
  }

 private:
  void TakeFolder(int folder, const std::string& name, InputFile file,
                  int depth);
  void TakeRegular(int folder, const std::string& name, InputFile file);
  void TakeLink(int folder, const std::string& name, InputFile file);
  void Add(InputFile file);

  std::vector<InputFile> files_;
  size_t bytes_ = 0;
  bool too_much_ = false;  // of what is taken; the walk ends
};

void Walk::Add(InputFile file) {
  bytes_ += file.content.size();
  files_.push_back(std::move(file));
  too_much_ = bytes_ > kLeftBytesMax || files_.size() > kLeftFilesMax;
}

void Walk::TakeRegular(int folder, const std::string& name, InputFile file) {
  // What it is may have changed meanwhile: nothing is waited for.
  const UniqueFd fd(openat(folder, name.c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat now{};
  if (!fd.ok() || fstat(fd.get(), &now) != 0 || !S_ISREG(now.st_mode) ||
      now.st_size > static_cast<off_t>(kLeftFileBytesMax)) {
    return;
  }
  file.content.resize(static_cast<size_t>(now.st_size) + 1);
  size_t size = 0;
  while (size < file.content.size()) {
    const ssize_t more =
        read(fd.get(), file.content.data() + size, file.content.size() - size);
    if (more <= 0) break;
    size += static_cast<size_t>(more);
  }
  // More than it was said to be: it still grows.
  if (size == file.content.size()) return;
  file.content.resize(size);
  Add(std::move(file));
}

void Walk::TakeLink(int folder, const std::string& name, InputFile file) {
  char target[kPathMax];
  const ssize_t size = readlinkat(folder, name.c_str(), target, sizeof(target));
  if (size <= 0 || static_cast<size_t>(size) == sizeof(target)) return;
  file.kind = FileKind::kLink;
  file.mode = 0;
  file.content.assign(target, static_cast<size_t>(size));
  Add(std::move(file));
}

void Walk::TakeFolder(int folder, const std::string& name, InputFile file,
                      int depth) {
  if (depth == kLeftDepthMax) {
    too_much_ = true;
    return;
  }
  const UniqueFd inner(openat(folder, name.c_str(), kFolder));
  file.kind = FileKind::kFolder;
  file.mode |= S_IRWXU;  // who makes it anew has to get in
  const std::string below = file.path + "/";
  Add(std::move(file));
  if (inner.ok()) Take(inner.get(), below, depth + 1);
}

void Walk::Take(int folder, const std::string& prefix, int depth) {
  for (const std::string& name : NamesIn(folder)) {
    struct stat is{};
    if (too_much_) return;
    if (fstatat(folder, name.c_str(), &is, AT_SYMLINK_NOFOLLOW) != 0) continue;
    InputFile file;
    file.path = prefix + name;
    file.mode = is.st_mode & 07777;
    if (S_ISREG(is.st_mode)) {
      TakeRegular(folder, name, std::move(file));
    } else if (S_ISLNK(is.st_mode)) {
      TakeLink(folder, name, std::move(file));
    } else if (S_ISDIR(is.st_mode)) {
      TakeFolder(folder, name, std::move(file), depth);
    }
  }
}

}  // namespace

std::vector<InputFile> FilesLeftBy(pid_t process) {
  const std::string root = Concat("/proc/", process, "/root");
  const UniqueFd top(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!top.ok()) return {};
  // Without the slash that it begins with.
  const UniqueFd scratch(openat(top.get(), kScratchFolder + 1, kFolder));
  if (!scratch.ok()) return {};
  const UniqueFd start(openat(scratch.get(), kWorkFolder, kFolder));
  if (!start.ok()) return {};
  Walk walk;
  walk.Take(start.get(), "", 1);
  return std::move(walk).Files();
}

}  // namespace formfuzz::campaign

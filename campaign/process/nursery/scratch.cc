// SPDX-License-Identifier: Apache-2.0
// A walk without recursion: a program may make folders deeper than any stack.

#include "campaign/process/nursery/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {
namespace {

// Deeper folders are moved up to the scratch folder itself before they are
// emptied, so no more than two are open at a time.
class Wiper {
 public:
  explicit Wiper(int scratch) : scratch_(scratch) {}

  bool Wipe() {
    while (true) {
      const int left = EmptyOnce(dup(scratch_));
      if (left <= 0) return left == 0;
    }
  }

 private:
  // How many folders could not be removed yet; -1: something went wrong.
  int EmptyOnce(int fd) {
    DIR* folder = fd >= 0 ? fdopendir(fd) : nullptr;
    if (folder == nullptr) return -1;
    rewinddir(folder);
    int left = 0;
    bool good = true;
    while (const dirent* entry = readdir(folder)) {
      const char* name = entry->d_name;
      if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
      if (unlinkat(fd, name, 0) == 0) continue;
      if (unlinkat(fd, name, AT_REMOVEDIR) == 0) continue;
      ++left;
      good = LiftOutOf(fd, name) && good;
    }
    closedir(folder);
    return good ? left : -1;
  }

  // Moves what the folder holds up to the scratch folder.
  bool LiftOutOf(int parent, const char* name) {
    const int fd =
        openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
      return fchmodat(parent, name, 0700, 0) == 0 && errno == EACCES;
    }
    fchmod(fd, 0700);
    DIR* folder = fdopendir(fd);
    if (folder == nullptr) return false;
    bool good = true;
    while (const dirent* entry = readdir(folder)) {
      const char* inner = entry->d_name;
      if (strcmp(inner, ".") == 0 || strcmp(inner, "..") == 0) continue;
      if (unlinkat(fd, inner, 0) == 0) continue;
      char lifted[32];
      snprintf(lifted, sizeof(lifted), ".lifted-%lu", ++lifted_);
      good = renameat(fd, inner, scratch_, lifted) == 0 && good;
    }
    closedir(folder);
    return good;
  }

  int scratch_;
  unsigned long lifted_ = 0;
};

}  // namespace

bool WipeScratch(int scratch) {
  // Whatever a program made of the folder itself, it is ours again.
  if (fchown(scratch, geteuid(), getegid()) != 0) return false;
  fchmod(scratch, 0755);
  return Wiper(scratch).Wipe() && mkdirat(scratch, kWorkFolder, 0755) == 0;
}

}  // namespace formfuzz::campaign

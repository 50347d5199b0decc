// SPDX-License-Identifier: Apache-2.0
// Locks on folders, taken and tried.
#include "harnesses/vm_management_real/owned_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>

#include "framework/base/check.h"
#include "framework/base/text.h"

namespace formfuzz {
namespace {

namespace fs = std::filesystem;

constexpr int kTriesMax = 100;  // each lost to another process that sweeps

// The folder's descriptor, locked; -1 if somebody has it, or it is not ours.
int Lock(const fs::path& folder) {
  const int fd =
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

// What earlier processes left. Who cannot be read or removed is passed over.
void Sweep(const fs::path& parent, const std::string& name) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    if (!entry.path().filename().string().starts_with(name + "_")) continue;
    const int lock = Lock(entry.path());
    if (lock < 0) continue;
    fs::remove_all(entry.path(), ignored);
    close(lock);
  }
}

}  // namespace

// Between making and locking a folder another process may sweep it away: then
// it is not there any more, and the next one is tried.
OwnedFolder::OwnedFolder(const fs::path& parent, const std::string& name) {
  Sweep(parent, name);
  for (int tries = 0; tries < kTriesMax; ++tries) {
    std::string pattern = (parent / Concat(name, "_XXXXXX")).string();
    FORMFUZZ_CHECK(
        mkdtemp(pattern.data()) != nullptr,
        Concat("no temporary folder can be made in ", parent.string()));
    lock_ = Lock(pattern);
    path_ = pattern;
    std::error_code ignored;
    if (lock_ >= 0 && fs::exists(path_, ignored)) return;
    if (lock_ >= 0) close(lock_);
  }
  FORMFUZZ_CHECK(false,
                 Concat("no temporary folder stays in ", parent.string()));
}

OwnedFolder::~OwnedFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  close(lock_);
}

}  // namespace formfuzz

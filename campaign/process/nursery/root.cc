// SPDX-License-Identifier: Apache-2.0
// The root is assembled in memory: for each folder of the host's root an
// overlay, then for each file system mounted below. (One overlay over / would
// be less, but a user namespace may not take a mount apart from those that
// hide parts of it.)

#include "campaign/process/nursery/root.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "campaign/process/nursery/mounts.h"
#include "campaign/process/nursery/namespaces.h"

namespace formfuzz::campaign {
namespace {

// Nothing of the host's /run is shown, so the new root is assembled there.
constexpr char kBase[] = "/run";
constexpr char kRoot[] = "/run/shown";
constexpr unsigned long kPlain = MS_NOSUID | MS_NODEV;
// Small enough for any machine: a sandbox leaves few files.
constexpr char kScratchInodes[] = "nr_inodes=65536";
constexpr size_t kPathBuffer = kPathMax + 64;

void Join(char (&out)[kPathBuffer], const char* folder, const char* name) {
  const int length = snprintf(out, sizeof(out), "%s%s%s", folder,
                              *name == '/' ? "" : "/", name);
  // Too long: a path that nothing is found at, rather than another's.
  if (length < 0 || static_cast<size_t>(length) >= sizeof(out)) out[0] = '\0';
}

bool IsOneOf(const char* name, const char* const* names) {
  for (; *names != nullptr; ++names) {
    if (strcmp(name, *names) == 0) return true;
  }
  return false;
}

// `more`: MS_NOSUID and the like, whose attributes have the same numbers.
bool MakeReadOnly(const char* path, unsigned long more, unsigned depth) {
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY | more;
  if (mount_setattr(AT_FDCWD, path, depth, &attributes, sizeof(attributes)) ==
      0) {
    return true;
  }
  // A kernel before 5.12; only the topmost mount, keeping what it must keep.
  struct statvfs now{};
  if (statvfs(path, &now) != 0) return false;
  const unsigned long kept = now.f_flag & (MS_NOEXEC | MS_NOSUID | MS_NODEV);
  return mount(nullptr, path, nullptr,
               MS_REMOUNT | MS_BIND | MS_RDONLY | more | kept, nullptr) == 0;
}

// What cannot be made read-only, and its devices dead, is not shown.
bool BindReadOnly(const char* from, const char* to) {
  if (mount(from, to, nullptr, MS_BIND | MS_REC, nullptr) != 0) return false;
  if (MakeReadOnly(to, kPlain, AT_RECURSIVE)) return true;
  umount2(to, MNT_DETACH);
  return false;
}

bool Overlay(const char* from, const char* to, int number) {
  if (strpbrk(from, ":,\\") != nullptr) return false;  // options in its name
  char upper[kPathBuffer];
  char work[kPathBuffer];
  snprintf(upper, sizeof(upper), "%s/upper/%d", kBase, number);
  snprintf(work, sizeof(work), "%s/work/%d", kBase, number);
  struct stat lower{};
  if (stat(from, &lower) != 0 || mkdir(upper, 0755) != 0 ||
      mkdir(work, 0755) != 0) {
    return false;
  }
  if (chown(upper, lower.st_uid, lower.st_gid) != 0 && getuid() == 0) {
    return false;
  }
  chmod(upper, lower.st_mode & 07777);
  char options[4 * kPathBuffer];
  snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s,workdir=%s%s",
           from, upper, work, getuid() == 0 ? "" : ",userxattr");
  return mount("overlay", to, "overlay", kPlain, options) == 0;
}

void Show(const char* from, bool read_only, int number) {
  char to[kPathBuffer];
  Join(to, kRoot, from);
  if (read_only || !Overlay(from, to, number)) BindReadOnly(from, to);
}

// One entry of the host's root; false if it is no folder to be shown.
void ShowTopEntry(const char* name, int number) {
  char from[kPathBuffer];
  char to[kPathBuffer];
  Join(from, "", name);
  Join(to, kRoot, from);
  struct stat entry{};
  if (lstat(from, &entry) != 0) return;
  if (S_ISLNK(entry.st_mode)) {
    char target[kPathMax];
    const ssize_t size = readlink(from, target, sizeof(target) - 1);
    if (size <= 0) return;
    target[size] = '\0';
    if (symlink(target, to) != 0) return;
  } else if (S_ISDIR(entry.st_mode) && mkdir(to, 0755) == 0) {
    Show(from, /*read_only=*/false, number);
  }
}

Trouble ShowHost() {
  static constexpr const char* kOurs[] = {".",   "..",  "dev",        "proc",
                                          "sys", "run", "lost+found", nullptr};
  static HostMounts mounts;
  mounts.count = 0;
  FindHostMounts(mounts);
  DIR* root = opendir("/");
  if (root == nullptr) return TroubleWith("read /");
  int number = 0;
  while (const dirent* entry = readdir(root)) {
    if (!IsOneOf(entry->d_name, kOurs)) ShowTopEntry(entry->d_name, number++);
  }
  closedir(root);
  for (size_t i = 0; i < mounts.count; ++i) {
    Show(mounts.mounts[i].path, mounts.mounts[i].read_only, number++);
  }
  return {};
}

Trouble MakeDevice(const char* name) {
  char from[kPathBuffer];
  char to[kPathBuffer];
  Join(from, "/dev", name);
  Join(to, "/run/shown/dev", name);
  const int fd = open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0) return TroubleWith("make a device's place");
  close(fd);
  if (mount(from, to, nullptr, MS_BIND, nullptr) != 0) {
    return TroubleWith("bind a device");
  }
  // It may be written to, but its mode and times are the host's.
  // Who is not root cannot change them.
  if (!MakeReadOnly(to, 0, 0) && getuid() == 0) {
    return TroubleWith("keep a device's mode");
  }
  return {};
}

Trouble MakeDev() {
  if (mkdir("/run/shown/dev", 0755) != 0) return TroubleWith("make /dev");
  for (const char* name : {"null", "zero", "full", "random", "urandom"}) {
    if (const Trouble trouble = MakeDevice(name)) return trouble;
  }
  mkdir("/run/shown/dev/shm", 01777);
  chmod("/run/shown/dev/shm", 01777);
  mkdir("/run/shown/dev/pts", 0755);
  mount("devpts", "/run/shown/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
        "newinstance,ptmxmode=0666,mode=0620");
  constexpr const char* kLinks[][2] = {{"/proc/self/fd", "fd"},
                                       {"/proc/self/fd/0", "stdin"},
                                       {"/proc/self/fd/1", "stdout"},
                                       {"/proc/self/fd/2", "stderr"},
                                       {"pts/ptmx", "ptmx"}};
  for (const auto& [target, name] : kLinks) {
    char path[kPathBuffer];
    Join(path, "/run/shown/dev", name);
    if (symlink(target, path) != 0) return TroubleWith("link in /dev");
  }
  return {};
}

Trouble MakeKernelFolders() {
  for (const char* name :
       {"/run/shown/proc", "/run/shown/sys", "/run/shown/run"}) {
    if (mkdir(name, 0755) != 0) return TroubleWith("make /proc, /sys, /run");
  }
  if (mount("proc", "/run/shown/proc", "proc", kPlain | MS_NOEXEC | MS_RDONLY,
            nullptr) != 0) {
    return TroubleWith("mount /proc");
  }
  BindReadOnly("/sys", "/run/shown/sys");  // or it stays empty
  return {};
}

Trouble MakeScratch(uint64_t disk_bytes, RootFolders& folders) {
  char path[kPathBuffer];
  Join(path, kRoot, kScratchFolder);
  char options[96];
  snprintf(options, sizeof(options), "mode=0755,%s,size=%llu", kScratchInodes,
           static_cast<unsigned long long>(disk_bytes));
  if (mkdir(path, 0755) != 0 && errno != EEXIST) {
    return TroubleWith("make the scratch folder");
  }
  if (mount("tmpfs", path, "tmpfs", kPlain, options) != 0) {
    return TroubleWith("mount the scratch folder");
  }
  folders.scratch = open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
  if (mkdirat(folders.scratch, kWorkFolder, 0755) != 0) {
    return TroubleWith("make the work folder");
  }
  return {};
}

// Into the new root, of which the old one is no longer a part. From the top:
// pivot_root wants a root that is a mount, and what lies outside of a chroot
// would stay above the new root, where who may call chroot(2) finds it.
Trouble Pivot() {
  const int shown = open(kRoot, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const bool changed = shown >= 0 && GoToTopOfMounts() && fchdir(shown) == 0 &&
                       syscall(SYS_pivot_root, ".", ".") == 0;
  const Trouble trouble = TroubleWith("change the root");
  close(shown);
  if (!changed) return trouble;
  if (umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) {
    return TroubleWith("leave the old root");
  }
  return {};
}

Trouble MakeBase(uint64_t disk_bytes, RootFolders& folders) {
  char options[96];
  snprintf(options, sizeof(options), "mode=0755,size=%llu",
           static_cast<unsigned long long>(disk_bytes));
  if (mount("tmpfs", kBase, "tmpfs", kPlain, options) != 0) {
    return TroubleWith("mount memory for the new root");
  }
  folders.layers = open(kBase, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
  for (const char* folder : {"/run/upper", "/run/work", kRoot}) {
    if (mkdir(folder, 0755) != 0) return TroubleWith("make layers");
  }
  // pivot_root wants a mount of its own.
  if (mount(kRoot, kRoot, nullptr, MS_BIND, nullptr) != 0) {
    return TroubleWith("bind the new root");
  }
  return {};
}

}  // namespace

Trouble EnterRoot(uint64_t disk_bytes, RootFolders& folders) {
  umask(0);
  Trouble trouble = MakeBase(disk_bytes, folders);
  if (!trouble) trouble = ShowHost();
  if (!trouble) trouble = MakeDev();
  if (!trouble) trouble = MakeKernelFolders();
  if (!trouble) trouble = MakeScratch(disk_bytes, folders);
  if (!trouble) trouble = Pivot();
  umask(022);
  return trouble;
}

}  // namespace formfuzz::campaign

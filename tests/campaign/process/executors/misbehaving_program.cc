// SPDX-License-Identifier: Apache-2.0
// Does one bad thing, named by its first argument: what executors must bear.
// Links nothing of ours; also built statically.

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/campaign/process/executors/disturb_traps.h"

namespace {

[[noreturn]] void StayForever() {
  while (true) pause();
}

void Echo() {
  char buffer[4096];
  ssize_t size = 0;
  while ((size = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0) {
    if (write(STDOUT_FILENO, buffer, static_cast<size_t>(size)) < 0) _exit(9);
  }
}

int PrintFile(const char* path) {
  const int fd = open(path, O_RDONLY);
  if (fd < 0) return 1;
  dup2(fd, STDIN_FILENO);
  Echo();
  return 0;
}

// As fast as it can; but should nobody stop it, the machine is to survive.
int ForkWithoutEnd() {
  constexpr int kForksMax = 2000;
  void* shared = mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* forks = static_cast<int*>(shared);
  while (__atomic_add_fetch(forks, 1, __ATOMIC_RELAXED) < kForksMax) {
    if (fork() < 0) pause();
  }
  StayForever();
}

int Daemonize() {
  if (fork() != 0) return 0;
  setsid();
  if (fork() != 0) return 0;
  for (int fd = 0; fd < 3; ++fd) close(fd);
  StayForever();
}

// With two descendants out of its group and session.
int StayWithDaemons() {
  for (int i = 0; i < 2; ++i) {
    if (fork() != 0) continue;
    setsid();
    StayForever();
  }
  StayForever();
}

int IgnoreSignals() {
  for (int number = 1; number < 32; ++number) signal(number, SIG_IGN);
  StayForever();
}

int WriteWithoutEnd(const char* path) {
  const int fd = path == nullptr
                     ? STDOUT_FILENO
                     : open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  static char block[1 << 16];
  memset(block, 'x', sizeof(block));
  for (uint64_t left = uint64_t{10} << 30; left > 0; left -= sizeof(block)) {
    if (write(fd, block, sizeof(block)) < 0) return 4;
  }
  return 0;
}

int AllocateWithoutEnd() {
  constexpr size_t kStep = size_t{16} << 20;
  for (size_t taken = 0; taken < size_t{100} << 30; taken += kStep) {
    auto* block = static_cast<volatile char*>(malloc(kStep));
    if (block == nullptr) return 5;
    for (size_t at = 0; at < kStep; at += 4096) block[at] = 1;
  }
  return 0;
}

int ShareWithoutEnd() {
  constexpr size_t kAll = size_t{4} << 30;
  void* shared = mmap(nullptr, kAll, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (shared == MAP_FAILED) return 5;
  auto* block = static_cast<volatile char*>(shared);
  for (size_t at = 0; at < kAll; at += 4096) block[at] = 1;
  return 0;
}

int CloseEverything() {
  for (int fd = 0; fd < 1024; ++fd) close(fd);
  return 6;
}

int KillParents() {
  kill(-getpgid(getppid()), SIGKILL);
  kill(getppid(), SIGKILL);
  return 7;
}

int LeaveZombies() {
  for (int i = 0; i < 20; ++i) {
    if (fork() == 0) _exit(0);
  }
  return 8;
}

int RaiseLimits() {
  const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_FSIZE, &all);
  rlimit now{};
  getrlimit(RLIMIT_FSIZE, &now);
  return now.rlim_cur == RLIM_INFINITY ? 1 : 0;
}

// Bytes of the environment, arguments and files, one a line.
int Tell(int argc, char** argv) {
  for (int i = 2; i < argc; ++i) printf("argument %s\n", argv[i]);
  const char* value = getenv("GIVEN");
  printf("GIVEN %s\n", value != nullptr ? value : "unset");
  for (int fd = 0; fd < 3; ++fd) {
    struct stat file{};
    const bool open = fstat(fd, &file) == 0;
    fprintf(stderr, "%d %s\n", fd,
            !open                    ? "closed"
            : isatty(fd)             ? "terminal"
            : S_ISFIFO(file.st_mode) ? "pipe"
            : S_ISREG(file.st_mode)  ? "file"
            : S_ISSOCK(file.st_mode) ? "socket"
                                     : "other");
  }
  return 0;
}

int Destroy(const char* path) {
  unlink(path);
  const int fd = open(path, O_WRONLY | O_CREAT, 0644);
  if (fd >= 0 && write(fd, "destroyed", 9) != 9) return 1;
  return 0;
}

int CountFolder() {
  DIR* folder = opendir(".");
  int count = -2;  // itself and its parent
  while (folder != nullptr && readdir(folder) != nullptr) ++count;
  close(open("left-behind", O_CREAT | O_WRONLY, 0644));
  mkdir("deep", 0755);
  mkdir("deep/er", 0000);
  return count;
}

int Crash(const std::string& how) {
  if (how == "segv") {
    volatile int* nowhere = nullptr;
    *nowhere = 1;
  } else if (how == "abort") {
    abort();
  } else if (how == "term") {
    raise(SIGTERM);
  } else if (how == "report") {
    fprintf(stderr, "==1==ERROR: AddressSanitizer: heap-use-after-free\n");
    return 1;
  } else if (how == "report-then-hang") {
    fprintf(stderr, "==1==ERROR: AddressSanitizer: heap-use-after-free\n");
    StayForever();
  }
  return 3;
}

int OpenForBoth(const char* path) { return open(path, O_RDWR) < 0 ? errno : 0; }

// Into the keyring of its user, which outlives it.
int AddKey() {
  constexpr int kUserKeyring = -4;  // KEY_SPEC_USER_KEYRING
  const long key =
      syscall(SYS_add_key, "user", "formfuzz-canary", "x", 1, kUserKeyring);
  return key < 0 ? errno : 0;
}

// 0 if the file and the folder are as new; then they are not any more.
int Spoil(const char* path) {
  struct stat file{};
  struct stat folder{};
  if (stat(path, &file) != 0 || stat(".", &folder) != 0) return 1;
  char value[8];
  const bool spoilt = (file.st_mode & 07777) != 0644 ||
                      (folder.st_mode & 07777) != 0755 || file.st_nlink != 1 ||
                      getxattr(path, "user.spoilt", value, sizeof(value)) > 0;
  setxattr(path, "user.spoilt", "yes", 3, 0);
  constexpr timespec kTimes[2] = {};
  utimensat(AT_FDCWD, path, kTimes, 0);
  chmod(path, 0400);
  chmod(".", 0700);
  return spoilt ? 2 : 0;
}

// By the way out of a chroot(2) that those may take who may call it: 0 if the
// file is there.
int FindOutside(const char* path) {
  mkdir("within", 0755);
  if (chroot("within") != 0) return 2;
  for (int i = 0; i < 64; ++i) {
    if (chdir("..") != 0) return 2;
  }
  return access(path + 1, F_OK) == 0 ? 0 : 1;
}

// Of pages, so far; a program without a forkserver has hundreds.
int TellFaults() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return printf("%ld", usage.ru_minflt) > 0 ? 0 : 1;
}

// Whether a locale was there before it was asked for, which was the current one
// then, and which one was got.
int TellLocale() {
  std::string maps(1 << 16, '\0');
  const int fd = open("/proc/self/maps", O_RDONLY);
  for (size_t at = 0; at < maps.size();) {
    const ssize_t size = read(fd, &maps[at], maps.size() - at);
    if (size <= 0) break;
    at += static_cast<size_t>(size);
  }
  const std::string before = setlocale(LC_ALL, nullptr);
  const char* now = setlocale(LC_ALL, "");
  const bool loaded = maps.find("/LC_CTYPE") != maps.npos;
  return printf("%s %s %s", loaded ? "loaded" : "not", before.c_str(),
                now == nullptr ? "none" : now) < 0;
}

// Bytes that fit into standard output before somebody must read.
int TellRoom() { return printf("%d", fcntl(1, F_GETPIPE_SZ)) < 0; }

int BurnCpu() {
  for (volatile uint64_t i = 0;;) i = i + 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "echo") return Echo(), 0;
  if (what == "print-file") return PrintFile(argv[2]);
  if (what == "fork-bomb") return ForkWithoutEnd();
  if (what == "daemonize") return Daemonize();
  if (what == "stay-with-daemons") return StayWithDaemons();
  if (what == "ignore-signals") return IgnoreSignals();
  if (what == "write") return WriteWithoutEnd(argc > 2 ? argv[2] : nullptr);
  if (what == "allocate") return AllocateWithoutEnd();
  if (what == "share") return ShareWithoutEnd();
  if (what == "close-everything") return CloseEverything();
  if (what == "kill-parents") return KillParents();
  if (what == "zombies") return LeaveZombies();
  if (what == "raise-limits") return RaiseLimits();
  if (what == "tell") return Tell(argc, argv);
  if (what == "destroy") return Destroy(argv[2]);
  if (what == "count-folder") return CountFolder();
  if (what == "crash") return Crash(argv[2]);
  if (what == "burn") return BurnCpu();
  if (what == "disturb-traps") return DisturbTraps(argv[2]);
  if (what == "open") return OpenForBoth(argv[2]);
  if (what == "find-outside") return FindOutside(argv[2]);
  if (what == "spoil") return Spoil(argv[2]);
  if (what == "add-key") return AddKey();
  if (what == "faults") return TellFaults();
  if (what == "locale") return TellLocale();
  if (what == "room") return TellRoom();
  // What is only meant for the one who forks is not to be seen.
  if (what == "traces") {
    return static_cast<int>(getenv("GLIBC_TUNABLES") != nullptr ||
                            getenv("LD_BIND_NOW") != nullptr ||
                            personality(0xffffffff) != PER_LINUX);
  }
  if (argc > 1 && strcmp(argv[1], "keyword") == 0) return 0;
  // 0: its leader is in another namespace.
  if (what == "session") return static_cast<int>(getsid(0) == 0);
  if (what == "user") return static_cast<int>(geteuid() != getuid());
  return 2;
}

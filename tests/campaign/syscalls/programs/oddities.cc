// SPDX-License-Identifier: Apache-2.0
// Programs that make watching difficult: ODDITY is how.

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>

namespace {

[[maybe_unused]] void OnAlarm(int) {}

// Refuses getuid, lets all else pass.
[[maybe_unused]] void SandboxSelf() {
  sock_filter code[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_getuid},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | 1},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  sock_fprog program{4, code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

[[maybe_unused]] void SetTimer() {
  struct sigaction action{};
  action.sa_handler = OnAlarm;
  sigaction(SIGALRM, &action, nullptr);
  const itimerval every{{0, 2000}, {0, 2000}};
  setitimer(ITIMER_REAL, &every, nullptr);
}

[[maybe_unused]] void Fail() {
  char size[8] = {};
  if (chdir("/nowhere") != 0) close(dup(2));
  dup(-1);
  ioctl(1, TIOCGWINSZ, size);  // a pipe
  if (fork() == 0) {
    rmdir("/nowhere");
    _exit(0);
  }
  wait(nullptr);
  std::thread([] { syscall(SYS_fremovexattr, -1, "x"); }).join();
  getsid(99999);
}

[[maybe_unused]] void StopSelf() {
  SetTimer();
  const pid_t self = getpid();
  if (fork() == 0) {
    // Until the parent has gone on and reads what comes.
    for (int i = 0; i < 50; ++i) {
      kill(self, SIGCONT);
      poll(nullptr, 0, 1);
    }
    _exit(0);
  }
  raise(SIGSTOP);
  while (wait(nullptr) < 0 && errno == EINTR) {
  }
}

[[maybe_unused]] void LeaveFile(const char* path, const char* text) {
  const int fd = open(path, O_WRONLY | O_CREAT, 0600);
  if (write(fd, text, strlen(text)) < 0) perror(path);
}

// As an archiver would; and links and pipes that lead who reads them astray.
[[maybe_unused]] void LeaveFiles() {
  mkdir("folder", 0755);
  LeaveFile("folder/one", "first");
  LeaveFile("two", "second");
  const bool linked =
      symlink("/etc/passwd", "away") == 0 && symlink("/etc", "far") == 0;
  if (!linked || mkfifo("pipe", 0600) != 0) perror("links");
}

#if ODDITY == 9
// Before the C library's start, as libraries' constructors: in a zygote long
// before it is forked.
int early_error = 0;
void LookAtKeyringEarly() {
  if (syscall(SYS_keyctl, 0, -3, 0) < 0) early_error = errno;
}
__attribute__((section(".preinit_array"),
               used)) void (*early)() = LookAtKeyringEarly;
#endif

}  // namespace

int main() {
#if ODDITY == 1
  SandboxSelf();
  getuid();
#elif ODDITY == 2
  char parameters[256] = {};
  syscall(SYS_io_uring_setup, 4, parameters);
#elif ODDITY == 3
  SetTimer();
  for (int i = 0; i < 100; ++i) getppid();
#elif ODDITY == 4
  long result = 20;  // getpid of i386
  asm volatile("int $0x80" : "+a"(result) : : "memory");
#elif ODDITY == 5
  constexpr int kGetKeyringId = 0;
  constexpr int kSessionKeyring = -3;
  if (syscall(SYS_keyctl, kGetKeyringId, kSessionKeyring, 0) < 0) return errno;
#elif ODDITY == 6
  Fail();
#elif ODDITY == 7
  StopSelf();
#elif ODDITY == 8
  chdir("/");
  syscall(0x1f0f0, 5);  // as docs/profile.md has it
#elif ODDITY == 9
  return early_error;
#elif ODDITY == 10
  LeaveFiles();
#endif
  getsid(0);
}

// SPDX-License-Identifier: Apache-2.0
// The program that a sandbox consists of. Small and linked statically: it is
// started once a worker, from memory, and spawns faster than a large process
// could. Not for people: without a supervisor it ends with 2.

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include "campaign/process/nursery/namespaces.h"
#include "campaign/process/nursery/nursery.h"
#include "campaign/process/wire/launch_block.h"
#include "campaign/process/wire/packet_socket.h"

namespace formfuzz::campaign {
namespace {

void OnChild(int) {}  // interrupts ppoll

void TakeSignals() {
  signal(SIGPIPE, SIG_IGN);
  struct sigaction action{};
  action.sa_handler = OnChild;
  sigaction(SIGCHLD, &action, nullptr);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child, nullptr);
  // What a terminal sends is for the supervisor to act on; and nobody here
  // types into that terminal.
  setsid();
}

void Pin(int cpu) {
  if (cpu < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  sched_setaffinity(0, sizeof(set), &set);
}

void Refuse(Trouble trouble) {
  Answer answer;
  answer.error = trouble.error;
  snprintf(answer.doing, sizeof(answer.doing), "%s", trouble.doing);
  SendPacket(kNurserySocketFd, &answer, sizeof(answer));
}

int RunNursery(const SetUp& set_up, LaunchBlock& block) {
  TakeSignals();
  // Nobody of the same user looks into us or borrows our descriptors.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  Nursery nursery(set_up, block);
  if (nursery.SetUpSandbox()) return 1;
  nursery.Serve();
  return 0;
}

// Stays outside to be waited for; holds nothing open, so that the socket's
// end is seen when init ends.
int AwaitInit(pid_t init) {
  close(kNurserySocketFd);
  close(kNurseryBlockFd);
  int status = 0;
  while (waitpid(init, &status, 0) < 0 && errno == EINTR) {
  }
  return 0;
}

int Main() {
  close_range(kNurseryBlockFd + 1, ~0U, 0);
  Asked asked;
  ReceivedFds received;
  if (ReceivePacket(kNurserySocketFd, &asked, sizeof(asked), received) !=
          sizeof(asked) ||
      asked.ask != Ask::kSetUp) {
    return 2;
  }
  void* block = mmap(nullptr, kLaunchBlockBytes, PROT_READ, MAP_SHARED,
                     kNurseryBlockFd, 0);
  if (block == MAP_FAILED) return 2;
  // A program must not inherit them.
  fcntl(kNurserySocketFd, F_SETFD, FD_CLOEXEC);
  fcntl(kNurseryBlockFd, F_SETFD, FD_CLOEXEC);
  Pin(asked.set_up.cpu);
  LaunchBlock& launch = *static_cast<LaunchBlock*>(block);
  if (asked.set_up.unsafe_host != 0) {
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    const int code = RunNursery(asked.set_up, launch);
    return code;
  }
  Trouble trouble;
  const pid_t init = EnterNamespaces(asked.set_up, trouble);
  if (init == 0 && !trouble) {
    // Who gives us up kills whom it can see.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return RunNursery(asked.set_up, launch);
  }
  if (trouble) Refuse(trouble);
  return init > 0 ? AwaitInit(init) : 1;
}

}  // namespace
}  // namespace formfuzz::campaign

int main() { return formfuzz::campaign::Main(); }

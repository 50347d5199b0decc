// SPDX-License-Identifier: Apache-2.0
// Threads that share a call, calls that do not come back, traps of its own.
#include "tests/campaign/process/executors/disturb_traps.h"

#include <pthread.h>
#include <setjmp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace {

void* CallOften(void*) {
  for (int i = 0; i < 200; ++i) {
    if (getppid() < 0) abort();
  }
  return nullptr;
}

int CallInThreads() {
  pthread_t threads[3];
  for (pthread_t& thread : threads) {
    if (pthread_create(&thread, nullptr, CallOften, nullptr) != 0) return 1;
  }
  CallOften(nullptr);
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
  return 0;
}

jmp_buf from_comparison;

int LeaveACall() {
  if (setjmp(from_comparison) != 0) return CallInThreads();
  int numbers[] = {2, 1};
  qsort(numbers, 2, sizeof(int),
        [](const void*, const void*) -> int { longjmp(from_comparison, 1); });
  return 1;
}

int BorrowMemory() {
  const pid_t child = vfork();
  if (child == 0) {
    execl("/no/such/program", "program", nullptr);
    _exit(errno == ENOENT ? 7 : 8);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

}  // namespace

int DisturbTraps(const std::string& way) {
  if (way == "threads") return CallInThreads();
  if (way == "longjmp") return LeaveACall();
  if (way == "vfork") return BorrowMemory();
  if (way == "raise") return raise(SIGTRAP);
  asm volatile("int3");
  return 0;
}

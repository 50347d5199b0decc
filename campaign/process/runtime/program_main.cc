// SPDX-License-Identifier: Apache-2.0
// Linked with --wrap=main and --wrap=__libc_start_main: the C runtime calls
// what is here, which becomes a forkserver if a supervisor is there, and goes
// on to main in each child.

#include "campaign/process/runtime/program_main.h"

#include <sys/mman.h>
#include <unistd.h>

#include "campaign/process/runtime/coverage.h"
#include "campaign/process/runtime/forks/fork_server.h"
#include "campaign/process/runtime/forks/loader_end.h"
#include "campaign/process/runtime/forks/traced_fork.h"

extern "C" {
// Defined by what a program uses, so their presence tells which.
extern const char formfuzz_loops __attribute__((weak));
extern const char formfuzz_says_ready __attribute__((weak));

__attribute__((used)) const char* const formfuzz_runtime_mark =
    formfuzz::campaign::kRuntimeMark;
}

namespace formfuzz::campaign {
namespace {

uint8_t* run_memory = nullptr;

void SayEnded() {
  auto& control = *reinterpret_cast<RunControl*>(run_memory);
  control.turn.store(kEnded, std::memory_order_release);
  Wake(control.turn);
}

size_t ShareMemory(bool persistent) {
  void* at = mmap(nullptr, kRunMemoryBytes, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_NORESERVE, kRunMemoryFd, 0);
  if (at == MAP_FAILED) _exit(127);
  run_memory = static_cast<uint8_t*>(at);
  const size_t size = ShareCounters(kRunMemoryFd, kCountersAt);
  close(kRunMemoryFd);
  // Of a process a run it is not used by the runs themselves.
  if (!persistent) {
    madvise(at, kRunMemoryBytes, MADV_DONTFORK);
    SetComparisonLog(
        reinterpret_cast<ComparisonLog*>(run_memory + kComparisonsAt));
  }
  return size;
}

}  // namespace

uint8_t* SharedRunMemory() { return run_memory; }

LaunchWords& BecomeForkServer(bool before_main) {
  ForkServerHooks hooks;
  const bool persistent = &formfuzz_loops != nullptr;
  hooks.hello.coverage_bytes = ShareMemory(persistent);
  hooks.hello.persistent = persistent;
  hooks.replaces_environment = before_main;
  if (persistent) hooks.on_ended = SayEnded;
  if (!persistent) {
    hooks.on_traced = ShareComparisonLog;
    LeaveOutLoaderEnd();
  }
  return ServeForks(hooks);
}

}  // namespace formfuzz::campaign

using MainFunction = int (*)(int, char**, char**);
extern "C" int __real___libc_start_main(MainFunction main, int argc,
                                        char** argv, void (*init)(),
                                        void (*fini)(), void (*rtld_fini)(),
                                        void* stack_end);
// The shape is the C library's: crt1.o calls it.
extern "C" __attribute__((visibility("hidden"))) int __wrap___libc_start_main(
    MainFunction main, int argc, char** argv, void (*init)(), void (*fini)(),
    void (*rtld_fini)(), void* stack_end) {
  return __real___libc_start_main(main, argc, argv, init, fini,
                                  formfuzz::campaign::InPlaceOf(rtld_fini),
                                  stack_end);
}

extern "C" int __real_main(int argc, char** argv, char** environment);
extern "C" int __wrap_main(int argc, char** argv, char** environment) {
  using namespace formfuzz::campaign;  // NOLINT: of this file
  if (&formfuzz_says_ready == nullptr && HasSupervisor()) {
    LaunchWords& words = BecomeForkServer(/*before_main=*/true);
    argc = words.argument_count;
    argv = words.arguments;
    environment = words.variables;
  }
  return __real_main(argc, argv, environment);
}

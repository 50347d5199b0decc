// SPDX-License-Identifier: Apache-2.0
// What LD_PRELOAD brings into an unmodified dynamic program: a forkserver
// between the dynamic loader's work and main. A forked process starts with the
// words and environment of its run; what the loader and the constructors of
// libraries made of the first environment stays.

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include "campaign/process/runtime/compare/comparisons.h"
#include "campaign/process/runtime/forks/fork_server.h"
#include "campaign/process/runtime/forks/loader_end.h"
#include "campaign/process/runtime/forks/traced_fork.h"
#include "campaign/process/runtime/own_calls.h"
#include "campaign/process/runtime/zygote/conditions.h"
#include "campaign/process/runtime/zygote/stepper.h"
#include "campaign/process/wire/run_memory.h"

extern "C" char* program_invocation_name;
extern "C" char* program_invocation_short_name;

namespace {

using MainFunction = int (*)(int, char**, char**);
using StartFunction = int (*)(MainFunction, int, char**, void (*)(), void (*)(),
                              void (*)(), void*);

MainFunction program_main = nullptr;

bool observed = false;

int MarkedMain(int argc, char** argv, char** envp) {
  using formfuzz::campaign::PhaseMark;
  if (formfuzz::campaign::HasConditions()) {
    if (observed) formfuzz::campaign::MarkPhase(PhaseMark::kOurs);
    formfuzz::campaign::ApplyConditions();
  }
  if (observed) formfuzz::campaign::MarkPhase(PhaseMark::kMain);
  formfuzz::campaign::SetStage(PhaseMark::kMain);
  if (formfuzz::campaign::IsTraced() &&
      formfuzz::campaign::comparison_log->steps_max > 0) {
    formfuzz::campaign::StepFrom(reinterpret_cast<void*>(program_main),
                                 formfuzz::campaign::comparison_log);
  }
  return program_main(argc, argv, envp);
}

// Of the memory of runs the log alone: there is no coverage.
void MapComparisonLog() {
  using formfuzz::campaign::ComparisonLog;
  using formfuzz::campaign::kRunMemoryFd;
  void* at = mmap(nullptr, formfuzz::campaign::kComparisonLogBytes,
                  PROT_READ | PROT_WRITE, MAP_SHARED, kRunMemoryFd,
                  formfuzz::campaign::kComparisonsAt);
  if (at == MAP_FAILED) _exit(127);
  close(kRunMemoryFd);
  formfuzz::campaign::SetComparisonLog(static_cast<ComparisonLog*>(at));
}

}  // namespace

// The name and the shape are the C library's: crt1.o calls it.
extern "C" __attribute__((visibility("default"))) int __libc_start_main(
    MainFunction main, int argc, char** argv, void (*init)(), void (*fini)(),
    void (*rtld_fini)(), void* stack_end) {
  const auto start =
      reinterpret_cast<StartFunction>(dlsym(RTLD_NEXT, "__libc_start_main"));
  observed = formfuzz::campaign::HasObserver();
  bool ours = observed;
  if (formfuzz::campaign::HasSupervisor()) {
    formfuzz::campaign::ForkServerHooks hooks;
    hooks.replaces_environment = true;
    hooks.on_traced = formfuzz::campaign::ShareComparisonLog;
    MapComparisonLog();
    formfuzz::campaign::FindSteppedCode();
    rtld_fini = formfuzz::campaign::InPlaceOf(rtld_fini);
    formfuzz::campaign::LeaveOutLoaderEnd();
    auto& words = formfuzz::campaign::ServeForks(hooks);
    argc = words.argument_count;
    argv = words.arguments;
    ours = true;
  }
  if (ours) {
    using formfuzz::campaign::PhaseMark;
    if (observed) formfuzz::campaign::MarkPhase(PhaseMark::kStartUp);
    formfuzz::campaign::TakeConditions();
    program_main = main;
    main = MarkedMain;
  }
  return start(main, argc, argv, init, fini, rtld_fini, stack_end);
}

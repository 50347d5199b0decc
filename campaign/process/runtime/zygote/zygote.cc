// SPDX-License-Identifier: Apache-2.0
// What LD_PRELOAD brings into an unmodified dynamic program: a forkserver
// between the dynamic loader's work and main. A forked process starts with the
// words and environment of its run; what the loader and the constructors of
// libraries made of the first environment stays.

#include <dlfcn.h>
#include <unistd.h>

#include "campaign/process/runtime/forks/fork_server.h"
#include "campaign/process/runtime/own_calls.h"
#include "campaign/process/runtime/zygote/conditions.h"

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
  return program_main(argc, argv, envp);
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

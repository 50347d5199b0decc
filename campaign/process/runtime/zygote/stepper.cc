// SPDX-License-Identifier: Apache-2.0
// The trap flag, SIGTRAP, and one breakpoint at a time. A thread may be late:
// it has met a breakpoint that another one has taken away since.

#include "campaign/process/runtime/zygote/stepper.h"

#include <link.h>
#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <csignal>
#include <cstdint>
#include <cstring>

#include "campaign/process/runtime/compare/comparisons.h"
#include "campaign/process/runtime/own_calls.h"
#include "campaign/process/runtime/zygote/comparison_decoder.h"
#include "campaign/process/wire/run_memory.h"

#if defined(__x86_64__)

namespace formfuzz::campaign {
namespace {

constexpr greg_t kTrapFlag = 0x100;
constexpr uint8_t kBreakpoint = 0xcc;
constexpr size_t kStretchesMax = 32;
constexpr size_t kRemembered = 16;  // breakpoints
constexpr int kCallBytesMax = 7;
// What every program has, and what compares for others.
constexpr const char* kPassedOver[] = {
    "/ld-linux",   "/libc.so",   "/libm.so",     "/libstdc++", "/libgcc_s",
    "/libpthread", "linux-vdso", "/libasan",     "/libubsan",  "/liblsan",
    "/libtsan",    "/libhwasan", "/libclang_rt."};

struct Stretch {
  uintptr_t begin;
  uintptr_t end;
};

Stretch stretches[kStretchesMax];
size_t stretch_count = 0;
ComparisonLog* step_log = nullptr;
pthread_t stepping;  // the only thread that is gone through

struct Breakpoint {
  uint8_t* at;
  uint8_t replaced;
  bool is_set;
};

// The last ones, of which the newest may be set.
Breakpoint breakpoints[kRemembered];
size_t newest = 0;

bool IsPassedOver(const dl_phdr_info& object) {
  const auto own = reinterpret_cast<uintptr_t>(&stretches);
  for (const char* name : kPassedOver) {
    if (strstr(object.dlpi_name, name) != nullptr) return true;
  }
  for (size_t i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object.dlpi_phdr[i];
    const uintptr_t begin = object.dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_LOAD && own - begin < part.p_memsz) return true;
  }
  return false;
}

int AddObject(dl_phdr_info* object, size_t, void*) {
  if (IsPassedOver(*object)) return 0;
  for (size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
    if (stretch_count == kStretchesMax) return 1;
    const uintptr_t begin = object->dlpi_addr + part.p_vaddr;
    stretches[stretch_count++] = {begin, begin + part.p_memsz};
  }
  return 0;
}

bool IsStepped(uintptr_t address) {
  for (size_t i = 0; i < stretch_count; ++i) {
    if (address - stretches[i].begin < stretches[i].end - stretches[i].begin) {
      return true;
    }
  }
  return false;
}

// call rel32, or one of the forms of FF /2.
bool FollowsACall(const uint8_t* address) {
  if (!IsStepped(reinterpret_cast<uintptr_t>(address - kCallBytesMax))) {
    return false;
  }
  if (address[-5] == 0xe8) return true;
  for (const int size : {2, 3, 4, 6, 7}) {
    if (address[-size] == 0xff && (address[1 - size] >> 3 & 7) == 2) {
      return true;
    }
  }
  return false;
}

void SetBreakpoint(uint8_t* at) {
  if (breakpoints[newest].is_set || *at == kBreakpoint) return;
  const auto page = reinterpret_cast<uintptr_t>(at) & ~(kPageBytes - 1);
  if (OwnCall(SYS_mprotect, page, kPageBytes,
              PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
    return;
  }
  newest = (newest + 1) % kRemembered;
  breakpoints[newest] = {at, *at, true};
  *at = kBreakpoint;
}

// False: it is none of ours.
bool TakeBreakpoint(const uint8_t* at) {
  bool is_ours = false;
  for (Breakpoint& one : breakpoints) {
    if (one.at != at) continue;
    is_ours = true;
    if (one.is_set) *one.at = one.replaced;
    one.is_set = false;
  }
  return is_ours;
}

// What it does to the program that nobody goes through.
void TrapAsEver(const siginfo_t& trap, greg_t* registers) {
  signal(SIGTRAP, SIG_DFL);
  if (trap.si_code == SI_KERNEL) {
    --registers[REG_RIP];  // and once more
  } else {
    OwnCall(SYS_tkill, OwnCall(SYS_gettid), SIGTRAP);
  }
}

void NoteAt(const uint8_t* code, const greg_t* registers) {
  const IntegerRegisters integers{{static_cast<uint64_t>(registers[REG_RAX]),
                                   static_cast<uint64_t>(registers[REG_RCX]),
                                   static_cast<uint64_t>(registers[REG_RDX]),
                                   static_cast<uint64_t>(registers[REG_RBX]),
                                   static_cast<uint64_t>(registers[REG_RSP]),
                                   static_cast<uint64_t>(registers[REG_RBP]),
                                   static_cast<uint64_t>(registers[REG_RSI]),
                                   static_cast<uint64_t>(registers[REG_RDI]),
                                   static_cast<uint64_t>(registers[REG_R8]),
                                   static_cast<uint64_t>(registers[REG_R9]),
                                   static_cast<uint64_t>(registers[REG_R10]),
                                   static_cast<uint64_t>(registers[REG_R11]),
                                   static_cast<uint64_t>(registers[REG_R12]),
                                   static_cast<uint64_t>(registers[REG_R13]),
                                   static_cast<uint64_t>(registers[REG_R14]),
                                   static_cast<uint64_t>(registers[REG_R15])}};
  ComparedNumbers numbers{};
  if (!DecodeComparison(code, integers, numbers)) return;
  numbers.place = PlaceOf(code);
  NoteNumbers(numbers);
}

void OnTrap(int, siginfo_t* trap, void* context) {
  greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  auto* code = reinterpret_cast<uint8_t*>(registers[REG_RIP]);
  if (trap->si_code == SI_KERNEL && TakeBreakpoint(code - 1)) {
    registers[REG_RIP] = reinterpret_cast<greg_t>(--code);
    if (pthread_self() != stepping) return;
  } else if (trap->si_code != TRAP_TRACE) {
    TrapAsEver(*trap, registers);
    return;
  }
  const bool goes_on = step_log->steps.fetch_add(1, std::memory_order_relaxed) <
                       step_log->steps_max;
  if (goes_on && IsStepped(reinterpret_cast<uintptr_t>(code))) {
    registers[REG_EFL] |= kTrapFlag;
    NoteAt(code, registers);
    return;
  }
  registers[REG_EFL] &= ~kTrapFlag;
  // Where a function was called, this is where it comes back to.
  auto* back = *reinterpret_cast<uint8_t**>(registers[REG_RSP]);
  if (goes_on && IsStepped(reinterpret_cast<uintptr_t>(back)) &&
      FollowsACall(back)) {
    SetBreakpoint(back);
  }
}

}  // namespace

void FindSteppedCode() { dl_iterate_phdr(AddObject, nullptr); }

void StepFrom(const void* main, ComparisonLog* log) {
  step_log = log;
  stepping = pthread_self();
  struct sigaction action{};
  action.sa_sigaction = OnTrap;
  action.sa_flags = SA_SIGINFO;
  if (sigaction(SIGTRAP, &action, nullptr) != 0) return;
  if (!IsStepped(reinterpret_cast<uintptr_t>(main))) return;
  SetBreakpoint(static_cast<uint8_t*>(const_cast<void*>(main)));
}

}  // namespace formfuzz::campaign

#else

namespace formfuzz::campaign {

void FindSteppedCode() {}
void StepFrom(const void*, ComparisonLog*) {}

}  // namespace formfuzz::campaign

#endif

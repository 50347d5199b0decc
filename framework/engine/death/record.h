// SPDX-License-Identifier: Apache-2.0
// From what is known of a death to a finding on disk. For the handlers of
// deaths alone; engines include framework/engine/death.h.
//
// A forked child records, which may use the whole library; where that fails
// too, the raw input and a short finding.json are written with system calls.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_DEATH_RECORD_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_DEATH_RECORD_H_

#include <sys/types.h>

#include <cstdint>

#include "framework/engine/recorder.h"
#include "framework/engine/session.h"

namespace formfuzz {

struct Death;

// The one process that is watched. Read and written by signal handlers.
struct DeathWatch {
  Session* session = nullptr;
  FindingSink* sink = nullptr;
  pid_t process = 0;  // children of the component's die their own deaths
  volatile bool in_run = false;
  volatile uint64_t run = 0;  // its number
  volatile bool recorded = false;
  volatile bool exiting = false;  // which input is to blame is not known now
  // While an engine decides about a run that takes too long: why it would end.
  const Death* volatile hang = nullptr;
};
extern DeathWatch death_watch;

inline constexpr int kDeathFramesMax = 32;

// What is known of a death, without allocating.
struct Death {
  VerdictKind kind = VerdictKind::kCrashed;
  const char* name = "";         // of the signal or of the error
  const char* report = nullptr;  // a sanitizer's text
  void* frames[kDeathFramesMax];
  int frame_count = 0;
};

// Takes the caller's stack, where no report brings one.
void TakeFrames(Death& death);

// True between the beginning and the end of a run, in the watched process.
bool IsInWatchedRun();

// The first death of a run is recorded, what follows from it is not.
void RecordDeath(const Death& death);

// The same behind a run, when it is seen what the run left.
void RecordRemains(const Death& death);

// The function that the address of a return lies in, or an empty string.
std::string NameOfCaller(void* return_address);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_DEATH_RECORD_H_

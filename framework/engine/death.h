// SPDX-License-Identifier: Apache-2.0
// Findings that end the process: signals, sanitizer reports, exits, hangs.
//
// Handlers stand in front of the engine's: they record the finding, complete
// on disk, and then let the engine have its turn. Recording is done by a
// forked child, which may use the whole library; if that fails too, the raw
// input and a short finding.json are written with system calls alone.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_DEATH_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_DEATH_H_

#include <cstdint>

#include "framework/engine/recorder.h"
#include "framework/engine/session.h"

namespace formfuzz {

// Once a process, after the engine has installed its own handlers. Both must
// live for ever. `timeout_s`: the engine's limit for one input; 0: none.
void WatchForDeath(Session& session, FindingSink& sink, uint64_t timeout_s);

// Brackets the time in which a death is the component's.
void BeginWatchedRun();
void EndWatchedRun();

// A forked child plays on in its parent's place: a death is its own.
void WatchThisProcess();

// A finding was recorded already: the death that follows is known.
void DeathIsRecorded();

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_DEATH_H_

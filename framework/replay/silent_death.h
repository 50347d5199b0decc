// SPDX-License-Identifier: Apache-2.0
// A process that was killed, or left by the kernel's own exit, says nothing of
// where it was; what it was running tells.
#ifndef FORMFUZZ_FRAMEWORK_REPLAY_SILENT_DEATH_H_
#define FORMFUZZ_FRAMEWORK_REPLAY_SILENT_DEATH_H_

#include "framework/engine/session.h"
#include "framework/replay/isolate.h"

namespace formfuzz {

// Of the scenario that `session` has loaded, which died as `death` says.
Finding FindingOfSilentDeath(Session& session, Isolation& isolation,
                             const IsolatedResult& death);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_REPLAY_SILENT_DEATH_H_

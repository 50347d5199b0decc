// SPDX-License-Identifier: Apache-2.0
// Random scenarios without feedback: a property test, for where there is no
// engine.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_RANDOM_PLAY_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_RANDOM_PLAY_H_

#include <cstdint>

#include "framework/engine/session.h"

namespace formfuzz {

struct RandomPlayResult {
  Verdict verdict;     // of the last scenario, which is loaded in the session
  uint64_t runs = 0;   // scenarios played
  uint64_t steps = 0;  // steps played
};

// Grows scenarios by mutation from nothing, over and over, until `runs` were
// played or one fails. The same seed plays the same scenarios.
RandomPlayResult PlayRandomScenarios(Session& session, uint64_t runs,
                                     uint64_t seed);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_RANDOM_PLAY_H_

// SPDX-License-Identifier: Apache-2.0
// Changes of what is around the steps: faults, switches between tasks, and
// the clock. Each returns whether anything changed.
//
// Where the scenario was just played, its run tells which fault points were
// reached, how often, which moments matter, and how many yield points there
// were; faults, waits and switches are then put where they make a difference.
#ifndef FORMFUZZ_FRAMEWORK_CHANGE_SURROUNDINGS_H_
#define FORMFUZZ_FRAMEWORK_CHANGE_SURROUNDINGS_H_

#include "framework/scenario/run.h"
#include "framework/scenario/scenario.h"

namespace formfuzz {

// `played`: the run of the scenario before it was changed, or null.
bool MutateFaults(const Recipe& recipe, const Run* played, Random& random,
                  Scenario& scenario);
// `may_draw`: not only by listing switches.
bool MutateSchedule(const Recipe& recipe, const Run* played, bool may_draw,
                    Random& random, Scenario& scenario);
bool MutateAdvances(const Run* played, Random& random, Scenario& scenario);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_CHANGE_SURROUNDINGS_H_

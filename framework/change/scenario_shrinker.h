// SPDX-License-Identifier: Apache-2.0
// Makes a failing scenario smaller: fewest tasks first, then steps, then no
// faults, switches, waits and masks that are not needed, then smaller values.
#ifndef FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_SHRINKER_H_
#define FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_SHRINKER_H_

#include "framework/scenario/scenario.h"

namespace formfuzz {

// Replaces `scenario` by ever smaller ones for which `still_fails` is true,
// until no single step, fault, switch or wait can be left out and no wait or
// argument can be made smaller, or `tries_max` candidates were tried. True if
// it got smaller. Candidates live in `arena`; `still_fails` may change their
// switches.
bool ShrinkScenario(const Recipe& recipe, Arena& arena,
                    absl::FunctionRef<bool(Scenario&)> still_fails,
                    size_t tries_max, Scenario& scenario);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_SHRINKER_H_

// SPDX-License-Identifier: Apache-2.0
// Edits of a list of steps that keep every handle pointing at the same maker.
#ifndef FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_EDIT_H_
#define FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_EDIT_H_

#include <span>

#include "framework/scenario/scenario.h"

namespace formfuzz {

// Removes `count` steps from `first` on. Handles to what they made become
// handles to nothing; later ones are renumbered; waits move along.
void EraseSteps(const Recipe& recipe, Scenario& scenario, size_t first,
                size_t count);

// Inserts steps whose handles are already numbered for their new place.
// Handles of the steps behind are renumbered; waits move along.
void InsertSteps(const Recipe& recipe, Scenario& scenario, size_t at,
                 std::span<const Step> steps);

// Numbers the handles of the steps from `first` on for a place behind `before`
// instead of the one behind the steps that they follow.
void MoveHandles(const Recipe& recipe, std::span<Step> steps, size_t first,
                 std::span<const Step> before);

// Tasks are numbered from 0 in the order in which they come first.
void RenumberTasks(Scenario& scenario);

// A scenario whose steps may be changed without changing the original's.
Scenario CloneScenario(const Recipe& recipe, const Scenario& scenario,
                       Arena& arena);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_EDIT_H_

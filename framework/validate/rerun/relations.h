// SPDX-License-Identifier: Apache-2.0
// Ready-made metamorphic relations: changes to a scenario after which each
// step must still come to what it came to, and the end be the same state.
//
// A harness adds its own as a function; these need nothing but the names of
// steps. They leave scenarios alone whose faults or tasks give a step another
// meaning in another place.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_RELATIONS_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_RELATIONS_H_

#include <string>
#include <vector>

#include "framework/scenario/expectations.h"

namespace formfuzz {

// Two neighbours among these steps may change places.
Relation Commuting(std::string name, std::vector<std::string> steps);

// Each of these steps may be done twice in a row, and comes to the same both
// times: reads, and what is idempotent.
Relation Repeatable(std::string name, std::vector<std::string> steps);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_RELATIONS_H_

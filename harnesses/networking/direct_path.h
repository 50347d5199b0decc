// SPDX-License-Identifier: Apache-2.0
// Whether two hosts can talk directly, from what their NATs are alone: what
// the overlay must come to, said without looking at the overlay or the mocks.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_DIRECT_PATH_H_
#define FORMFUZZ_HARNESSES_NETWORKING_DIRECT_PATH_H_

#include "harnesses/networking/world.h"

namespace formfuzz {

bool DirectPathIsPossible(const PlaceSpec& one, const PlaceSpec& other);

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_DIRECT_PATH_H_

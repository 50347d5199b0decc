// SPDX-License-Identifier: Apache-2.0
// Gives bytes that do not matter values of their own, so that what is compared
// is found in an input where it comes from and nowhere else by chance (the
// colorization of Redqueen: Aschermann et al., NDSS 2019).
#ifndef FORMFUZZ_CAMPAIGN_LOOP_COMPARE_COLOUR_H_
#define FORMFUZZ_CAMPAIGN_LOOP_COMPARE_COLOUR_H_

#include <cstddef>
#include <functional>

#include "campaign/loop/mutate/mutator.h"
#include "framework/base/bytes.h"
#include "framework/base/random.h"

namespace formfuzz::campaign {

// Whether a changed input still does what the first one did.
using DoesTheSame = std::function<bool(Bytes)>;

// Changes as much of the input as `same` allows, in at most `tries` calls of
// it. Digits stay digits, letters letters of their case, all else becomes any
// other byte; the size stays.
void Colour(Random& random, size_t tries, const DoesTheSame& same,
            InputBytes& input);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_COMPARE_COLOUR_H_

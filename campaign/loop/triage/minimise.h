// SPDX-License-Identifier: Apache-2.0
// Making an input smaller while it still does what it did: ever smaller pieces
// are left out; then, if asked for, bytes are made plain.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_MINIMISE_H_
#define FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_MINIMISE_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "campaign/loop/mutate/mutator.h"

namespace formfuzz::campaign {

struct MinimiseLimits {
  uint32_t tries_max = 4096;
  uint32_t pieces_max = 1024;  // pieces no smaller than this part of the input
  bool plain = false;          // also make bytes '0', where it does not matter
};

// Whether the candidate still does it. Asked at most `tries_max` times.
using StillDoes = absl::FunctionRef<bool(Bytes)>;

// True if `input` is smaller or plainer than it was; what is left is always
// something that `still_does` has said yes to.
bool Minimise(const MinimiseLimits& limits, StillDoes still_does,
              InputBytes& input);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_MINIMISE_H_

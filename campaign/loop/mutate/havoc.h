// SPDX-License-Identifier: Apache-2.0
// A random stack of changes by whichever mutators pay off: the chain that
// every input of the random stage goes through.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_HAVOC_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_HAVOC_H_

#include <cstdint>
#include <vector>

#include "campaign/loop/mutate/mutator.h"
#include "campaign/loop/mutate/yield.h"

namespace formfuzz::campaign {

class Havoc {
 public:
  // At least one mutator, at most 64.
  explicit Havoc(Mutators mutators);

  // Changes the input by one to 32 of them; at least one, if any applies. Bit
  // i of the result: mutator i had a part in it.
  uint64_t Mutate(const MutationScene& scene, InputBytes& input);
  // What these have made was worth keeping.
  void Yielded(uint64_t used);

  const Mutators& mutators() const { return mutators_; }
  double Share(size_t mutator) const { return selector_.Share(mutator); }

 private:
  Mutators mutators_;
  YieldSelector selector_;
  uint32_t made_ = 0;  // since the selector adapted
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_HAVOC_H_

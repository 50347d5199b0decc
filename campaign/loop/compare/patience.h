// SPDX-License-Identifier: Apache-2.0
// Which comparisons were answered often and never to any effect: what most of
// an input's comparisons are, so that those that are new get the executions.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_COMPARE_PATIENCE_H_
#define FORMFUZZ_CAMPAIGN_LOOP_COMPARE_PATIENCE_H_

#include <cstdint>
#include <vector>

#include "campaign/process/comparison.h"

namespace formfuzz::campaign {

// Knows a comparison by its place in the program's code and what it wants; of
// two that are equal by digest it knows one. Of a fixed size.
class Patience {
 public:
  Patience();

  bool IsOver(const Comparison& comparison) const;
  // Nothing was tried yet, or the last trials had an effect.
  bool IsFresh(const Comparison& comparison) const;
  // Of one input: those that were answered in vain, and with an effect. What
  // many of them want counts once.
  void Note(const std::vector<Comparison>& in_vain,
            const std::vector<Comparison>& taken);

 private:
  uint8_t InVain(const Comparison& comparison) const;

  std::vector<uint8_t> in_vain_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_COMPARE_PATIENCE_H_

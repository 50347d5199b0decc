// SPDX-License-Identifier: Apache-2.0
// Comparisons that a search has come by, to be asked for and taken back.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_COMPARE_KNOWN_COMPARISONS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_COMPARE_KNOWN_COMPARISONS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "campaign/process/comparison.h"

namespace formfuzz::campaign {

class KnownComparisons {
 public:
  bool Has(const Comparison& one) const { return counts_.contains(one); }
  bool HasPlaceOf(const Comparison& one) const {
    return places_.contains(one.place);
  }

  void Add(const std::vector<Comparison>& comparisons) {
    for (const Comparison& one : comparisons) {
      ++counts_[one];
      ++places_[one.place];
    }
  }
  // Those of one call of Add.
  void TakeBack(const std::vector<Comparison>& comparisons) {
    for (const Comparison& one : comparisons) {
      if (--counts_[one] == 0) counts_.erase(one);
      if (--places_[one.place] == 0) places_.erase(one.place);
    }
  }

 private:
  absl::flat_hash_map<Comparison, size_t> counts_;
  absl::flat_hash_map<uint32_t, size_t> places_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_COMPARE_KNOWN_COMPARISONS_H_

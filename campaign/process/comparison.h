// SPDX-License-Identifier: Apache-2.0
// Something that a program compared during a run: what an input may have to
// hold instead of what it holds.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_COMPARISON_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_COMPARISON_H_

#include <cstdint>
#include <string>
#include <utility>

namespace formfuzz::campaign {

struct Comparison {
  std::string left;  // numbers: little-endian, both of one width
  std::string right;
  bool numbers = false;
  bool left_is_constant = false;  // it comes from the program's code
  uint32_t place = 0;             // in the program's code; 0: not known
  friend bool operator==(const Comparison&, const Comparison&) = default;
  template <class H>
  friend H AbslHashValue(H state, const Comparison& one) {
    return H::combine(std::move(state), one.left, one.right, one.numbers,
                      one.left_is_constant, one.place);
  }
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_COMPARISON_H_

// SPDX-License-Identifier: Apache-2.0
// Something that a program compared during a run: what an input may have to
// hold instead of what it holds.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_COMPARISON_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_COMPARISON_H_

#include <string>

namespace formfuzz::campaign {

struct Comparison {
  std::string left;  // numbers: little-endian, both of one width
  std::string right;
  bool numbers = false;
  bool left_is_constant = false;  // it comes from the program's code
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_COMPARISON_H_

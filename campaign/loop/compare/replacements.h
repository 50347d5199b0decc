// SPDX-License-Identifier: Apache-2.0
// From what a program compared to what its input should hold: where one side
// of a comparison is found in the input, the other is put in its place (the
// input-to-state correspondence of Redqueen: Aschermann et al., NDSS 2019).
//
// Numbers are looked for in both byte orders, in narrower widths and as decimal
// text; texts as they are. What the input does not hold at all is put in at its
// end, and an input is made longer by what a number lacks. A pure function of
// its arguments, bounded by `limit` and by a few places for each comparison.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_COMPARE_REPLACEMENTS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_COMPARE_REPLACEMENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/loop/mutate/mutator.h"
#include "campaign/loop/mutate/words/dictionary.h"
#include "campaign/process/comparison.h"

namespace formfuzz::campaign {

struct Replacement {
  size_t at = 0;
  size_t size = 0;    // of the bytes that go
  std::string bytes;  // that come
  size_t of = 0;      // which comparison
  friend bool operator==(const Replacement&, const Replacement&) = default;
};

// Of up to eight bytes, the lowest first, as the program compared them.
uint64_t NumberIn(std::string_view bytes);

// Whether a number of so many bytes is not as small as those that are
// everywhere, which are tried anyway.
bool IsTelling(uint64_t number, size_t bytes);

// Each comparison's first before any one's second, so that a limit cuts fairly.
std::vector<Replacement> ReplacementsOf(
    const std::vector<Comparison>& comparisons, Bytes input, size_t limit);

// Whether it may be of two values of which one was inverted, as checksums are.
bool IsOfInverted(const Comparison& comparison);

// Whether neither side is known to be the program's, as with checksums and
// lengths: one change of the input may make the other value another one.
bool IsBetweenValues(const Comparison& comparison);

bool IsOfPlaceIn(const std::vector<Comparison>& known, const Comparison& one);

void Apply(const Replacement& replacement, size_t size_max, InputBytes& input);

// Of those that leave the size as it is, one at each place, which are drawn, or
// the first of them; how many.
size_t ApplySome(const std::vector<Replacement>& replacements, Random* random,
                 InputBytes& input);

// What is worth remembering beyond this input: constants and texts.
void LearnWords(const std::vector<Comparison>& comparisons, Dictionary& words);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_COMPARE_REPLACEMENTS_H_

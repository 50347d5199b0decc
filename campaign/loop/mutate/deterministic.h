// SPDX-License-Identifier: Apache-2.0
// Every small change of an input, one after the other: walking bits, bytes,
// arithmetic, interesting values, words. The n-th change of an input is always
// the same, so a walk can stop anywhere and go on later.
//
// First something is appended, as formats differ in what may follow: the input
// once more, zero, 0xff. To an input of up to kSmallBytes each word is, as
// keywords follow one another, and it is written over the beginning, where
// magic numbers are. Then single bytes are inverted. Where that changes nothing
// that can be observed, the byte is left alone from then on (AFL's effector
// map), which is most of a large file; of an input of up to kSmallBytes all are
// walked, as what a byte should be is not told by what it is now. Single bits
// are next, those of all places before anything else is tried anywhere: a flag
// of an input that is right otherwise is one of them. Bounded:
// inputs longer than kWalkBytesMax are walked at kWalkBytesMax evenly spread
// places.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_DETERMINISTIC_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_DETERMINISTIC_H_

#include <cstdint>
#include <vector>

#include "campaign/loop/mutate/mutator.h"

namespace formfuzz::campaign {

class DeterministicWalk {
 public:
  static constexpr size_t kWalkBytesMax = 1024;
  static constexpr size_t kSmallBytes = 32;

  explicit DeterministicWalk(size_t input_size);

  bool done() const { return phase_ == Phase::kDone; }
  // Each bit that matters has been flipped alone.
  bool has_flipped_bits() const { return phase_ > Phase::kBit; }
  // Makes the next change to a copy of the input; false when all are made.
  bool Next(const Dictionary& words, InputBytes& input);
  // Says of the change just made whether the program behaved differently.
  // What is never said counts as different.
  void Learn(bool different);

 private:
  enum class Phase { kEnds, kInvert, kBit, kBits, kNumbers, kWords, kDone };

  bool MakeChange(const Dictionary& words, InputBytes& input);
  bool ChangeEnd(const Dictionary& words, InputBytes& input) const;
  bool ChangeBits(unsigned mask, InputBytes& input) const;
  bool ChangeNumber(InputBytes& input) const;
  bool ChangeWord(const Dictionary& words, InputBytes& input) const;
  size_t VariantsAt(const Dictionary& words) const;
  void Advance(const Dictionary& words);

  Phase phase_ = Phase::kEnds;
  std::vector<uint32_t> places_;  // of bytes that matter
  std::vector<uint32_t> matter_;  // found so far
  size_t place_ = 0;              // index into places_
  size_t variant_ = 0;            // of the change at that place
  uint32_t inverted_ = 0;
  bool small_;
  bool awaits_ = false;  // an inverted byte has not been judged
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_DETERMINISTIC_H_

// SPDX-License-Identifier: Apache-2.0
// The walk: phase by phase, place by place, variant by variant.
#include "campaign/loop/mutate/deterministic.h"

#include <algorithm>
#include <array>

#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/mutate/words/dictionary.h"

namespace formfuzz::campaign {
namespace {

// Runs of two and four bits, beginning at each bit of a byte.
constexpr std::array<unsigned, 2> kBitRuns = {3, 15};
constexpr size_t kBitVariants = 8 * kBitRuns.size();
// Widths 1, 2, 4; both byte orders; up and down.
constexpr size_t kWidths = 3;
constexpr size_t kArithmeticVariants = kWidths * 2 * 2 * kArithmeticMax;
constexpr size_t kInterestingEach = 31;
constexpr size_t kInterestingVariants = kWidths * 2 * kInterestingEach;
// Words beyond this are left to the random stage.
constexpr size_t kWordsWalked = 256;
constexpr size_t kWordsAtEnds = 512;
constexpr size_t kAppended = 3;  // variants without words

}  // namespace

DeterministicWalk::DeterministicWalk(size_t input_size)
    : small_(input_size <= kSmallBytes) {
  const size_t count = std::min(input_size, kWalkBytesMax);
  places_.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    places_.push_back(static_cast<uint32_t>(i * input_size / count));
  }
}

bool DeterministicWalk::Next(const Dictionary& words, InputBytes& input) {
  if (awaits_) Learn(true);
  while (!done()) {
    const bool at_ends = phase_ == Phase::kEnds;
    const bool inverts = phase_ == Phase::kInvert;
    const uint32_t place = at_ends ? 0 : places_[place_];
    const bool changed =
        (at_ends || place < input.size()) && MakeChange(words, input);
    Advance(words);
    if (!changed) continue;
    awaits_ = inverts;
    inverted_ = place;
    return true;
  }
  return false;
}

void DeterministicWalk::Learn(bool different) {
  if (!awaits_) return;
  awaits_ = false;
  if (different || small_) matter_.push_back(inverted_);
  if (phase_ == Phase::kInvert) return;
  places_ = std::move(matter_);  // the last byte was judged
  if (places_.empty()) phase_ = Phase::kDone;
}

bool DeterministicWalk::MakeChange(const Dictionary& words, InputBytes& input) {
  switch (phase_) {
    case Phase::kEnds:
      return ChangeEnd(words, input);
    case Phase::kInvert:
      input[places_[place_]] ^= 0xff;
      return true;
    case Phase::kBit:
      return ChangeBits(1U << variant_, input);
    case Phase::kBits:
      return ChangeBits(kBitRuns[variant_ / 8] << (variant_ % 8), input);
    case Phase::kNumbers:
      return ChangeNumber(input);
    case Phase::kWords:
      return ChangeWord(words, input);
    case Phase::kDone:
      break;
  }
  return false;
}

bool DeterministicWalk::ChangeEnd(const Dictionary& words,
                                  InputBytes& input) const {
  if (variant_ == 0) {
    input.resize(2 * input.size());
    std::copy_n(input.begin(), input.size() / 2,
                input.begin() + static_cast<ptrdiff_t>(input.size() / 2));
    return !input.empty();
  }
  if (variant_ < kAppended) {
    input.push_back(variant_ == 1 ? 0 : 0xff);
    return true;
  }
  const size_t n = variant_ - kAppended;
  if (n / 2 >= words.words().size()) return false;
  const std::string& word = words.words()[n / 2];
  if (n % 2 == 0) {
    input.insert(input.end(), word.begin(), word.end());
    return true;
  }
  if (input.empty()) return false;
  input.resize(std::max(input.size(), word.size()));
  std::copy(word.begin(), word.end(), input.begin());
  return true;
}

bool DeterministicWalk::ChangeBits(unsigned mask, InputBytes& input) const {
  const size_t at = places_[place_];
  input[at] = static_cast<uint8_t>(input[at] ^ mask);
  const bool crosses = (mask >> 8) != 0 && at + 1 < input.size();
  if (crosses) input[at + 1] = static_cast<uint8_t>(input[at + 1] ^ mask >> 8);
  return (mask >> 8) == 0 || crosses;
}

bool DeterministicWalk::ChangeNumber(InputBytes& input) const {
  const bool adds = variant_ < kArithmeticVariants;
  size_t n = adds ? variant_ : variant_ - kArithmeticVariants;
  const size_t width = size_t{1} << n % kWidths;
  n /= kWidths;
  const bool big = n % 2 != 0;
  n /= 2;
  const size_t at = places_[place_];
  if (at + width > input.size() || (big && width == 1)) return false;
  const uint64_t old = LoadNumber(&input[at], width, big);
  uint64_t fresh = 0;
  if (adds) {
    const uint64_t by = 1 + n / 2;
    fresh = n % 2 != 0 ? old + by : old - by;
  } else {
    const auto numbers = InterestingNumbers(width);
    if (n >= numbers.size()) return false;
    fresh = static_cast<uint64_t>(numbers[n]);
  }
  StoreNumber(&input[at], width, big, fresh);
  return LoadNumber(&input[at], width, big) != old;
}

bool DeterministicWalk::ChangeWord(const Dictionary& words,
                                   InputBytes& input) const {
  if (variant_ >= words.words().size()) return false;
  const std::string& word = words.words()[variant_];
  const size_t at = places_[place_];
  if (at + word.size() > input.size()) return false;
  std::copy(word.begin(), word.end(),
            input.begin() + static_cast<ptrdiff_t>(at));
  return true;
}

size_t DeterministicWalk::VariantsAt(const Dictionary& words) const {
  switch (phase_) {
    case Phase::kEnds:
      return kAppended +
             (small_ ? 2 * std::min(kWordsAtEnds, words.words().size()) : 0);
    case Phase::kBit:
      return 8;
    case Phase::kBits:
      return kBitVariants;
    case Phase::kNumbers:
      return kArithmeticVariants + kInterestingVariants;
    case Phase::kWords:
      return std::min(kWordsWalked, words.words().size());
    case Phase::kInvert:
    case Phase::kDone:
      break;
  }
  return 1;
}

void DeterministicWalk::Advance(const Dictionary& words) {
  if (++variant_ < VariantsAt(words)) return;
  variant_ = 0;
  if (phase_ == Phase::kEnds) {
    phase_ = places_.empty() ? Phase::kDone : Phase::kInvert;
    return;
  }
  if (++place_ < places_.size()) return;
  place_ = 0;
  phase_ = static_cast<Phase>(static_cast<int>(phase_) + 1);
}

}  // namespace formfuzz::campaign

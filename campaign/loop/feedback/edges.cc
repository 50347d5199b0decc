// SPDX-License-Identifier: Apache-2.0
// Maps of hit counts.
#include "campaign/loop/feedback/edges.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace formfuzz::campaign {
namespace {

constexpr uint8_t ClassOf(unsigned count) {
  if (count <= 2) return static_cast<uint8_t>(count);
  if (count == 3) return 4;
  if (count < 8) return 8;
  if (count < 16) return 16;
  if (count < 32) return 32;
  return count < 128 ? 64 : 128;
}

// Of two neighbouring cells at once.
constexpr std::array<uint16_t, 65536> MakePairs() {
  std::array<uint16_t, 65536> pairs{};
  for (unsigned pair = 0; pair < pairs.size(); ++pair) {
    pairs[pair] =
        static_cast<uint16_t>(ClassOf(pair & 255) | ClassOf(pair >> 8) << 8);
  }
  return pairs;
}
const std::array<uint16_t, 65536> kPairs = MakePairs();

uint64_t Classify(uint64_t counts) {
  return uint64_t{kPairs[counts & 0xffff]} |
         uint64_t{kPairs[counts >> 16 & 0xffff]} << 16 |
         uint64_t{kPairs[counts >> 32 & 0xffff]} << 32 |
         uint64_t{kPairs[counts >> 48]} << 48;
}

// Calls visit(index, classes) for each word that is not zero.
template <class Visit>
void ForWords(std::span<const uint8_t> cells, Visit visit) {
  const uint8_t* at = cells.data();
  const size_t whole = cells.size() / 8;
  size_t i = 0;
  for (; i + 4 <= whole; i += 4) {
    uint64_t four[4];
    std::memcpy(four, at + 8 * i, sizeof four);
    if ((four[0] | four[1] | four[2] | four[3]) == 0) [[likely]]
      continue;
    for (size_t k = 0; k < 4; ++k) {
      if (four[k] != 0) visit(i + k, Classify(four[k]));
    }
  }
  for (; 8 * i < cells.size(); ++i) {
    uint64_t last = 0;
    std::memcpy(&last, at + 8 * i, std::min<size_t>(8, cells.size() - 8 * i));
    if (last != 0) visit(i, Classify(last));
  }
}

std::span<const uint8_t> Bounded(std::span<const uint8_t> cells) {
  return cells.first(std::min(cells.size(), EdgeFeedback::kCellsMax));
}

}  // namespace

EdgeFeedback::EdgeFeedback(size_t cells) { Grow(cells); }

void EdgeFeedback::Grow(size_t cells) {
  const size_t words = (std::min(cells, kCellsMax) + 7) / 8;
  if (words <= words_.size()) return;
  words_.resize(words);
  settled_.resize(words);
}

Observation EdgeFeedback::Observe(const Execution& execution) {
  const auto cells = Bounded(execution.coverage);
  Grow(cells.size());
  Observation seen;
  ForWords(cells, [&](size_t i, uint64_t shown) {
    seen.path = (seen.path ^ shown ^ i << 32) * 0x9e3779b97f4a7c15;
    seen.path ^= seen.path >> 29;
    if ((shown & ~settled_[i]) == 0) [[likely]]
      return;
    seen.fresh |= Count(shown, words_[i]);
    settled_[i] = words_[i].settled;
  });
  return seen;
}

bool EdgeFeedback::Count(uint64_t shown, Word& word) {
  const uint64_t first = shown & ~word.once & ~word.often;
  const uint64_t second = shown & word.once;
  singletons_ += static_cast<uint64_t>(std::popcount(first));
  singletons_ -= static_cast<uint64_t>(std::popcount(second));
  word.once = (word.once | first) & ~second;
  word.often |= second;
  word.settled = word.often & word.learnt;
  return (shown & ~word.learnt) != 0;
}

void EdgeFeedback::Features(const Execution& execution, Feature base,
                            std::vector<Feature>* features) {
  ForWords(Bounded(execution.coverage), [&](size_t i, uint64_t shown) {
    for (; shown != 0; shown &= shown - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(shown));
      features->push_back(base + static_cast<uint32_t>(i) * 64 + bit);
    }
  });
}

void EdgeFeedback::Learn(uint32_t number) {
  Grow(number / 8 + 1);
  Word& word = words_[number / 64];
  const uint64_t cell = uint64_t{0xff} << (number % 64 & ~7u);
  if ((word.learnt & cell) == 0) ++cells_learnt_;
  word.learnt |= uint64_t{1} << number % 64;
  word.settled = word.often & word.learnt;
  settled_[number / 64] = word.settled;
}

bool EdgeFeedback::HasLearnt(uint32_t number) const {
  return number / 64 < words_.size() &&
         (words_[number / 64].learnt >> number % 64 & 1) != 0;
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Counts showings up to the bound at which a feature is no longer rare.
#include "framework/engine/features/feature_filter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace formfuzz {
namespace {

constexpr size_t kRanges = 8;

// In what order does not matter, as long as ranges differ as the engine's do:
// 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, 128 and more.
constexpr std::array<uint8_t, 256> kRangeOf = [] {
  std::array<uint8_t, 256> ranges{};
  for (unsigned value = 4; value < ranges.size(); ++value) {
    const unsigned width = std::bit_width(value);
    ranges[value] = static_cast<uint8_t>(width < 7 ? width : width - 1);
  }
  ranges[2] = 1;
  ranges[3] = 2;
  return ranges;
}();

// Calls `visit` with the place of each feature until it returns true.
template <class Visit>
bool AnyState(std::span<const uint8_t> states, const Visit& visit) {
  for (size_t first = 0; first < states.size(); first += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, states.data() + first,
                std::min(sizeof(word), states.size() - first));
    while (word != 0) {
      const int byte = std::countr_zero(word) / 8;
      const size_t range = kRangeOf[static_cast<uint8_t>(word >> byte * 8)];
      if (visit((first + static_cast<size_t>(byte)) * kRanges + range)) {
        return true;
      }
      word &= ~(uint64_t{0xff} << byte * 8);
    }
  }
  return false;
}

}  // namespace

FeatureFilter::FeatureFilter(std::span<uint8_t> edges,
                             std::span<uint8_t> states)
    : edges_(edges),
      states_(states),
      edge_showings_(edges.size()),
      state_showings_(states.size() * kRanges) {}

bool FeatureFilter::HasRare() const {
  const uint8_t* const showings = edge_showings_.data();
  uint8_t rare = 0;
  for (size_t i = 0; i < edges_.size(); ++i) {
    rare |= edges_[i] & static_cast<uint8_t>(showings[i] < kRareShowings);
  }
  return rare != 0 || AnyState(states_, [this](size_t feature) {
           return state_showings_[feature] < kRareShowings;
         });
}

void FeatureFilter::Show() {
  uint8_t* const showings = edge_showings_.data();
  for (size_t i = 0; i < edges_.size(); ++i) {
    const auto is_rare = static_cast<uint8_t>(showings[i] < kRareShowings);
    showings[i] = static_cast<uint8_t>(showings[i] + (edges_[i] & is_rare));
  }
  AnyState(states_, [this](size_t feature) {
    uint8_t& count = state_showings_[feature];
    if (count < kRareShowings) ++count;
    return false;
  });
}

void FeatureFilter::Filter(bool shorter) {
  if (shorter || HasRare()) return Show();
  std::fill(edges_.begin(), edges_.end(), uint8_t{0});
  std::fill(states_.begin(), states_.end(), uint8_t{0});
}

}  // namespace formfuzz

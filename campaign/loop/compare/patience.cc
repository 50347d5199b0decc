// SPDX-License-Identifier: Apache-2.0
// Counts of trials in vain, by digest.
#include "campaign/loop/compare/patience.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

namespace formfuzz::campaign {
namespace {

constexpr size_t kDigests = size_t{1} << 16;
constexpr uint8_t kTrialsInVain = 16;

size_t DigestOf(uint32_t place, const std::string& wanted) {
  const size_t text = std::hash<std::string>()(wanted);
  return (text ^ place * uint64_t{0x9e3779b97f4a7c15}) % kDigests;
}

// Either side may be what is wanted, unless one is known to be.
std::array<size_t, 2> DigestsOf(const Comparison& one) {
  const size_t left = DigestOf(one.place, one.left);
  if (one.left_is_constant) return {left, left};
  return {left, DigestOf(one.place, one.right)};
}

}  // namespace

Patience::Patience() : in_vain_(kDigests) {}

uint8_t Patience::InVain(const Comparison& comparison) const {
  const auto [one, other] = DigestsOf(comparison);
  return std::max(in_vain_[one], in_vain_[other]);
}

bool Patience::IsOver(const Comparison& comparison) const {
  return InVain(comparison) >= kTrialsInVain;
}

bool Patience::IsFresh(const Comparison& comparison) const {
  return InVain(comparison) == 0;
}

void Patience::Note(const std::vector<Comparison>& in_vain,
                    const std::vector<Comparison>& taken) {
  std::vector<size_t> digests;
  for (const Comparison& one : in_vain) {
    for (const size_t digest : DigestsOf(one)) digests.push_back(digest);
  }
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  for (const size_t digest : digests) {
    if (in_vain_[digest] < kTrialsInVain) ++in_vain_[digest];
  }
  for (const Comparison& one : taken) {
    for (const size_t digest : DigestsOf(one)) in_vain_[digest] = 0;
  }
}

}  // namespace formfuzz::campaign

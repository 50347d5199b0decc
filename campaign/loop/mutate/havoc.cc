// SPDX-License-Identifier: Apache-2.0
// Stacks of changes.
#include "campaign/loop/mutate/havoc.h"

#include <bit>
#include <utility>

#include "framework/base/check.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kStackPowers = 6;  // 1, 2, 4, ... 32 changes
constexpr size_t kMutatorsMax = 64;
constexpr uint32_t kAdaptEvery = 8192;
// Where nothing seems to apply, an input goes out as it is.
constexpr size_t kTriesMax = 8;

}  // namespace

Havoc::Havoc(Mutators mutators)
    : mutators_(std::move(mutators)), selector_(mutators_.size()) {
  FORMFUZZ_CHECK(!mutators_.empty() && mutators_.size() <= kMutatorsMax,
                 "havoc: needs 1 to 64 mutators");
}

uint64_t Havoc::Mutate(const MutationScene& scene, InputBytes& input) {
  uint64_t used = 0;
  if (++made_ % kAdaptEvery == 0) selector_.Adapt();
  const size_t wanted = size_t{1} << scene.random.Below(kStackPowers);
  size_t made = 0;
  for (size_t tries = 0; made < wanted && tries < wanted + kTriesMax; ++tries) {
    const size_t way = selector_.Pick(scene.random);
    if (!mutators_[way]->Mutate(scene, input)) continue;
    used |= uint64_t{1} << way;
    ++made;
  }
  for (uint64_t left = used; left != 0; left &= left - 1) {
    selector_.Used(static_cast<size_t>(std::countr_zero(left)));
  }
  return used;
}

void Havoc::Yielded(uint64_t used) {
  for (uint64_t left = used; left != 0; left &= left - 1) {
    selector_.Yielded(static_cast<size_t>(std::countr_zero(left)));
  }
}

}  // namespace formfuzz::campaign

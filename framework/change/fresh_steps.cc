// SPDX-License-Identifier: Apache-2.0
// Arguments are decoded from bytes of which most are zero: the usual values.
#include "framework/change/fresh_steps.h"

#include <bit>
#include <cstring>

namespace formfuzz {
namespace {

constexpr size_t kFreshBytes = 64;  // random bytes that a new step is made of
constexpr size_t kDraws = 4;        // of a sequence, until one is allowed

using FreshBytes = std::array<uint8_t, kFreshBytes>;

FreshBytes RandomBytes(Random& random) {
  FreshBytes bytes;
  for (size_t i = 0; i < kFreshBytes; i += sizeof(uint64_t)) {
    const uint64_t word = random.Next();
    std::memcpy(&bytes[i], &word, sizeof word);
  }
  return bytes;
}

// One byte in `sparse` is random, the others are zero. All are drawn at once:
// a choice for each alone is one that a processor cannot foresee.
void FillFresh(std::span<uint8_t> bytes, size_t sparse, Random& random) {
  const FreshBytes values = RandomBytes(random);
  const FreshBytes dice = RandomBytes(random);
  const auto below = static_cast<uint8_t>(256 / sparse);
  for (size_t i = 0; i < kFreshBytes; ++i) {
    bytes[i] = dice[i] < below ? values[i] : uint8_t{0};
  }
}

}  // namespace

FreshSteps::FreshSteps(const Recipe& recipe, std::span<const Step> before,
                       uint8_t tasks, Mutation& mutation)
    : recipe_(recipe), tasks_(tasks), mutation_(mutation) {
  for (const Step& step : before) Pass(step);
}

// What a step names; what it makes comes later and counts for more.
void FreshSteps::Look(const Recipe& recipe, const Step& step, Focus& focus) {
  std::array<bool, kHandleKindsMax> seen{};
  recipe.kinds[step.kind]->VisitHandles(step.arguments,
                                        [&](HandleKind kind, uint16_t& index) {
                                          if (!seen[kind]) focus[kind] = index;
                                          seen[kind] = true;
                                        });
}

void FreshSteps::Pass(const Step& step) {
  Look(recipe_, step, focus_);
  const uint16_t made = tracker_.Pass(recipe_, step);
  if (made != kNoHandle) focus_[*recipe_.kinds[step.kind]->makes()] = made;
}

void FreshSteps::PointToFocus(const Step& step) {
  std::array<bool, kHandleKindsMax> seen{};
  recipe_.kinds[step.kind]->VisitHandles(
      step.arguments, [&](HandleKind kind, uint16_t& index) {
        if (!seen[kind] && focus_[kind].has_value()) index = *focus_[kind];
        seen[kind] = true;
      });
}

Step FreshSteps::Make(uint8_t kind, bool calm) {
  Random& random = mutation_.random();
  const auto bytes = mutation_.arena().NewArray<uint8_t>(kFreshBytes);
  FillFresh(bytes, calm ? 6 : 2, random);
  ByteSource in(bytes, mutation_.arena(), &tracker_.counts());
  const Step step{kind, static_cast<uint8_t>(random.Below(tasks_)),
                  recipe_.kinds[kind]->Decode(in)};
  if (calm || !random.OneIn(4)) PointToFocus(step);
  Pass(step);
  return step;
}

uint8_t DrawKind(uint64_t allowed, Random& random) {
  size_t skip = random.Below(static_cast<size_t>(std::popcount(allowed)));
  while (skip-- > 0) allowed &= allowed - 1;
  return static_cast<uint8_t>(std::countr_zero(allowed));
}

std::vector<uint8_t> DrawSequence(const Recipe& recipe, uint64_t allowed,
                                  Mutation& mutation) {
  std::vector<uint8_t> kinds;
  if (!recipe.draw_sequence || allowed == 0) return kinds;
  Random& random = mutation.random();
  for (size_t draw = 0; draw < kDraws && kinds.size() < 2; ++draw) {
    kinds = recipe.draw_sequence(mutation);
    std::erase_if(
        kinds, [allowed](uint8_t kind) { return (allowed >> kind & 1) == 0; });
  }
  if (kinds.size() > 1 && random.OneIn(3)) {
    const size_t place = 1 + random.Below(kinds.size() - 1);
    kinds.insert(kinds.begin() + static_cast<ptrdiff_t>(place),
                 DrawKind(allowed, random));
  }
  return kinds;
}

}  // namespace formfuzz

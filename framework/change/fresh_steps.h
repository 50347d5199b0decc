// SPDX-License-Identifier: Apache-2.0
// New steps for a scenario, made to go with those before them.
//
// A step drawn blindly is about something nobody else in the scenario is
// about, and comes to nothing. So most new steps name what the last step
// before them named, and the steps of one sequence all name the same.
#ifndef FORMFUZZ_FRAMEWORK_CHANGE_FRESH_STEPS_H_
#define FORMFUZZ_FRAMEWORK_CHANGE_FRESH_STEPS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "framework/scenario/scenario.h"

namespace formfuzz {

class FreshSteps {
 public:
  // Steps to come after `before`, for a strategy of that many tasks. What is
  // made lives in the mutation's arena.
  FreshSteps(const Recipe& recipe, std::span<const Step> before, uint8_t tasks,
             Mutation& mutation);

  // The next step; what follows it may name what it makes. `calm`: most
  // arguments are the usual ones, and it names what the last step named.
  Step Make(uint8_t kind, bool calm);

 private:
  // For each kind of handle, what was named or made last.
  using Focus = std::array<std::optional<uint16_t>, kHandleKindsMax>;

  static void Look(const Recipe& recipe, const Step& step, Focus& focus);
  void Pass(const Step& step);
  void PointToFocus(const Step& step);

  const Recipe& recipe_;
  const uint8_t tasks_;
  Mutation& mutation_;
  HandleTracker tracker_;
  Focus focus_{};
};

// Kinds of steps, all of them allowed, for one sequence: one that the harness
// declares, now and then with another step in between, so that what a later
// step relies on may have changed. Empty where the harness declares none.
std::vector<uint8_t> DrawSequence(const Recipe& recipe, uint64_t allowed,
                                  Mutation& mutation);

// A random one of the kinds whose bits are set; at least one must be.
uint8_t DrawKind(uint64_t allowed, Random& random);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_CHANGE_FRESH_STEPS_H_

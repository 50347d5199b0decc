// SPDX-License-Identifier: Apache-2.0
// A scenario spelled out in C++: what reproducer_test.cc is written with.
//
//   TEST(booking, NoSeatIsSoldTwice) {
//     formfuzz::Reproducer scenario("booking", "race");
//     scenario.SwitchAt(2, 1);
//     scenario.Step("reserve");
//     scenario.StepOf(1, "reserve");
//     EXPECT_EQ(scenario.Play(), "passed") << scenario.story();
//   }
//
// Words are those of the text form (framework/form/scenario_text.h). The
// harness of that name must be linked to the test.
#ifndef FORMFUZZ_FRAMEWORK_REPLAY_REPRODUCER_H_
#define FORMFUZZ_FRAMEWORK_REPLAY_REPRODUCER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace formfuzz {

class Reproducer {
 public:
  Reproducer(std::string_view target, std::string_view strategy);

  // Kinds of steps that are switched off: "snapshot, revert".
  void Off(std::string_view kinds);
  // "state_store.commit error at 2"
  void Fault(std::string_view fault);
  // At the yield point, counted from 0, `task` goes on.
  void SwitchAt(uint32_t yield, uint32_t task);
  // "priorities 4711 depth 3 of 64", "random 4711"
  void Schedule(std::string_view drawn);
  // The clock moves before what follows.
  void Wait(uint64_t ms);
  // "vm1 = create by alice spec {vcpus: 2}"; of task 0, or of another.
  void Step(std::string_view step);
  void StepOf(uint32_t task, std::string_view step);

  // Plays it in a process of its own. "passed", or what its finding is named:
  // "violated-0123456789abcdef". What is no scenario of the harness (any more)
  // is "invalid".
  std::string Play();
  // Of the last Play: what went wrong, and the trace.
  const std::string& story() const { return story_; }

 private:
  std::string target_;
  std::string text_;
  std::string story_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_REPLAY_REPRODUCER_H_

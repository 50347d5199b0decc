// SPDX-License-Identifier: Apache-2.0
// Structure-aware change of scenarios: on steps, faults, schedule and clock,
// and down to the bytes of one argument.
//
// Every result encodes and decodes to itself: bounds are kept, handles never
// refer to what is made later.
#ifndef FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_MUTATOR_H_
#define FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_MUTATOR_H_

#include "framework/change/fresh_steps.h"
#include "framework/input/byte_sink.h"
#include "framework/scenario/scenario.h"

namespace formfuzz {

class ScenarioMutator {
 public:
  explicit ScenarioMutator(const Recipe& recipe) : recipe_(recipe) {}

  // Keeps every scenario to one strategy (by default any may be chosen).
  void PinStrategy(uint8_t strategy) {
    pinned_ = true;
    strategy_ = strategy;
  }

  // Schedules are lists of switches from now on, and not drawn.
  void ListSwitches() { may_draw_ = false; }

  // One random change, seldom several. A new value of an argument may be the
  // old one by chance. New values live in the mutation's arena. `played`: the
  // run of this very scenario, or null where it was not the one played last;
  // changes then go where they matter.
  void Mutate(Scenario& scenario, Mutation& mutation,
              const Run* played = nullptr);
  // The same, but tries a few times until what is handed back, encoded to
  // `after`, is not `before`, the encoding of `scenario`. Comparing whole
  // scenarios costs nothing for whom wants them encoded anyway.
  void MutateFrom(Bytes before, Scenario& scenario, Mutation& mutation,
                  const Run* played, ByteSink& after);

  // Leaves out all that comes after some step, where there are more than a few,
  // waits for it included; faults and switches stay, which may come later now.
  // Whether it did.
  bool GoBack(Scenario& scenario, Mutation& mutation);

  // Takes a run of steps of `other` into `scenario`.
  void CrossOver(Scenario& scenario, const Scenario& other, Mutation& mutation);

 private:
  // Makes another scenario altogether, of sequences.
  void BeginAnew(Scenario& scenario, Mutation& mutation);
  // Those that tell return whether anything may have changed.
  bool MutateOnce(Scenario& scenario, Mutation& mutation, const Run* played);
  bool MutateSteps(Scenario& scenario, Mutation& mutation, size_t dice);
  void MutateArguments(Scenario& scenario, Mutation& mutation);
  void MutateStep(Scenario& scenario, size_t index, Mutation& mutation);
  bool InsertStep(Scenario& scenario, Mutation& mutation);
  bool InsertSequence(Scenario& scenario, Mutation& mutation);
  bool RemoveSteps(Scenario& scenario, Mutation& mutation);
  bool CopyStep(Scenario& scenario, Mutation& mutation);
  bool MoveStep(Scenario& scenario, Mutation& mutation);
  bool ChangeTask(Scenario& scenario, Mutation& mutation);
  bool MutateStrategy(Scenario& scenario, Mutation& mutation);
  // Restores the contract above after steps or allowed kinds changed.
  void Settle(Scenario& scenario);

  const Recipe& recipe_;
  bool pinned_ = false;
  bool may_draw_ = true;
  uint8_t strategy_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_MUTATOR_H_

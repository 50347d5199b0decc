// SPDX-License-Identifier: Apache-2.0
// Structure-aware change of scenarios: on steps, faults, schedule and clock,
// and down to the bytes of one argument.
//
// Every result encodes and decodes to itself: bounds are kept, handles never
// refer to what is made later.
#ifndef FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_MUTATOR_H_
#define FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_MUTATOR_H_

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

  // One random change, seldom several. New values live in the mutation's
  // arena.
  void Mutate(Scenario& scenario, Mutation& mutation);

  // Takes a run of steps of `other` into `scenario`.
  void CrossOver(Scenario& scenario, const Scenario& other, Mutation& mutation);

 private:
  void MutateOnce(Scenario& scenario, Mutation& mutation);
  void MutateArguments(Scenario& scenario, Mutation& mutation);
  void InsertStep(Scenario& scenario, Mutation& mutation);
  void RemoveSteps(Scenario& scenario, Mutation& mutation);
  void CopyStep(Scenario& scenario, Mutation& mutation);
  void MoveStep(Scenario& scenario, Mutation& mutation);
  void ChangeTask(Scenario& scenario, Mutation& mutation);
  void MutateFaults(Scenario& scenario, Mutation& mutation);
  Fault RandomFault(Random& random) const;
  void SwarmFaults(std::vector<Fault>& faults, Random& random) const;
  void MutateSwitches(Scenario& scenario, Mutation& mutation);
  void MutateAdvances(Scenario& scenario, Mutation& mutation);
  void MutateStrategy(Scenario& scenario, Mutation& mutation);
  // Restores the contract above after steps or allowed kinds changed.
  void Settle(Scenario& scenario);

  const Recipe& recipe_;
  bool pinned_ = false;
  uint8_t strategy_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_CHANGE_SCENARIO_MUTATOR_H_

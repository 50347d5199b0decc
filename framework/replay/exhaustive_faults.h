// SPDX-License-Identifier: Apache-2.0
// Runs each input with its n-th call that can fail failing, for every n.
//
// An input's own faults are taken out; it is played once to count how often it
// reaches each fault point, and then again and again with one fault more each
// time: first every hit as a plain error, then, as far as the budget goes, the
// other kinds that the point can do and the other errors that it can give.
// Where there is more than the budget allows, what is run is spread evenly.
// Everything is played in children; findings are ordinary ones.
#ifndef FORMFUZZ_FRAMEWORK_REPLAY_EXHAUSTIVE_FAULTS_H_
#define FORMFUZZ_FRAMEWORK_REPLAY_EXHAUSTIVE_FAULTS_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "framework/engine/recorder.h"
#include "framework/engine/session.h"
#include "framework/replay/isolate.h"

namespace formfuzz {

struct ExhaustiveLimits {
  uint64_t runs_max = 0;  // executions with a fault; 0: all there are
  uint64_t seconds = 0;   // 0: no limit
};

struct ExhaustiveCounts {
  uint64_t inputs = 0;          // that pass without faults
  uint64_t points = 0;          // reached by one of them
  uint64_t calls = 0;           // that can fail, in all inputs together
  uint64_t executions = 0;      // with a fault
  uint64_t left_out = 0;        // variations that the limits left no room for
  uint64_t findings = 0;        // different ones
  uint64_t unrepeated = 0;      // failures that did not happen again alone
  uint64_t harness_broken = 0;  // different ways; not among the findings
};

class ExhaustiveFaults {
 public:
  // All three must outlive this; findings go to `sink`.
  ExhaustiveFaults(Session& session, Isolation& isolation, FindingSink& sink)
      : session_(session), isolation_(isolation), sink_(sink) {}

  // `inputs` are encoded scenarios.
  ExhaustiveCounts Play(const std::vector<std::string>& inputs,
                        const ExhaustiveLimits& limits);

 private:
  struct Variation {
    size_t input;
    Fault fault;
  };

  void KeepWhatPasses(const std::vector<std::string>& inputs);
  void PlanInput(size_t input);
  void PlanPoint(size_t input, uint16_t point);
  void PlanOthers(size_t input, const Fault& error);
  void Choose(uint64_t runs_max);
  void PlayChosen(uint64_t seconds);
  void PlayBatch(const std::vector<std::string>& batch);
  void FindLeak(const std::vector<std::string>& batch,
                const std::vector<size_t>& order);
  bool RecordIfFails(const std::string& input);
  void Record(const std::string& input, const IsolatedResult& failure);
  std::string Encoded(const Variation& variation);

  Session& session_;
  Isolation& isolation_;
  FindingSink& sink_;
  std::vector<std::string> inputs_;  // without faults, all different
  std::vector<Variation> plain_;     // every hit, failing
  std::vector<Variation> others_;    // in other ways
  std::vector<bool> reached_;        // by point
  std::set<std::string> seen_;       // failures, by what tells them apart
  ExhaustiveCounts counts_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_REPLAY_EXHAUSTIVE_FAULTS_H_

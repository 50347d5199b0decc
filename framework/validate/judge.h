// SPDX-License-Identifier: Apache-2.0
// Plays a scenario against a fresh subject and judges every step.
//
// After each step, in this order: rules that the step itself found broken;
// the model's prediction (ModelAgrees); that a refused step changed nothing
// (RefusedStepsChangeNothing); the harness's invariants. The first that does
// not hold ends the run. Subjects are made anew for every scenario.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_JUDGE_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_JUDGE_H_

#include <cstddef>
#include <functional>
#include <memory>

#include "framework/scenario/run.h"
#include "framework/scenario/scenario.h"
#include "framework/validate/trace.h"
#include "framework/validate/verdict.h"

namespace formfuzz {

class Judge {
 public:
  Judge(const Recipe& recipe, StateCoverage& coverage);

  // Both stay valid until the next Play.
  const Verdict& Play(const Scenario& scenario);
  const Trace& trace() const { return trace_; }

  // The step under way: what a handler of a deadly signal wants to know.
  size_t step() const { return trace_.steps.size(); }

 private:
  // Owns the memory of one of the user's objects and reuses it.
  class Place {
   public:
    explicit Place(const Maker& maker);
    void* Construct(Run& run);
    void Destroy();
    void* object() const { return object_; }

   private:
    struct Free {
      size_t alignment;
      void operator()(std::byte* memory) const {
        ::operator delete(memory, std::align_val_t(alignment));
      }
    };
    const Maker& maker_;
    std::unique_ptr<std::byte, Free> memory_;
    void* object_ = nullptr;
  };

  // Each returns false once the run is over.
  bool PlaySteps(const Scenario& scenario);
  bool PlayStep(const Scenario& scenario, size_t index);
  TraceStep RunStep(const Step& step);
  bool JudgeStep(const Step& step, size_t index, uint64_t state_before);
  bool JudgeInvariants(Invariant::When when, size_t index);
  bool Fail(VerdictKind kind, std::string_view validator,
            std::string_view message, size_t index);
  // Runs `play` and turns what it throws into a verdict.
  template <class PlayAll>
  void Guarded(PlayAll&& play);
  void Visit(uint8_t kind, Outcome outcome);
  void AdvanceClock(const Scenario& scenario, size_t before);

  const Recipe& recipe_;
  Run run_;
  Place subject_;
  Place model_;
  bool has_end_invariants_;
  HandleTracker tracker_;
  Verdict verdict_;
  Trace trace_;
  uint64_t last_visit_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_JUDGE_H_

// SPDX-License-Identifier: Apache-2.0
// Judges concurrent histories by the model that a harness declares: some
// order of the steps, true to those that did not overlap, must explain what
// all of them came to (linearizability).
//
// Wants a model with copy assignment and a Digest, and is called when the
// tasks have ended. Steps of which the model foretells nothing may come to
// anything. The model must not look at the clock: it is asked after the run.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_HISTORY_JUDGE_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_HISTORY_JUDGE_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "framework/scenario/recipe.h"
#include "framework/scenario/run.h"
#include "framework/validate/history.h"
#include "framework/validate/linear_search.h"
#include "framework/validate/linearizability.h"

namespace formfuzz {

class HistoryJudge {
 public:
  // Both must outlive it.
  HistoryJudge(const Recipe& recipe, Run& run)
      : recipe_(recipe), run_(run), states_(recipe.model) {}

  // Whether the harness has a model that histories can be judged by.
  bool CanJudge() const {
    return recipe_.model.assign != nullptr && recipe_.model.digest != nullptr;
  }

  // Only if CanJudge.
  Linearity Judge(const History& history);

  // After kUnexplained: the step to blame, and why in one line.
  size_t step() const { return step_; }
  const std::string& message() const { return message_; }

 private:
  // The model's state at every depth of the search. Objects are made once
  // and then assigned to, so their memory is used again.
  class States {
   public:
    explicit States(const Maker& maker) : maker_(maker) {}
    ~States();
    States(const States&) = delete;
    States& operator=(const States&) = delete;

    void Begin(size_t count, Run& run);  // state 0 is a new model
    void* at(size_t depth) const { return objects_[depth]; }
    // Makes the state at depth + 1 one like that at depth.
    void* Follow(size_t depth) {
      maker_.assign(at(depth + 1), at(depth));
      return at(depth + 1);
    }
    uint64_t Digest(size_t depth) const { return maker_.digest(at(depth)); }

   private:
    void Construct(Run& run);

    const Maker& maker_;
    std::vector<void*> objects_;
  };
  struct Search;  // what LinearSearch asks

  uint64_t KeyOf(const Operation& operation) const;
  void NoteKeys(std::span<const Operation> operations);
  Linearity JudgeKey(std::span<const Operation> operations,
                     std::span<const uint32_t> members);
  bool Take(const Operation& operation, size_t depth);
  std::optional<Outcome> Predict(const Operation& operation, void* state);
  void Explain(std::span<const Operation> operations,
               std::span<const uint32_t> members);

  const Recipe& recipe_;
  Run& run_;
  States states_;
  Partition partition_;
  LinearSearch search_;
  std::vector<uint64_t> keys_;  // by operation
  std::vector<Interval> times_;
  size_t step_ = 0;
  std::string message_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_HISTORY_JUDGE_H_

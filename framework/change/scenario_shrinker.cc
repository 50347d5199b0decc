// SPDX-License-Identifier: Apache-2.0
// Rounds of ever smaller cuts, until a round helps nothing.
#include "framework/change/scenario_shrinker.h"

#include <algorithm>
#include <utility>

#include "framework/change/scenario_edit.h"

namespace formfuzz {
namespace {

class Shrinker {
 public:
  Shrinker(const Recipe& recipe, Arena& arena,
           absl::FunctionRef<bool(Scenario&)> still_fails, size_t tries_max,
           Scenario& scenario)
      : recipe_(recipe),
        arena_(arena),
        still_fails_(still_fails),
        tries_left_(tries_max),
        scenario_(scenario) {}

  bool Run() {
    bool shrank = false;
    while (Round()) {
      shrank = true;
      if (tries_left_ == 0) break;
    }
    return shrank;
  }

 private:
  // Everything once; true if anything helped.
  bool Round() {
    bool shrank = ShrinkTasks();
    shrank |= ShrinkSteps();
    shrank |= ShrinkList(&Scenario::faults);
    shrank |= ShrinkList(&Scenario::switches);
    shrank |= ShrinkList(&Scenario::advances);
    shrank |= ShrinkHeader();
    if (!shrank) shrank = ShrinkWaits();
    if (!shrank) shrank = ShrinkArguments();
    return shrank;
  }

  Scenario Clone() const { return CloneScenario(recipe_, scenario_, arena_); }

  bool Try(Scenario candidate) {
    if (tries_left_ == 0) return false;
    --tries_left_;
    if (!still_fails_(candidate)) return false;
    scenario_ = std::move(candidate);
    return true;
  }

  // Fewer tasks: all steps of one are given to another. Then single steps.
  bool ShrinkTasks() {
    bool shrank = false;
    for (uint8_t from = recipe_.strategies[scenario_.strategy].tasks;
         from-- > 1;) {
      bool gone = !HasTask(from);
      for (uint8_t to = 0; to < from && !gone; ++to) {
        gone = HasTask(to) && Try(WithTask(from, to));
        shrank |= gone;
      }
    }
    Scenario renumbered = Clone();
    RenumberTasks(renumbered);
    if (!HasTasksOf(renumbered)) {
      shrank |= Try(std::move(renumbered));
    }
    for (size_t i = 0; i < scenario_.steps.size(); ++i) {
      if (scenario_.steps[i].task == 0) continue;
      Scenario candidate = Clone();
      candidate.steps[i].task = 0;
      shrank |= Try(std::move(candidate));
    }
    return shrank;
  }

  bool HasTasksOf(const Scenario& other) const {
    return std::ranges::equal(scenario_.steps, other.steps, {}, &Step::task,
                              &Step::task);
  }
  bool HasTask(uint8_t task) const {
    return std::any_of(scenario_.steps.begin(), scenario_.steps.end(),
                       [task](const Step& step) { return step.task == task; });
  }
  Scenario WithTask(uint8_t from, uint8_t to) const {
    Scenario candidate = Clone();
    for (Step& step : candidate.steps) {
      if (step.task == from) step.task = to;
    }
    for (Switch& entry : candidate.switches) {
      if (entry.task == from) entry.task = to;
    }
    return candidate;
  }

  // Runs of steps, from the end, ever shorter, down to single ones.
  bool ShrinkSteps() {
    bool shrank = false;
    for (size_t cut = scenario_.steps.size(); cut > 0; cut /= 2) {
      for (size_t end = scenario_.steps.size(); end >= cut;) {
        Scenario candidate = Clone();
        EraseSteps(recipe_, candidate, end - cut, cut);
        shrank |= Try(std::move(candidate));
        end = std::min(end - 1, scenario_.steps.size());
        if (end == 0) break;
      }
    }
    return shrank;
  }

  template <class Entry>
  bool ShrinkList(std::vector<Entry> Scenario::* list) {
    bool shrank = false;
    for (size_t i = (scenario_.*list).size(); i-- > 0;) {
      Scenario candidate = Clone();
      std::vector<Entry>& entries = candidate.*list;
      entries.erase(entries.begin() + static_cast<ptrdiff_t>(i));
      shrank |= Try(std::move(candidate));
    }
    return shrank;
  }

  bool ShrinkHeader() {
    bool shrank = false;
    if (scenario_.off != 0) {
      Scenario candidate = Clone();
      candidate.off = 0;
      shrank |= Try(std::move(candidate));
    }
    return shrank;
  }

  // Mostly all from some moment on will do, which is looked for by halving.
  bool ShrinkWaits() {
    bool shrank = false;
    for (size_t i = 0; i < scenario_.advances.size(); ++i) {
      uint32_t too_short = 0;
      uint32_t enough = scenario_.advances[i].ms;
      while (enough - too_short > 1) {
        const uint32_t middle = too_short + (enough - too_short) / 2;
        Scenario candidate = Clone();
        candidate.advances[i].ms = middle;
        const bool fails = Try(std::move(candidate));
        (fails ? enough : too_short) = middle;
        shrank |= fails;
      }
    }
    return shrank;
  }

  bool ShrinkArguments() {
    bool shrank = false;
    for (size_t i = 0; i < scenario_.steps.size(); ++i) {
      const StepKind& kind = *recipe_.kinds[scenario_.steps[i].kind];
      void* own = kind.Clone(scenario_.steps[i].arguments, arena_);
      shrank |= kind.Shrink(own, arena_, [&](void* arguments) {
        Scenario candidate = Clone();
        candidate.steps[i].arguments = kind.Clone(arguments, arena_);
        DropDanglingHandles(recipe_, candidate.steps);
        return Try(std::move(candidate));
      });
    }
    return shrank;
  }

  const Recipe& recipe_;
  Arena& arena_;
  absl::FunctionRef<bool(Scenario&)> still_fails_;
  size_t tries_left_;
  Scenario& scenario_;
};

}  // namespace

bool ShrinkScenario(const Recipe& recipe, Arena& arena,
                    absl::FunctionRef<bool(Scenario&)> still_fails,
                    size_t tries_max, Scenario& scenario) {
  return Shrinker(recipe, arena, still_fails, tries_max, scenario).Run();
}

}  // namespace formfuzz

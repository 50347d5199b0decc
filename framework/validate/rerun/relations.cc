// SPDX-License-Identifier: Apache-2.0
// Swapping neighbours, and doing things twice.
#include "framework/validate/rerun/relations.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "framework/scenario/scenario.h"

namespace formfuzz {
namespace {

// The n-th hit of a fault point is another step's elsewhere, and a schedule
// counts what all steps do.
bool MayBeMovedIn(const Recipe& recipe, const Scenario& scenario) {
  return scenario.faults.empty() &&
         recipe.strategies[scenario.strategy].tasks == 1;
}

class StepSet {
 public:
  StepSet(const Recipe& recipe, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const size_t kind = recipe.KindNamed(name);
      FORMFUZZ_CHECK(kind < recipe.kinds.size(),
                     Concat("a relation names the step '", name,
                            "', which is not declared"));
      // What makes handles counts them: another place, another number.
      if (!recipe.kinds[kind]->makes().has_value()) {
        kinds_ |= uint64_t{1} << kind;
      }
    }
  }
  bool Has(const Step& step) const { return (kinds_ >> step.kind & 1) != 0; }

 private:
  uint64_t kinds_ = 0;
};

bool ClockMovesBefore(const Scenario& scenario, size_t index) {
  return std::any_of(
      scenario.advances.begin(), scenario.advances.end(),
      [index](const ClockAdvance& one) { return one.before == index; });
}

bool SwapSomewhere(const StepSet& set, uint64_t choice, Scenario& related,
                   std::vector<size_t>& same_as) {
  std::vector<size_t> places;
  for (size_t i = 0; i + 1 < related.steps.size(); ++i) {
    if (set.Has(related.steps[i]) && set.Has(related.steps[i + 1]) &&
        !ClockMovesBefore(related, i + 1)) {
      places.push_back(i);
    }
  }
  if (places.empty()) return false;
  const size_t place = places[choice % places.size()];
  std::swap(related.steps[place], related.steps[place + 1]);
  std::swap(same_as[place], same_as[place + 1]);
  return true;
}

bool RepeatSomewhere(const StepSet& set, uint64_t choice, Scenario& related,
                     std::vector<size_t>& same_as) {
  std::vector<size_t> places;
  for (size_t i = 0; i < related.steps.size(); ++i) {
    if (set.Has(related.steps[i])) places.push_back(i);
  }
  if (places.empty()) return false;
  const size_t place = places[choice % places.size()];
  const auto at = static_cast<ptrdiff_t>(place);
  const Step again = related.steps[place];
  related.steps.insert(related.steps.begin() + at, again);
  same_as.insert(same_as.begin() + at, same_as[place]);
  for (ClockAdvance& one : related.advances) one.before += one.before > place;
  return true;
}

template <class Change>
Relation MakeRelation(std::string name, std::vector<std::string> steps,
                      Change change) {
  return {std::move(name),
          [steps = std::move(steps), change](const Recipe& recipe,
                                             uint64_t choice, Scenario& related,
                                             std::vector<size_t>& same_as) {
            if (!MayBeMovedIn(recipe, related)) return false;
            return change(StepSet(recipe, steps), choice, related, same_as);
          }};
}

}  // namespace

Relation Commuting(std::string name, std::vector<std::string> steps) {
  return MakeRelation(std::move(name), std::move(steps), &SwapSomewhere);
}

Relation Repeatable(std::string name, std::vector<std::string> steps) {
  return MakeRelation(std::move(name), std::move(steps), &RepeatSomewhere);
}

}  // namespace formfuzz

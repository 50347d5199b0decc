// SPDX-License-Identifier: Apache-2.0
// What a harness may expect beyond invariants, in its own types: part of what
// FORMFUZZ_HARNESS gives. docs/validators.md shows each with an example.
#ifndef FORMFUZZ_FRAMEWORK_SCENARIO_RULE_BUILDER_H_
#define FORMFUZZ_FRAMEWORK_SCENARIO_RULE_BUILDER_H_

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "framework/base/check.h"
#include "framework/base/text.h"
#include "framework/scenario/recipe.h"

namespace formfuzz {

// `Self` is the builder that inherits; H the harness's class.
template <class H, class Self>
class RuleBuilder {
 public:
  explicit RuleBuilder(Recipe& recipe) : recipe_(recipe) {}

  // A campaign tells which goals it never reached. Looked at after a step
  // while no task runs, until it was reached once. `reached` is a member
  // function, or takes a const H&.
  template <class Reached>
  Self& Goal(std::string name, Reached reached) {
    FORMFUZZ_CHECK(recipe_.goals.size() < kGoalsMax, "more than 64 goals");
    FORMFUZZ_CHECK(name.size() <= kGoalNameMax,
                   Concat("the goal '", name, "' has a name of over 47 bytes"));
    recipe_.goals.push_back({std::move(name), [reached](const void* subject) {
                               return std::invoke(reached, Const(subject));
                             }});
    return self();
  }

  // Once faults stop it recovers: at some instant of the next `within_ms` of
  // the scenario's time `recovered` holds. It is called at several of them and
  // may act as users would, by trying again say.
  Self& RecoversWithin(uint64_t within_ms, std::string name,
                       bool (H::*recovered)()) {
    recipe_.recoveries.push_back(
        {std::move(name), within_ms, [recovered](void* subject) {
           return (static_cast<H*>(subject)->*recovered)();
         }});
    return self();
  }

  // The step, declared before, costs at most its size to that power: 1 for
  // linear. `size` is asked before the step. Costs are counted, not timed:
  // allocated bytes, and instructions where the machine counts them.
  template <class Size>
  Self& CostGrows(std::string_view step, Size (H::*size)() const,
                  double exponent_max) {
    const size_t kind = recipe_.KindNamed(step);
    FORMFUZZ_CHECK(kind < recipe_.kinds.size(),
                   Concat("CostGrows: no step '", step, "' is declared"));
    recipe_.costs.push_back({Concat("CostOf_", step), kind,
                             [size](const void* subject) {
                               return static_cast<uint64_t>(
                                   (Const(subject).*size)());
                             },
                             exponent_max});
    return self();
  }

  // A scenario and the one that `relation` makes of it come to the same.
  Self& Relate(formfuzz::Relation relation) {
    recipe_.relations.push_back(std::move(relation));
    return self();
  }

  // Another implementation under the same steps: a class derived from H that
  // is made differently. Each step must come to the same as with H.
  template <class Other>
  Self& Twin() {
    static_assert(std::is_base_of_v<H, Other>);
    recipe_.twin = {
        sizeof(Other), alignof(Other),
        [](void* place, Run& run) {
          H* const base = new (place) Other(run);
          FORMFUZZ_CHECK(base == place, "a twin must have H as its first base");
        },
        [](void* object) { static_cast<Other*>(object)->~Other(); }};
    return self();
  }

  // Every run leaves memory, descriptors, threads and files as they were.
  Self& LeavesNothing(LeakWatch watch = {}) {
    recipe_.leaks = std::move(watch);
    return self();
  }

 private:
  static const H& Const(const void* subject) {
    return *static_cast<const H*>(subject);
  }
  Self& self() { return static_cast<Self&>(*this); }

  Recipe& recipe_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCENARIO_RULE_BUILDER_H_

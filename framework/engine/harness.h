// SPDX-License-Identifier: Apache-2.0
// How a harness is written: one class and one registration.
//
//   class Door {                         // made anew for every scenario
//    public:
//     explicit Door(formfuzz::Run& run);
//     formfuzz::Outcome Open(int key);   // a step: typed arguments, outcome
//     bool NeverOpenAndLocked() const;   // judged after every step
//   };
//   FORMFUZZ_HARNESS(door, Door)
//       .Step("open", &Door::Open, formfuzz::InRange(0, 9))
//       .Invariant("NeverOpenAndLocked", &Door::NeverOpenAndLocked);
//
// The binary is then a plain LLVMFuzzerTestOneInput. A step returns Outcome,
// bool, absl::Status or nothing; an invariant bool, or std::string that says
// what is wrong and is empty while nothing is.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_HARNESS_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_HARNESS_H_

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "framework/domain/arbitrary.h"
#include "framework/scenario/recipe.h"
#include "framework/scenario/rule_builder.h"
#include "framework/schedule/schedule.h"

namespace formfuzz {

// A domain with the name its argument has in text.
template <IsDomain D>
struct NamedArgument {
  std::string name;
  D domain;
};

// Arg("by", Actor()): printed and parsed as `by alice`.
template <IsDomain D>
NamedArgument<D> Arg(std::string name, D domain) {
  return {std::move(name), std::move(domain)};
}

// Tasks(3): how many concurrent tasks a strategy's steps are dealt to.
struct Tasks {
  explicit constexpr Tasks(uint8_t tasks) : count(tasks) {
    FORMFUZZ_CHECK(tasks >= 1 && tasks <= kTasksMax, "Tasks: 1 to 8");
  }
  uint8_t count;
};

namespace internal {

template <class D>
std::string ArgumentName(const D&) {
  return {};
}
template <class D>
std::string ArgumentName(const NamedArgument<D>& argument) {
  return argument.name;
}
template <IsDomain D>
D ArgumentDomain(D domain) {
  return domain;
}
template <class D>
D ArgumentDomain(NamedArgument<D> argument) {
  return std::move(argument.domain);
}

template <class T>
auto ResetOf() -> void (*)(void*, Run&) {
  if constexpr (requires(T& object, Run& run) { object.Reset(run); }) {
    return [](void* object, Run& run) { static_cast<T*>(object)->Reset(run); };
  }
  return nullptr;
}

template <class T>
Maker MakerOf() {
  return {sizeof(T), alignof(T),
          [](void* place, Run& run) {
            if constexpr (std::is_constructible_v<T, Run&>) {
              new (place) T(run);
            } else {
              new (place) T();
            }
          },
          [](void* object) { static_cast<T*>(object)->~T(); }, ResetOf<T>()};
}

template <class T>
Maker ModelMakerOf() {
  Maker maker = MakerOf<T>();
  if constexpr (std::is_copy_assignable_v<T>) {
    maker.assign = [](void* object, const void* from) {
      *static_cast<T*>(object) = *static_cast<const T*>(from);
    };
  }
  if constexpr (requires(const T& model) {
                  { model.Digest() } -> std::convertible_to<uint64_t>;
                }) {
    maker.digest = [](const void* object) -> uint64_t {
      return static_cast<const T*>(object)->Digest();
    };
  }
  return maker;
}

using MaybeBroken = std::optional<BrokenInvariant>;
inline MaybeBroken BrokenIf(bool holds) {
  if (holds) return std::nullopt;
  return BrokenInvariant{0, "does not hold"};
}
inline MaybeBroken BrokenIf(std::string broken) {
  if (broken.empty()) return std::nullopt;
  return BrokenInvariant{0, std::move(broken)};
}
inline MaybeBroken BrokenIf(MaybeBroken broken) { return broken; }

template <class T>
inline constexpr bool kIsMember = std::is_member_function_pointer_v<T>;

}  // namespace internal

// What FORMFUZZ_HARNESS gives; see above. M is the model's class.
template <class H, class M = void>
class HarnessBuilder : public RuleBuilder<H, HarnessBuilder<H, M>> {
 public:
  explicit HarnessBuilder(Recipe& recipe)
      : RuleBuilder<H, HarnessBuilder>(recipe), recipe_(&recipe) {
    recipe.subject = internal::MakerOf<H>();
  }

  // .Step("name", &H::Step, domains…) or, with a model that foretells it,
  // .Step("name", &H::Step, &M::Step, domains…). Arguments in order; each a
  // domain or Arg("name", domain).
  template <class Function, class... Arguments>
  HarnessBuilder& Step(std::string name, Function step,
                       Arguments... arguments) {
    return Add(std::move(name), step, std::move(arguments)...);
  }

  // The last step makes a handle of this kind; the harness binds it to a
  // value with Handles<Kind, …>::Bind.
  template <class Kind>
  HarnessBuilder& Makes() {
    recipe_->kinds.back()->Makes(HandleKindOf<Kind>(), Kind::kName);
    return *this;
  }
  // The last step takes away what its first handle of this kind names: later
  // uses of it are stale, which mutation then seeks.
  template <class Kind>
  HarnessBuilder& Retires() {
    recipe_->kinds.back()->Retires(HandleKindOf<Kind>());
    return *this;
  }

  // A named choice of steps declared before; without any, all steps are one.
  HarnessBuilder& Strategy(std::string name,
                           std::initializer_list<std::string_view> steps,
                           Tasks tasks = Tasks(1)) {
    formfuzz::Strategy strategy{std::move(name), 0, tasks.count};
    for (const std::string_view step : steps) {
      const size_t kind = recipe_->KindNamed(step);
      FORMFUZZ_CHECK(kind < recipe_->kinds.size(),
                     Concat("strategy ", strategy.name, ": no step '", step,
                            "' was declared before it"));
      strategy.kinds |= uint64_t{1} << kind;
    }
    recipe_->strategies.push_back(std::move(strategy));
    return *this;
  }

  // Short sequences of steps that belong together ("offer", "accept"): any
  // domain of ranges of step names. Mutation inserts whole ones, all about
  // the same things.
  template <IsDomain D>
  HarnessBuilder& Sequences(D sequences) {
    recipe_->draw_sequence = [recipe = recipe_, sequences](Mutation& mutation) {
      auto drawn = SmallestOf(sequences, mutation.arena());
      sequences.Mutate(drawn, mutation);
      std::vector<uint8_t> kinds;
      for (const std::string_view step : sequences.Get(drawn)) {
        kinds.push_back(static_cast<uint8_t>(recipe->KindNamed(step)));
        FORMFUZZ_CHECK(kinds.back() < recipe->kinds.size(),
                       Concat("Sequences: there is no step '", step, "'"));
      }
      return kinds;
    };
    return *this;
  }

  // Foretells outcomes: declare it before the steps that name its functions.
  // With copy assignment and `uint64_t Digest() const` of all that its answers
  // depend on, it also judges strategies of several tasks: some order of the
  // steps must explain what they came to.
  template <class Predictor>
  HarnessBuilder<H, Predictor> Model() {
    recipe_->model = internal::ModelMakerOf<Predictor>();
    return HarnessBuilder<H, Predictor>(*recipe_);
  }
  // In the model, steps on different handles of this kind do not depend on
  // each other: concurrent histories are judged handle by handle.
  template <class Kind>
  HarnessBuilder& LinearizablePer() {
    recipe_->linearizable_per = HandleKindOf<Kind>();
    return *this;
  }

  // Judged after every step; keep its cost independent of the state's size.
  template <class Result>
  HarnessBuilder& Invariant(std::string name, Result (H::*holds)() const) {
    return AddInvariant({std::move(name)}, Rule::When::kEveryStep, holds);
  }
  // Several rules that look at the same things, judged by one function: it
  // gives the first that is broken, counted from 0.
  HarnessBuilder& Invariants(std::vector<std::string> names,
                             std::optional<BrokenInvariant> (H::*broken)()
                                 const) {
    return AddInvariant(std::move(names), Rule::When::kEveryStep, broken);
  }
  // Judged once, when the last step was run.
  template <class Result>
  HarnessBuilder& AtEnd(std::string name, Result (H::*holds)() const) {
    return AddInvariant({std::move(name)}, Rule::When::kAtEnd, holds);
  }
  // Several, judged by one function as Invariants are.
  HarnessBuilder& AtEnd(std::vector<std::string> names,
                        std::optional<BrokenInvariant> (H::*broken)() const) {
    return AddInvariant(std::move(names), Rule::When::kAtEnd, broken);
  }

  // A digest of all that can be observed. A refused step must not change it.
  HarnessBuilder& State(uint64_t (H::*digest)() const) {
    recipe_->state = [digest](void* subject) {
      return (static_cast<const H*>(subject)->*digest)();
    };
    return *this;
  }

  // Names of the fault points of the harness's mocks and of the component.
  HarnessBuilder& Faults(std::initializer_list<std::string_view> points) {
    recipe_->fault_points.insert(recipe_->fault_points.end(), points.begin(),
                                 points.end());
    return *this;
  }
  // What faults may be confined to: FORMFUZZ_FAULT_SCOPEs, or functions.
  HarnessBuilder& FaultScopes(std::initializer_list<std::string_view> scopes) {
    recipe_->fault_scopes.insert(recipe_->fault_scopes.end(), scopes.begin(),
                                 scopes.end());
    return *this;
  }

  // Strategies with several tasks run on threads of which one runs at a time,
  // for components that need thread_local; slower than fibers.
  HarnessBuilder& OnThreads() {
    recipe_->on_threads = true;
    return *this;
  }

  // How the harness comes back to its first state; by default by rebuilding.
  HarnessBuilder& Restore(Restoring restoring) {
    recipe_->restoring = restoring;
    return *this;
  }

  // What the engine keeps inputs for besides pairs of steps: so many in a row,
  // each done or refused. For small harnesses, whose order of steps matters:
  // there are only some thousand states (framework/observe).
  HarnessBuilder& TrackPaths(uint8_t steps) {
    FORMFUZZ_CHECK(steps > 2 && steps <= 8, "TrackPaths: 3 to 8 steps");
    recipe_->path_steps = steps;
    return *this;
  }

  // At most this many steps in a scenario.
  HarnessBuilder& StepsMax(size_t steps_max) {
    FORMFUZZ_CHECK(steps_max <= 255, "StepsMax: at most 255");
    recipe_->steps_max = steps_max;
    return *this;
  }

 private:
  using Rule = formfuzz::Invariant;

  template <class Function, class First, class... Arguments>
    requires internal::kIsMember<First>
  HarnessBuilder& Add(std::string name, Function step, First prediction,
                      Arguments... arguments) {
    return AddKind(std::move(name), step, prediction, std::move(arguments)...);
  }
  template <class Function, class... Arguments>
  HarnessBuilder& Add(std::string name, Function step, Arguments... arguments) {
    return AddKind(std::move(name), step, internal::NoPrediction(),
                   std::move(arguments)...);
  }
  template <class Function, class Prediction, class... Arguments>
  HarnessBuilder& AddKind(std::string name, Function step,
                          Prediction prediction, Arguments... arguments) {
    using Kind = TypedStepKind<H, M, Function, Prediction,
                               decltype(internal::ArgumentDomain(
                                   std::declval<Arguments>()))...>;
    typename Kind::Names names{internal::ArgumentName(arguments)...};
    recipe_->kinds.push_back(std::make_unique<Kind>(
        std::move(name), step, prediction, std::move(names),
        internal::ArgumentDomain(std::move(arguments))...));
    return *this;
  }
  template <class Result>
  HarnessBuilder& AddInvariant(std::vector<std::string> names, Rule::When when,
                               Result (H::*holds)() const) {
    recipe_->invariants.push_back(
        {std::move(names), when, [holds](void* subject) {
           return internal::BrokenIf(
               (static_cast<const H*>(subject)->*holds)());
         }});
    return *this;
  }

  Recipe* recipe_;
};

// Every harness of the binary, in order of registration.
std::vector<std::unique_ptr<Recipe>>& RegisteredRecipes();

template <class H>
HarnessBuilder<H> RegisterHarness(std::string name) {
  RegisteredRecipes().push_back(std::make_unique<Recipe>());
  RegisteredRecipes().back()->name = std::move(name);
  return HarnessBuilder<H>(*RegisteredRecipes().back());
}

}  // namespace formfuzz

// The only macro that a harness needs; `name` is an identifier.
#define FORMFUZZ_HARNESS(name, Class)                          \
  [[maybe_unused]] static const auto formfuzz_harness_##name = \
      ::formfuzz::RegisterHarness<Class>(#name)

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_HARNESS_H_

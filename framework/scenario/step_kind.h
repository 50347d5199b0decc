// SPDX-License-Identifier: Apache-2.0
// One operation that a harness declares: how its arguments are decoded,
// printed and changed, and how it is run.
//
// The only virtual calls of a scenario are here, one a step, not one a field.
// Arguments live in the arena they were decoded into.
#ifndef FORMFUZZ_FRAMEWORK_SCENARIO_STEP_KIND_H_
#define FORMFUZZ_FRAMEWORK_SCENARIO_STEP_KIND_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "framework/domain/domain.h"
#include "framework/domain/structs.h"
#include "framework/fault/component_scope.h"
#include "framework/scenario/outcome.h"

namespace formfuzz {

using HandleVisitor = absl::FunctionRef<void(HandleKind, uint16_t&)>;

class StepKind {
 public:
  explicit StepKind(std::string name) : name_(std::move(name)) {}
  virtual ~StepKind() = default;
  StepKind(const StepKind&) = delete;
  StepKind& operator=(const StepKind&) = delete;

  const std::string& name() const { return name_; }
  // What the step makes, and its name in text; none for most.
  std::optional<HandleKind> makes() const { return makes_; }
  std::string_view makes_name() const { return makes_name_; }
  // The kind of handle whose first occurrence in the arguments it takes away.
  std::optional<HandleKind> retires() const { return retires_; }

  void Makes(HandleKind kind, std::string_view name) {
    makes_ = kind;
    makes_name_ = name;
  }
  void Retires(HandleKind kind) { retires_ = kind; }

  virtual void* Decode(ByteSource& in) const = 0;
  virtual void Encode(const void* arguments, ByteSink& out) const = 0;
  virtual void* Clone(const void* arguments, Arena& arena) const = 0;
  virtual void Mutate(void* arguments, Mutation& mutation) const = 0;
  virtual bool Shrink(void* arguments, Arena& arena,
                      absl::FunctionRef<bool(void*)> accept) const = 0;
  virtual void Print(const void* arguments, TextSink& out) const = 0;
  virtual bool Parse(TextSource& in, void* arguments) const = 0;
  virtual Schema Describe() const = 0;
  virtual void VisitHandles(void* arguments, HandleVisitor visit) const = 0;
  virtual Outcome Run(void* subject, const void* arguments) const = 0;
  // What the model says; none where it has no such operation.
  virtual std::optional<Outcome> Predict(void* model,
                                         const void* arguments) const = 0;

 private:
  std::string name_;
  std::optional<HandleKind> makes_;
  std::string_view makes_name_;
  std::optional<HandleKind> retires_;
};

namespace internal {

// Arguments are ready by now: what runs in `Scope` is the user's function.
template <class Scope, class Function, class Object, class... Values>
Outcome CallStep(Function function, Object& object, const Values&... values) {
  [[maybe_unused]] const Scope scope;
  using Result = decltype((object.*function)(values...));
  if constexpr (std::is_void_v<Result>) {
    (object.*function)(values...);
    return Outcome::Ok();
  } else {
    return ToOutcome((object.*function)(values...));
  }
}

// In place of a model's member function.
struct NoPrediction {};

}  // namespace internal

// `Step` and `Prediction` are member function pointers of H and M.
template <class H, class M, class Step, class Prediction, IsDomain... Ds>
class TypedStepKind final : public StepKind {
 public:
  using Arguments = std::tuple<ReprOf<Ds>...>;
  using Names = std::array<std::string, sizeof...(Ds)>;

  TypedStepKind(std::string name, Step step, Prediction prediction, Names names,
                Ds... domains)
      : StepKind(std::move(name)),
        step_(step),
        prediction_(prediction),
        names_(std::move(names)),
        fields_(std::move(domains)...) {}

  void* Decode(ByteSource& in) const override {
    return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
      return in.arena().template New<Arguments>(
          Arguments{fields_.template At<kIndex>().Decode(in)...});
    }(std::make_index_sequence<sizeof...(Ds)>());
  }
  void Encode(const void* arguments, ByteSink& out) const override {
    fields_.ForEach([&](auto index, const auto& domain) {
      domain.Encode(std::get<index>(Open(arguments)), out);
    });
  }
  void* Clone(const void* arguments, Arena& arena) const override {
    return arena.New<Arguments>(Open(arguments));
  }
  void Mutate(void* arguments, Mutation& mutation) const override {
    if constexpr (sizeof...(Ds) > 0) {
      fields_.ForOne(mutation.random().Below(sizeof...(Ds)),
                     [&](auto index, const auto& domain) {
                       domain.Mutate(std::get<index>(Open(arguments)),
                                     mutation);
                     });
    }
  }
  bool Shrink(void* arguments, Arena& arena,
              absl::FunctionRef<bool(void*)> accept) const override {
    bool shrank = false;
    fields_.ForEach([&](auto index, const auto& domain) {
      auto argument = std::get<index>(Open(arguments));
      const auto accept_one = [&](const auto& candidate) {
        Arguments changed = Open(arguments);
        std::get<index>(changed) = candidate;
        if (!accept(&changed)) return false;
        Open(arguments) = std::move(changed);
        return true;
      };
      shrank |= domain.Shrink(argument, arena, accept_one);
    });
    return shrank;
  }

  void Print(const void* arguments, TextSink& out) const override {
    fields_.ForEach([&](auto index, const auto& domain) {
      out.Put(" ");
      if (!names_[index].empty()) out.Put(names_[index]).Put(" ");
      domain.Print(std::get<index>(Open(arguments)), out);
    });
  }
  // Named arguments may be left out or come in any order; unnamed ones come
  // in theirs, and the last may be left out.
  bool Parse(TextSource& in, void* arguments) const override {
    std::array<bool, sizeof...(Ds)> given{};
    while (!AtEnd(in)) {
      const size_t wanted = NextArgument(in, given);
      if (wanted == sizeof...(Ds)) {
        if (in.lenient() && in.SkipValue()) continue;
        return in.Fail(NamesWanted(given));
      }
      given[wanted] = true;
      const TextSource before = in;
      bool parsed = false;
      fields_.ForOne(wanted, [&](auto index, const auto& domain) {
        auto& argument = std::get<index>(Open(arguments));
        parsed = domain.Parse(in, &argument);
        if (!parsed) argument = SmallestOf(domain, in.arena());
      });
      if (!parsed && !in.PassInstead(before)) return false;
    }
    return true;
  }
  Schema Describe() const override {
    std::array<std::string_view, sizeof...(Ds)> views;
    for (size_t i = 0; i < views.size(); ++i) views[i] = names_[i];
    Schema schema = fields_.Describe(views);
    schema.name = name();
    schema.text = std::string(makes_name());
    return schema;
  }
  void VisitHandles(void* arguments, HandleVisitor visit) const override {
    fields_.ForEach([&](auto index, const auto& domain) {
      VisitHandlesOf(domain, std::get<index>(Open(arguments)), visit);
    });
  }

  Outcome Run(void* subject, const void* arguments) const override {
    return Call<InsideComponent>(step_, *static_cast<H*>(subject), arguments);
  }
  std::optional<Outcome> Predict(void* model,
                                 const void* arguments) const override {
    if constexpr (std::is_same_v<Prediction, internal::NoPrediction>) {
      return std::nullopt;
    } else {
      return Call<OutsideComponent>(prediction_, *static_cast<M*>(model),
                                    arguments);
    }
  }

 private:
  static Arguments& Open(void* arguments) {
    return *static_cast<Arguments*>(arguments);
  }
  static const Arguments& Open(const void* arguments) {
    return *static_cast<const Arguments*>(arguments);
  }
  template <class Scope, class Function, class Object>
  Outcome Call(Function function, Object& object, const void* arguments) const {
    return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
      return internal::CallStep<Scope>(
          function, object,
          fields_.template At<kIndex>().Get(
              std::get<kIndex>(Open(arguments)))...);
    }(std::make_index_sequence<sizeof...(Ds)>());
  }

  // The arrow is left to whoever reads the line.
  static bool AtEnd(TextSource& in) {
    if (!in.ok() || in.AtLineEnd()) return true;
    TextSource ahead = in;
    return ahead.TryPunctuation("->");
  }
  size_t NextArgument(TextSource& in,
                      const std::array<bool, sizeof...(Ds)>& given) const {
    for (size_t i = 0; i < sizeof...(Ds); ++i) {
      if (!given[i] && !names_[i].empty() && in.TryWord(names_[i])) return i;
    }
    for (size_t i = 0; i < sizeof...(Ds); ++i) {
      if (!given[i] && names_[i].empty()) return i;
    }
    return sizeof...(Ds);
  }
  std::string NamesWanted(const std::array<bool, sizeof...(Ds)>& given) const {
    std::string wanted = "the end of the line";
    for (size_t i = 0; i < sizeof...(Ds); ++i) {
      if (!given[i]) wanted += Concat(" or ", names_[i]);
    }
    return wanted;
  }

  Step step_;
  Prediction prediction_;
  Names names_;
  internal::Fields<Ds...> fields_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCENARIO_STEP_KIND_H_

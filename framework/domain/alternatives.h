// SPDX-License-Identifier: Apache-2.0
// Domains with alternatives: one of several domains, or none.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_ALTERNATIVES_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_ALTERNATIVES_H_

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "framework/domain/domain.h"
#include "framework/domain/structs.h"

namespace formfuzz {

// One of several domains. `V` is what the user gets: the common value type
// (OneOf) or a variant of all (VariantOf). Text: 2(value), counted from 1.
template <class V, IsDomain... Ds>
class AlternativesDomain {
  static constexpr size_t kCount = sizeof...(Ds);
  static_assert(kCount >= 1 && kCount <= 256);
  static constexpr bool kIsVariant =
      std::is_same_v<V, std::variant<ValueOf<Ds>...>>;

 public:
  using Value = V;
  using Repr = std::variant<ReprOf<Ds>...>;

  explicit AlternativesDomain(const char* kind, Ds... domains)
      : kind_(kind), fields_(std::move(domains)...) {}

  Repr Decode(ByteSource& in) const {
    const size_t chosen = in.Fixed<1>() % kCount;
    std::optional<Repr> repr;
    fields_.ForOne(chosen, [&](auto index, const auto& domain) {
      repr.emplace(std::in_place_index<index>, domain.Decode(in));
    });
    return *std::move(repr);
  }
  void Encode(const Repr& repr, ByteSink& out) const {
    out.Fixed<1>(repr.index());
    fields_.ForOne(repr.index(), [&](auto index, const auto& domain) {
      domain.Encode(std::get<index>(repr), out);
    });
  }
  std::conditional_t<std::is_same_v<Repr, Value>, const Value&, Value> Get(
      const Repr& repr) const {
    if constexpr (std::is_same_v<Repr, Value>) {
      return repr;
    } else {
      std::optional<Value> value;
      fields_.ForOne(repr.index(), [&](auto index, const auto& domain) {
        if constexpr (kIsVariant) {
          value.emplace(std::in_place_index<index>,
                        domain.Get(std::get<index>(repr)));
        } else {
          value.emplace(domain.Get(std::get<index>(repr)));
        }
      });
      return *std::move(value);
    }
  }
  size_t BytesMin() const { return 1; }

  void Mutate(Repr& repr, Mutation& mutation) const {
    Random& random = mutation.random();
    if (kCount > 1 && random.OneIn(4)) {
      repr = Smallest(random.Below(kCount), mutation.arena());
    }
    fields_.ForOne(repr.index(), [&](auto index, const auto& domain) {
      domain.Mutate(std::get<index>(repr), mutation);
    });
  }
  bool Shrink(Repr& repr, Arena& arena, Accept<Repr> accept) const {
    for (size_t earlier = 0; earlier < repr.index(); ++earlier) {
      const Repr candidate = Smallest(earlier, arena);
      if (EncodedSize(*this, candidate) > EncodedSize(*this, repr)) continue;
      if (!accept(candidate)) continue;
      repr = candidate;
      return true;
    }
    bool shrank = false;
    fields_.ForOne(repr.index(), [&](auto index, const auto& domain) {
      auto inner = std::get<index>(repr);
      shrank = domain.Shrink(inner, arena, [&](const auto& candidate) {
        Repr changed(std::in_place_index<index>, candidate);
        if (!accept(changed)) return false;
        repr = std::move(changed);
        return true;
      });
    });
    return shrank;
  }
  void Print(const Repr& repr, TextSink& out) const {
    out.PutNumber(repr.index() + 1).Put("(");
    fields_.ForOne(repr.index(), [&](auto index, const auto& domain) {
      domain.Print(std::get<index>(repr), out);
    });
    out.Put(")");
  }
  bool Parse(TextSource& in, Repr* repr) const {
    uint64_t number = 0;
    if (!in.ParseUnsigned(1, kCount, &number) || !in.Expect("(")) return false;
    bool parsed = false;
    *repr = Smallest(number - 1, in.arena());
    fields_.ForOne(number - 1, [&](auto index, const auto& domain) {
      parsed = domain.Parse(in, &std::get<index>(*repr));
    });
    return parsed && in.Expect(")");
  }
  Schema Describe() const {
    Schema schema{.kind = kind_};
    fields_.ForEach([&](auto, const auto& domain) {
      schema.children.push_back(domain.Describe());
    });
    return schema;
  }
  template <class Visit>
  void VisitHandles(Repr& repr, Visit&& visit) const {
    fields_.ForOne(repr.index(), [&](auto index, const auto& domain) {
      VisitHandlesOf(domain, std::get<index>(repr), visit);
    });
  }

 private:
  Repr Smallest(size_t chosen, Arena& arena) const {
    const auto byte = static_cast<uint8_t>(chosen);
    ByteSource in({&byte, 1}, arena);
    return Decode(in);
  }

  const char* kind_;
  internal::Fields<Ds...> fields_;
};

template <IsDomain D, IsDomain... Ds>
auto OneOf(D first, Ds... others) {
  static_assert((std::is_same_v<ValueOf<D>, ValueOf<Ds>> && ...),
                "OneOf: all alternatives give the same type; see VariantOf");
  return AlternativesDomain<ValueOf<D>, D, Ds...>("one_of", std::move(first),
                                                  std::move(others)...);
}

template <IsDomain... Ds>
auto VariantOf(Ds... alternatives) {
  return AlternativesDomain<std::variant<ValueOf<Ds>...>, Ds...>(
      "variant", std::move(alternatives)...);
}

// Text: none, or the value.
template <IsDomain D>
class OptionalDomain {
 public:
  using Value = std::optional<ValueOf<D>>;
  using Repr = std::optional<ReprOf<D>>;

  explicit OptionalDomain(D inner) : inner_(std::move(inner)) {}

  Repr Decode(ByteSource& in) const {
    if ((in.Fixed<1>() & 1) == 0) return std::nullopt;
    return inner_.Decode(in);
  }
  void Encode(const Repr& repr, ByteSink& out) const {
    out.Fixed<1>(repr.has_value());
    if (repr.has_value()) inner_.Encode(*repr, out);
  }
  decltype(auto) Get(const Repr& repr) const {
    if constexpr (std::is_same_v<Repr, Value>) {
      return static_cast<const Value&>(repr);
    } else {
      return repr.has_value() ? Value(inner_.Get(*repr)) : Value();
    }
  }
  size_t BytesMin() const { return 1; }
  void Mutate(Repr& repr, Mutation& mutation) const {
    if (!repr.has_value()) {
      repr = SmallestOf(inner_, mutation.arena());
    } else if (mutation.random().OneIn(8)) {
      repr.reset();
      return;
    }
    inner_.Mutate(*repr, mutation);
  }
  bool Shrink(Repr& repr, Arena& arena, Accept<Repr> accept) const {
    if (!repr.has_value()) return false;
    if (accept(std::nullopt)) {
      repr.reset();
      return true;
    }
    return inner_.Shrink(*repr, arena, [&](const ReprOf<D>& candidate) {
      return accept(Repr(candidate));
    });
  }
  void Print(const Repr& repr, TextSink& out) const {
    if (repr.has_value()) {
      inner_.Print(*repr, out.Put("some("));
      out.Put(")");
    } else {
      out.Put("none");
    }
  }
  bool Parse(TextSource& in, Repr* repr) const {
    if (in.TryWord("none")) {
      repr->reset();
      return true;
    }
    if (!in.TryWord("some")) return in.Fail("none or some(…)");
    *repr = SmallestOf(inner_, in.arena());
    return in.Expect("(") && inner_.Parse(in, &**repr) && in.Expect(")");
  }
  Schema Describe() const {
    return Schema{.kind = "optional", .children = {inner_.Describe()}};
  }
  template <class Visit>
  void VisitHandles(Repr& repr, Visit&& visit) const {
    if (repr.has_value()) VisitHandlesOf(inner_, *repr, visit);
  }

 private:
  D inner_;
};

template <IsDomain D>
OptionalDomain<D> OptionalOf(D inner) {
  return OptionalDomain<D>(std::move(inner));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_ALTERNATIVES_H_

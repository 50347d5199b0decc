// SPDX-License-Identifier: Apache-2.0
// Domains made from domains: alternatives, optional values, functions of
// values, conditions.
//
// Map and FlatMap keep what their inner domains decoded, so they stay
// invertible whatever the function is; text shows that inner value.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_COMBINATORS_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_COMBINATORS_H_

#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "framework/base/digest.h"
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

// What Map, Filter and other wrappers share: everything but the changed part
// goes to the inner domain.
template <IsDomain D>
class WrappingDomain {
 public:
  using Repr = ReprOf<D>;

  explicit WrappingDomain(D inner) : inner_(std::move(inner)) {}
  Repr Decode(ByteSource& in) const { return inner_.Decode(in); }
  void Encode(const Repr& repr, ByteSink& out) const {
    inner_.Encode(repr, out);
  }
  size_t BytesMin() const { return inner_.BytesMin(); }
  void Mutate(Repr& repr, Mutation& mutation) const {
    inner_.Mutate(repr, mutation);
  }
  bool Shrink(Repr& repr, Arena& arena, Accept<Repr> accept) const {
    return inner_.Shrink(repr, arena, accept);
  }
  void Print(const Repr& repr, TextSink& out) const { inner_.Print(repr, out); }
  bool Parse(TextSource& in, Repr* repr) const {
    return inner_.Parse(in, repr);
  }
  Schema Describe() const { return inner_.Describe(); }
  template <class Visit>
  void VisitHandles(Repr& repr, Visit&& visit) const {
    VisitHandlesOf(inner_, repr, visit);
  }

 protected:
  const D& inner() const { return inner_; }

 private:
  D inner_;
};

template <class F, IsDomain D>
class MapDomain : public WrappingDomain<D> {
 public:
  using Value = std::decay_t<std::invoke_result_t<F, ValueOf<D>>>;

  MapDomain(F function, D inner)
      : WrappingDomain<D>(std::move(inner)), function_(std::move(function)) {}
  Value Get(const ReprOf<D>& repr) const {
    return function_(this->inner().Get(repr));
  }

 private:
  F function_;
};

// The values function(v), deterministic, for v in `inner`.
template <class F, IsDomain D>
MapDomain<F, D> Map(F function, D inner) {
  return MapDomain<F, D>(std::move(function), std::move(inner));
}

template <class P, IsDomain D>
class FilterDomain : public WrappingDomain<D> {
 public:
  using Value = ValueOf<D>;
  using Repr = ReprOf<D>;

  FilterDomain(P predicate, D inner)
      : WrappingDomain<D>(std::move(inner)), predicate_(std::move(predicate)) {
    Arena arena;
    std::optional<Repr> found = Search(0, kSearchesMax, arena);
    FORMFUZZ_CHECK(found.has_value(),
                   "Filter: none of 10000 values satisfies the condition; "
                   "build valid values instead");
    ByteSink bytes;
    this->inner().Encode(*found, bytes);
    fallback_.assign(bytes.bytes().begin(), bytes.bytes().end());
  }

  Repr Decode(ByteSource& in) const {
    Repr repr = this->inner().Decode(in);
    if (Holds(repr)) [[likely]]
      return repr;
    return Replace(repr, in.arena());
  }
  decltype(auto) Get(const Repr& repr) const { return this->inner().Get(repr); }
  void Mutate(Repr& repr, Mutation& mutation) const {
    Repr changed = repr;
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
      this->inner().Mutate(changed, mutation);
      if (!Holds(changed)) continue;
      repr = changed;
      return;
    }
  }
  bool Shrink(Repr& repr, Arena& arena, Accept<Repr> accept) const {
    return this->inner().Shrink(repr, arena, [&](const Repr& candidate) {
      return Holds(candidate) && accept(candidate);
    });
  }
  bool Parse(TextSource& in, Repr* repr) const {
    if (!this->inner().Parse(in, repr)) return false;
    if (Holds(*repr)) return true;
    if (!in.lenient()) return in.Fail("a value that the filter lets through");
    *repr = Replace(*repr, in.arena());
    return true;
  }

 private:
  static constexpr int kAttemptsMax = 16;
  static constexpr int kSearchesMax = 10'000;
  static constexpr size_t kSearchBytes = 64;

  bool Holds(const Repr& repr) const {
    return predicate_(this->inner().Get(repr));
  }
  // Decodes a few pseudo-random strings that `seed` alone decides.
  std::optional<Repr> Search(uint64_t seed, int attempts, Arena& arena) const {
    Random random(seed);
    for (int attempt = 0; attempt < attempts; ++attempt) {
      const auto bytes = arena.NewArray<uint8_t>(
          attempt == 0 ? 0 : random.Below(kSearchBytes + 1));
      for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.Next());
      ByteSource in(bytes, arena);
      Repr repr = this->inner().Decode(in);
      if (Holds(repr)) return repr;
    }
    return std::nullopt;
  }
  Repr Replace(const Repr& repr, Arena& arena) const {
    ByteSink bytes;
    this->inner().Encode(repr, bytes);
    std::optional<Repr> found =
        Search(DigestOf(bytes.bytes()), kAttemptsMax, arena);
    if (found.has_value()) return *std::move(found);
    ByteSource in(AsBytes(arena.Copy(fallback_)), arena);
    return this->inner().Decode(in);
  }

  P predicate_;
  std::string fallback_;  // encoded; satisfies the predicate
};

// The values of `inner` for which predicate(v) holds. It must hold for a fair
// share of them: what it refuses is replaced, deterministically.
template <class P, IsDomain D>
FilterDomain<P, D> Filter(P predicate, D inner) {
  return FilterDomain<P, D>(std::move(predicate), std::move(inner));
}

// A domain that depends on a value. Text: (outer, inner).
template <class F, IsDomain Outer>
class FlatMapDomain {
 public:
  using Inner = std::decay_t<std::invoke_result_t<F, ValueOf<Outer>>>;
  using Value = ValueOf<Inner>;
  using Repr = std::pair<ReprOf<Outer>, ReprOf<Inner>>;

  FlatMapDomain(F function, Outer outer)
      : function_(std::move(function)), outer_(std::move(outer)) {}

  Repr Decode(ByteSource& in) const {
    ReprOf<Outer> outer = outer_.Decode(in);
    ReprOf<Inner> inner = InnerFor(outer).Decode(in);
    return {std::move(outer), std::move(inner)};
  }
  void Encode(const Repr& repr, ByteSink& out) const {
    outer_.Encode(repr.first, out);
    InnerFor(repr.first).Encode(repr.second, out);
  }
  Value Get(const Repr& repr) const {
    return InnerFor(repr.first).Get(repr.second);
  }
  size_t BytesMin() const { return outer_.BytesMin(); }
  void Mutate(Repr& repr, Mutation& mutation) const {
    if (!mutation.random().OneIn(4)) {
      InnerFor(repr.first).Mutate(repr.second, mutation);
      return;
    }
    const Inner before = InnerFor(repr.first);
    outer_.Mutate(repr.first, mutation);
    repr.second =
        Refit(before, repr.second, InnerFor(repr.first), mutation.arena());
  }
  bool Shrink(Repr& repr, Arena& arena, Accept<Repr> accept) const {
    ReprOf<Outer> outer = repr.first;
    bool shrank =
        outer_.Shrink(outer, arena, [&](const ReprOf<Outer>& candidate) {
          const Inner before = InnerFor(repr.first);
          Repr changed(candidate,
                       Refit(before, repr.second, InnerFor(candidate), arena));
          if (!accept(changed)) return false;
          repr = std::move(changed);
          return true;
        });
    ReprOf<Inner> inner = repr.second;
    shrank |= InnerFor(repr.first)
                  .Shrink(inner, arena, [&](const ReprOf<Inner>& candidate) {
                    Repr changed(repr.first, candidate);
                    if (!accept(changed)) return false;
                    repr = std::move(changed);
                    return true;
                  });
    return shrank;
  }
  void Print(const Repr& repr, TextSink& out) const {
    outer_.Print(repr.first, out.Put("("));
    InnerFor(repr.first).Print(repr.second, out.Put(", "));
    out.Put(")");
  }
  bool Parse(TextSource& in, Repr* repr) const {
    repr->first = SmallestOf(outer_, in.arena());
    if (!in.Expect("(") || !outer_.Parse(in, &repr->first)) return false;
    const Inner inner = InnerFor(repr->first);
    repr->second = SmallestOf(inner, in.arena());
    return in.Expect(",") && inner.Parse(in, &repr->second) && in.Expect(")");
  }
  Schema Describe() const {
    return Schema{.kind = "dependent", .children = {outer_.Describe()}};
  }

 private:
  Inner InnerFor(const ReprOf<Outer>& outer) const {
    return function_(outer_.Get(outer));
  }

  F function_;
  Outer outer_;
};

// function(v) gives the domain to draw from, for v in `outer`.
template <class F, IsDomain D>
FlatMapDomain<F, D> FlatMap(F function, D outer) {
  return FlatMapDomain<F, D>(std::move(function), std::move(outer));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_COMBINATORS_H_

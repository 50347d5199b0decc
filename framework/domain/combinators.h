// SPDX-License-Identifier: Apache-2.0
// Domains made from domains: functions of values, conditions, domains that
// depend on a value.
//
// Map and FlatMap keep what their inner domains decoded, so they stay
// invertible whatever the function is; text shows that inner value.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_COMBINATORS_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_COMBINATORS_H_

#include <optional>
#include <utility>

#include "framework/base/digest.h"
#include "framework/domain/domain.h"

namespace formfuzz {

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

// SPDX-License-Identifier: Apache-2.0
// Domains joined by place, without names: pairs, tuples, arrays, maps, and
// the values of a function of several arguments.
//
// Encoded one after the other. Text: (first, second).
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_TUPLES_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_TUPLES_H_

#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "framework/domain/combinators.h"
#include "framework/domain/containers.h"
#include "framework/domain/structs.h"

namespace formfuzz {

// The values join(v…), deterministic, for v in each of the domains.
template <class Join, IsDomain... Ds>
class JoinedDomain {
 public:
  using Value = std::decay_t<std::invoke_result_t<Join, ValueOf<Ds>...>>;
  using Repr = std::tuple<ReprOf<Ds>...>;

  JoinedDomain(Join join, Ds... parts)
      : join_(std::move(join)), parts_(std::move(parts)...) {}

  Repr Decode(ByteSource& in) const {
    return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
      return Repr{parts_.template At<kIndex>().Decode(in)...};
    }(kPlaces);
  }
  void Encode(const Repr& repr, ByteSink& out) const {
    parts_.ForEach([&](auto index, const auto& part) {
      part.Encode(std::get<index>(repr), out);
    });
  }
  Value Get(const Repr& repr) const {
    return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
      return join_(parts_.template At<kIndex>().Get(std::get<kIndex>(repr))...);
    }(kPlaces);
  }
  size_t BytesMin() const { return parts_.BytesMin(); }

  void Mutate(Repr& repr, Mutation& mutation) const {
    parts_.ForOne(mutation.random().Below(sizeof...(Ds)),
                  [&](auto index, const auto& part) {
                    part.Mutate(std::get<index>(repr), mutation);
                  });
  }
  bool Shrink(Repr& repr, Arena& arena, Accept<Repr> accept) const {
    bool shrank = false;
    parts_.ForEach([&](auto index, const auto& part) {
      auto one = std::get<index>(repr);
      shrank |= part.Shrink(one, arena, [&](const auto& candidate) {
        Repr changed = repr;
        std::get<index>(changed) = candidate;
        if (!accept(changed)) return false;
        repr = std::move(changed);
        return true;
      });
    });
    return shrank;
  }

  void Print(const Repr& repr, TextSink& out) const {
    parts_.ForEach([&](auto index, const auto& part) {
      out.Put(index == 0 ? "(" : ", ");
      part.Print(std::get<index>(repr), out);
    });
    out.Put(")");
  }
  bool Parse(TextSource& in, Repr* repr) const {
    *repr = SmallestOf(*this, in.arena());
    bool parsed = true;
    parts_.ForEach([&](auto index, const auto& part) {
      parsed = parsed && in.Expect(index == 0 ? "(" : ",") &&
               part.Parse(in, &std::get<index>(*repr));
    });
    return parsed && in.Expect(")");
  }
  Schema Describe() const {
    Schema schema = parts_.Describe(kNoNames);
    schema.kind = "tuple";
    return schema;
  }
  template <class Visit>
  void VisitHandles(Repr& repr, Visit&& visit) const {
    parts_.ForEach([&](auto index, const auto& part) {
      VisitHandlesOf(part, std::get<index>(repr), visit);
    });
  }

 private:
  static_assert(sizeof...(Ds) > 0, "a tuple of nothing: use Just");
  static constexpr std::index_sequence_for<Ds...> kPlaces = {};
  static constexpr std::array<std::string_view, sizeof...(Ds)> kNoNames = {};

  Join join_;
  internal::Fields<Ds...> parts_;
};

// A function of several values; text shows these.
template <class Join, IsDomain First, IsDomain Second, IsDomain... Ds>
auto Map(Join join, First first, Second second, Ds... others) {
  return JoinedDomain<Join, First, Second, Ds...>(
      std::move(join), std::move(first), std::move(second),
      std::move(others)...);
}

template <IsDomain... Ds>
auto TupleOf(Ds... parts) {
  const auto join = [](const ValueOf<Ds>&... values) {
    return std::tuple<ValueOf<Ds>...>(values...);
  };
  return JoinedDomain<decltype(join), Ds...>(join, std::move(parts)...);
}

template <IsDomain First, IsDomain Second>
auto PairOf(First first, Second second) {
  return Map(
      [](const ValueOf<First>& a, const ValueOf<Second>& b) {
        return std::pair<ValueOf<First>, ValueOf<Second>>(a, b);
      },
      std::move(first), std::move(second));
}

template <size_t kSize, IsDomain D>
auto ArrayOf(D element) {
  const auto join = []<size_t... kIndex>(std::index_sequence<kIndex...>,
                                         const auto& values) {
    return std::array<ValueOf<D>, kSize>{values[kIndex]...};
  };
  return Map(
      [join](const std::vector<ValueOf<D>>& values) {
        return join(std::make_index_sequence<kSize>(), values);
      },
      VectorOf(std::move(element)).WithSize(kSize));
}

// Of two entries with the same key the first counts.
template <IsDomain Key, IsDomain Mapped>
auto MapOf(Key key, Mapped mapped) {
  return ContainerOf<std::map<ValueOf<Key>, ValueOf<Mapped>>>(
      PairOf(std::move(key), std::move(mapped)));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_TUPLES_H_

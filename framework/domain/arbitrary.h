// SPDX-License-Identifier: Apache-2.0
// Arbitrary<T>(): every value of T, for numbers, bool, enums, strings,
// durations, standard containers, optionals, variants, pairs, tuples, arrays
// and aggregates of these.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_ARBITRARY_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_ARBITRARY_H_

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "framework/domain/alternatives.h"
#include "framework/domain/choices.h"
#include "framework/domain/combinators.h"
#include "framework/domain/containers.h"
#include "framework/domain/numbers.h"
#include "framework/domain/strings.h"
#include "framework/domain/structs.h"
#include "framework/domain/tuples.h"

namespace formfuzz {

template <class T>
auto Arbitrary();

namespace internal {

template <class T>
struct ArbitraryOf {
  static_assert(std::is_aggregate_v<T>,
                "Arbitrary: no domain for this type; make one with Map");
  static auto Make() {
    return []<size_t... kIndex>(std::index_sequence<kIndex...>) {
      return StructOf<T>(
          Arbitrary<boost::pfr::tuple_element_t<kIndex, T>>()...);
    }(std::make_index_sequence<kFieldCount<T>>());
  }
};
template <class T>
  requires std::integral<T>
struct ArbitraryOf<T> {
  static auto Make() {
    return InRange(std::numeric_limits<T>::min(),
                   std::numeric_limits<T>::max());
  }
};
template <>
struct ArbitraryOf<bool> {
  static auto Make() { return BoolDomain(); }
};
template <class T>
  requires std::floating_point<T>
struct ArbitraryOf<T> {
  static auto Make() { return FloatDomain<T>(); }
};
template <class T>
  requires std::is_enum_v<T>
struct ArbitraryOf<T> {
  static auto Make() { return EnumOf<T>(); }
};
template <>
struct ArbitraryOf<std::string> {
  static auto Make() { return BytesString<std::string>(); }
};
template <>
struct ArbitraryOf<std::string_view> {
  static auto Make() { return BytesString<std::string_view>(); }
};
template <class T>
struct ArbitraryOf<std::span<const T>> {
  static auto Make() { return SpanOf(Arbitrary<T>()); }
};
// What a container's values are made as: the key of a map's is const.
template <class V>
struct MadeAs {
  using Type = V;
};
template <class K, class V>
struct MadeAs<std::pair<const K, V>> {
  using Type = std::pair<K, V>;
};
template <class C>
concept Insertable = requires(C container, typename C::value_type value) {
  container.insert(container.end(), std::move(value));
};
template <Insertable C>
struct ArbitraryOf<C> {
  static auto Make() {
    using Element = typename MadeAs<typename C::value_type>::Type;
    return ContainerOf<C>(Arbitrary<Element>());
  }
};
template <class T, size_t kSize>
struct ArbitraryOf<std::array<T, kSize>> {
  static auto Make() { return ArrayOf<kSize>(Arbitrary<T>()); }
};
template <class T>
struct ArbitraryOf<std::optional<T>> {
  static auto Make() { return OptionalOf(Arbitrary<T>()); }
};
template <class... Ts>
struct ArbitraryOf<std::variant<Ts...>> {
  static auto Make() { return VariantOf(Arbitrary<Ts>()...); }
};
template <class First, class Second>
struct ArbitraryOf<std::pair<First, Second>> {
  static auto Make() { return PairOf(Arbitrary<First>(), Arbitrary<Second>()); }
};
template <class... Ts>
struct ArbitraryOf<std::tuple<Ts...>> {
  static auto Make() { return TupleOf(Arbitrary<Ts>()...); }
};
template <class Count, class Unit>
struct ArbitraryOf<std::chrono::duration<Count, Unit>> {
  static auto Make() {
    return Map([](Count n) { return std::chrono::duration<Count, Unit>(n); },
               Arbitrary<Count>());
  }
};

}  // namespace internal

template <class T>
auto Arbitrary() {
  return internal::ArbitraryOf<T>::Make();
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_ARBITRARY_H_

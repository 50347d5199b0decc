// SPDX-License-Identifier: Apache-2.0
// Arbitrary<T>(): every value of T, for numbers, bool, enums, strings,
// containers, optionals, variants, pairs and aggregates of these.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_ARBITRARY_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_ARBITRARY_H_

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "framework/domain/alternatives.h"
#include "framework/domain/choices.h"
#include "framework/domain/combinators.h"
#include "framework/domain/containers.h"
#include "framework/domain/numbers.h"
#include "framework/domain/strings.h"
#include "framework/domain/structs.h"

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
struct ArbitraryOf<std::vector<T>> {
  static auto Make() { return VectorOf(Arbitrary<T>()); }
};
template <class T>
struct ArbitraryOf<std::span<const T>> {
  static auto Make() { return SpanOf(Arbitrary<T>()); }
};
template <class T>
struct ArbitraryOf<std::set<T>> {
  static auto Make() { return ContainerOf<std::set<T>>(Arbitrary<T>()); }
};
template <class K, class V>
struct ArbitraryOf<std::map<K, V>> {
  static auto Make() {
    return ContainerOf<std::map<K, V>>(Arbitrary<std::pair<K, V>>());
  }
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
struct PairFields {
  First first;
  Second second;
};
template <class First, class Second>
struct ArbitraryOf<std::pair<First, Second>> {
  static auto Make() {
    using Fields = PairFields<First, Second>;
    return Map([](const Fields& f) { return std::pair(f.first, f.second); },
               ArbitraryOf<Fields>::Make());
  }
};

}  // namespace internal

template <class T>
auto Arbitrary() {
  return internal::ArbitraryOf<T>::Make();
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_ARBITRARY_H_

// SPDX-License-Identifier: Apache-2.0
// Names of the fields of an aggregate and of the values of an enum, taken
// from what the compiler prints of them (clang 16 and gcc 11 or newer).
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_REFLECTION_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_REFLECTION_H_

#include <array>
#include <boost/pfr.hpp>
#include <string>
#include <string_view>
#include <utility>

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif

namespace formfuzz {
namespace internal {

// Never defined: only the addresses of its parts are named.
template <class T>
struct Specimen {
  T value;
};
template <class T>
extern const Specimen<T> kSpecimen;

template <auto kThing>
consteval std::string_view Printed() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find('=') + 1);
  const size_t end = text.find_first_of(";]");
  text = text.substr(0, end);
  while (text.back() == ')' || text.back() == ' ') text.remove_suffix(1);
  return text;
}

consteval std::string_view LastName(std::string_view text) {
  const size_t before = text.find_last_of(".:&) ");
  return before == std::string_view::npos ? text : text.substr(before + 1);
}

template <class T, size_t kIndex>
consteval std::string_view FieldName() {
  return LastName(Printed<&boost::pfr::get<kIndex>(kSpecimen<T>.value)>());
}

// Empty where the enum has no such value.
template <class E, int kNumber>
consteval std::string_view EnumeratorName() {
  const std::string_view text = Printed<static_cast<E>(kNumber)>();
  const std::string_view name = LastName(text);
  const char first = name.empty() ? '0' : name.front();
  const bool is_name = first == '_' || (first >= 'a' && first <= 'z') ||
                       (first >= 'A' && first <= 'Z');
  return is_name ? name : std::string_view();
}

inline constexpr int kEnumeratorsMax = 64;  // values 0 to 63 are looked for

// kReadOnly becomes read_only.
inline std::string Snake(std::string_view name) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (name.size() > 1 && name[0] == 'k' && upper(name[1])) {
    name.remove_prefix(1);
  }
  std::string snake;
  for (const char c : name) {
    if (upper(c) && !snake.empty() && snake.back() != '_') snake += '_';
    snake += upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return snake;
}

}  // namespace internal

template <class T>
inline constexpr size_t kFieldCount = boost::pfr::tuple_size_v<T>;

// In order of declaration; string literals' lifetime.
template <class T>
constexpr auto FieldNames() {
  return []<size_t... kIndex>(std::index_sequence<kIndex...>) {
    return std::array<std::string_view, sizeof...(kIndex)>{
        internal::FieldName<T, kIndex>()...};
  }(std::make_index_sequence<kFieldCount<T>>());
}

}  // namespace formfuzz

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_REFLECTION_H_

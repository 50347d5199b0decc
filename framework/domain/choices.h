// SPDX-License-Identifier: Apache-2.0
// Domains that choose: one constant, one of several values, one of an enum.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_CHOICES_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_CHOICES_H_

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/domain/domain.h"
#include "framework/domain/range_code.h"
#include "framework/domain/reflection.h"

namespace formfuzz {
namespace internal {

template <class T>
std::string WordFor(const T& value, size_t index) {
  TextSink out;
  if constexpr (std::is_same_v<T, bool>) {
    out.Put(value ? "true" : "false");
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    out.Put(std::string_view(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    out.PutNumber(static_cast<double>(value));
  } else if constexpr (std::is_integral_v<T>) {
    out.PutNumber(value);
  } else {
    out.Put("option").PutNumber(index + 1);
  }
  return out.Take();
}

}  // namespace internal

// One of a fixed list, each with the word that stands for it in text. Values
// must be comparable with ==; where one occurs twice the first counts.
template <class T>
class ElementDomain {
 public:
  using Value = T;
  using Repr = T;

  explicit ElementDomain(std::vector<std::pair<std::string, T>> elements)
      : list_(std::make_shared<const List>(std::move(elements))),
        first_(list_->values.data()),
        consecutive_(AreConsecutive(list_->values)),
        code_(list_->values.size() - 1) {}

  [[gnu::always_inline]] Repr Decode(ByteSource& in) const {
    return first_[code_.Decode(in)];
  }
  void Encode(const Repr& value, ByteSink& out) const {
    code_.Encode(IndexOf(value), out);
  }
  const Value& Get(const Repr& value) const { return value; }
  size_t BytesMin() const { return code_.width(); }
  void Mutate(Repr& value, Mutation& mutation) const {
    value = list_->values[mutation.random().Below(list_->values.size())];
  }
  bool Shrink(Repr& value, Arena&, Accept<Repr> accept) const {
    const size_t now = IndexOf(value);
    for (size_t index = 0; index < now; ++index) {
      if (!accept(list_->values[index])) continue;
      value = list_->values[index];
      return true;
    }
    return false;
  }
  void Print(const Repr& value, TextSink& out) const {
    const std::string& word = list_->words[IndexOf(value)];
    IsBare(word) ? out.Put(word) : out.PutQuoted(word);
  }
  bool Parse(TextSource& in, Repr* value) const {
    for (size_t index = 0; index < list_->words.size(); ++index) {
      const std::string& word = list_->words[index];
      if (word.empty() || (!IsBare(word) && !in.lenient())) continue;
      if (IsName(word) ? in.TryWord(word) : in.TryNumber(word)) {
        *value = list_->values[index];
        return true;
      }
    }
    return ParseQuotedWord(in, value);
  }
  Schema Describe() const {
    return Schema{.kind = "option", .options = list_->words};
  }

 private:
  struct List {
    explicit List(std::vector<std::pair<std::string, T>> elements) {
      FORMFUZZ_CHECK(!elements.empty(), "ElementOf: nothing to choose from");
      FORMFUZZ_CHECK(elements.size() <= 65536, "ElementOf: above 65536 values");
      for (auto& [word, value] : elements) {
        words.push_back(std::move(word));
        values.push_back(std::move(value));
      }
      views.assign(words.begin(), words.end());
    }
    std::vector<std::string> words;
    std::vector<std::string_view> views;
    std::vector<T> values;
  };

  static bool IsBare(std::string_view word) {
    if constexpr (std::is_arithmetic_v<T>) return true;
    return IsName(word);
  }
  bool ParseQuotedWord(TextSource& in, Repr* value) const {
    std::string_view text;
    const bool quoted =
        in.TryPunctuation("\"\"") || (!AllBare() && in.ParseQuoted(&text));
    for (size_t i = 0; quoted && i < list_->words.size(); ++i) {
      if (list_->words[i] != text || IsBare(text)) continue;
      *value = list_->values[i];
      return true;
    }
    size_t index = 0;
    return in.ParseOption(list_->views, &index);  // fails, names them all
  }
  bool AllBare() const {
    return std::all_of(list_->words.begin(), list_->words.end(),
                       [](std::string_view word) { return IsBare(word); });
  }
  static constexpr bool kIsNumber = std::is_integral_v<T> || std::is_enum_v<T>;
  static bool AreConsecutive(const std::vector<T>& values) {
    if constexpr (kIsNumber) {
      for (size_t i = 0; i < values.size(); ++i) {
        if (Distance(values[0], values[i]) != i) return false;
      }
    }
    return kIsNumber;
  }
  static uint64_t Distance(const T& from, const T& to) {
    return static_cast<uint64_t>(to) - static_cast<uint64_t>(from);
  }
  size_t IndexOf(const T& value) const {
    if constexpr (kIsNumber) {
      if (consecutive_) [[likely]] {
        const uint64_t index = Distance(*first_, value);
        return index <= code_.highest() ? index : 0;
      }
    }
    const auto& values = list_->values;
    const auto found = std::find(values.begin(), values.end(), value);
    return found == values.end() ? 0
                                 : static_cast<size_t>(found - values.begin());
  }

  std::shared_ptr<const List> list_;
  const T* first_;    // of the values, for the hot path
  bool consecutive_;  // as most enums' are: no need to look for one
  RangeCode code_;
};

// Words are made from the values: numbers, strings, true and false.
template <class T>
ElementDomain<T> ElementOf(std::vector<T> values) {
  std::vector<std::pair<std::string, T>> elements;
  for (T& value : values) {
    std::string word = internal::WordFor(value, elements.size());
    elements.emplace_back(std::move(word), std::move(value));
  }
  return ElementDomain<T>(std::move(elements));
}
template <class T>
ElementDomain<T> ElementOf(std::initializer_list<T> values) {
  return ElementOf(std::vector<T>(values));
}

// With words of your own: OptionOf<Level>({{"none", Level::kNone}, …}).
template <class T>
ElementDomain<T> OptionOf(std::vector<std::pair<std::string, T>> elements) {
  return ElementDomain<T>(std::move(elements));
}

// The enumerators with values 0 to 63; kReadOnly is written read_only.
template <class E>
  requires std::is_enum_v<E>
ElementDomain<E> EnumOf() {
  static const ElementDomain<E> domain = [] {
    std::vector<std::pair<std::string, E>> elements;
    [&]<int... kNumber>(std::integer_sequence<int, kNumber...>) {
      const auto add = [&](std::string_view name, int number) {
        if (name.empty()) return;
        elements.emplace_back(internal::Snake(name), static_cast<E>(number));
      };
      (add(internal::EnumeratorName<E, kNumber>(), kNumber), ...);
    }(std::make_integer_sequence<int, internal::kEnumeratorsMax>());
    return ElementDomain<E>(std::move(elements));
  }();
  return domain;
}

// One value; takes no bytes.
template <class T>
ElementDomain<T> Just(T value) {
  return ElementOf<T>({std::move(value)});
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_CHOICES_H_

// SPDX-License-Identifier: Apache-2.0
// Domains of strings: any bytes, ASCII, printable ASCII, a regular language.
//
// A string is encoded as its length (counted from the least, in 0, 1, 2 or 4
// bytes as the bounds need) and its bytes. `String` is std::string, or
// std::string_view: views point into the input where its bytes are in the
// alphabet already, into the arena where they are not.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_STRINGS_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_STRINGS_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "framework/domain/domain.h"
#include "framework/domain/range_code.h"
#include "framework/domain/regexp/regexp.h"

namespace formfuzz {

// A run of consecutive byte values.
struct Alphabet {
  uint8_t lowest;
  uint16_t count;

  bool Has(uint8_t byte) const {
    return static_cast<uint8_t>(byte - lowest) < count;
  }
  uint8_t Fold(uint8_t byte) const {
    return Has(byte) ? byte : static_cast<uint8_t>(lowest + byte % count);
  }
};

inline constexpr Alphabet kAnyByte{0, 256};
inline constexpr Alphabet kAscii{0, 128};
inline constexpr Alphabet kPrintable{' ', 95};

inline constexpr size_t kStringSizeMax = 64;  // unless a domain says otherwise

template <class String>
class StringDomain {
 public:
  using Value = String;
  using Repr = String;

  explicit StringDomain(Alphabet alphabet) : alphabet_(alphabet) { Measure(); }

  StringDomain& WithMinSize(size_t size) {
    size_min_ = size;
    size_max_ = std::max(size_max_, size);
    return Measure();
  }
  StringDomain& WithMaxSize(size_t size) {
    size_max_ = size;
    return Measure();
  }
  StringDomain& WithSize(size_t size) {
    size_min_ = size_max_ = size;
    return Measure();
  }

  [[gnu::always_inline]] Repr Decode(ByteSource& in) const {
    const size_t size = size_min_ + code_.Decode(in);
    if (size > in.left() || alphabet_.count != 256) {
      std::pair<Repr, ByteSource> fitted = Fit(size, in);
      in.ContinueAt(fitted.second);
      return std::move(fitted.first);
    }
    return Repr(AsText(in.Take(size)));
  }
  void Encode(const Repr& value, ByteSink& out) const {
    code_.Encode(value.size() - size_min_, out);
    out.Put(AsBytes(value));
  }
  const Value& Get(const Repr& value) const { return value; }
  size_t BytesMin() const { return code_.width() + size_min_; }

  void Mutate(Repr& value, Mutation& mutation) const {
    const std::span<uint8_t> bytes =
        mutation.arena().NewArray<uint8_t>(size_max_);
    std::copy(value.begin(), value.end(), bytes.begin());
    const size_t size =
        mutation.MutateBytes(bytes.data(), value.size(), size_min_, size_max_);
    for (uint8_t& byte : bytes.first(size)) byte = alphabet_.Fold(byte);
    value = Repr(AsText(bytes.first(size)));
  }

  // Shorter by halves, then byte by byte, then simpler bytes.
  bool Shrink(Repr& value, Arena& arena, Accept<Repr> accept) const {
    bool shrank = false;
    for (size_t cut = value.size() - size_min_; cut > 0; cut /= 2) {
      for (size_t at = 0;
           at + cut <= value.size() && value.size() - cut >= size_min_;) {
        std::string shorter(value);
        shorter.erase(at, cut);
        if (Try(shorter, arena, accept, &value)) {
          shrank = true;
        } else {
          at += cut;
        }
      }
    }
    return Simplify(value, arena, accept) || shrank;
  }

  void Print(const Repr& value, TextSink& out) const { out.PutQuoted(value); }
  bool Parse(TextSource& in, Repr* value) const {
    std::string_view text;
    if (!in.ParseQuoted(&text)) return false;
    const bool fits = text.size() >= size_min_ && text.size() <= size_max_ &&
                      InAlphabet(AsBytes(text));
    if (!fits && !in.lenient()) {
      return in.Fail(Concat("a string of ", size_min_, " to ", size_max_,
                            " bytes of the field's alphabet, before this"));
    }
    const size_t size = std::clamp(text.size(), size_min_, size_max_);
    *value =
        fits ? Repr(text)
             : Repr(Folded(AsBytes(text.substr(0, size)), size, in.arena()));
    return true;
  }
  Schema Describe() const {
    return Schema{.kind = "string",
                  .text = Concat(alphabet_.lowest, "+", alphabet_.count),
                  .lowest = size_min_,
                  .highest = size_max_};
  }

 private:
  StringDomain& Measure() {
    FORMFUZZ_CHECK(size_min_ <= size_max_, "string: least size above largest");
    code_ = RangeCode(size_max_ - size_min_);
    return *this;
  }
  bool InAlphabet(Bytes bytes) const {
    return alphabet_.count == 256 ||
           std::all_of(bytes.begin(), bytes.end(),
                       [this](uint8_t byte) { return alphabet_.Has(byte); });
  }
  // A length past the end of the input, or bytes that must be looked at. Not
  // inline, so that the path above is, and by value, so that the source it
  // reads from stays in registers.
  [[gnu::noinline]] std::pair<Repr, ByteSource> Fit(size_t size,
                                                    ByteSource in) const {
    size = std::min(size, std::max(size_min_, in.left()));
    const Bytes taken = in.Take(size);
    const bool whole = taken.size() == size && InAlphabet(taken);
    return {Repr(whole ? AsText(taken) : Folded(taken, size, in.arena())), in};
  }
  // Of `size` bytes; what is missing is the alphabet's fold of zero.
  std::string_view Folded(Bytes bytes, size_t size, Arena& arena) const {
    const std::span<uint8_t> folded = arena.NewArray<uint8_t>(size);
    std::copy(bytes.begin(), bytes.end(), folded.begin());
    for (uint8_t& byte : folded) byte = alphabet_.Fold(byte);
    return AsText(folded);
  }
  static bool Try(const std::string& text, Arena& arena, Accept<Repr> accept,
                  Repr* value) {
    const Repr candidate(arena.Copy(text));
    if (!accept(candidate)) return false;
    *value = candidate;
    return true;
  }
  bool Simplify(Repr& value, Arena& arena, Accept<Repr> accept) const {
    const uint8_t plain = alphabet_.Has('a') ? 'a' : alphabet_.lowest;
    bool shrank = false;
    for (size_t i = 0; i < value.size(); ++i) {
      if (static_cast<uint8_t>(value[i]) == plain) continue;
      std::string simpler(value);
      simpler[i] = static_cast<char>(plain);
      shrank |= Try(simpler, arena, accept, &value);
    }
    return shrank;
  }

  Alphabet alphabet_;
  size_t size_min_ = 0;
  size_t size_max_ = kStringSizeMax;
  RangeCode code_{kStringSizeMax};  // of the length, less the least
};

template <class String = std::string>
StringDomain<String> BytesString() {
  return StringDomain<String>(kAnyByte);
}
template <class String = std::string>
StringDomain<String> AsciiString() {
  return StringDomain<String>(kAscii);
}
template <class String = std::string>
StringDomain<String> PrintableAsciiString() {
  return StringDomain<String>(kPrintable);
}

// Strings that match a pattern (framework/domain/regexp/regexp.h gives the
// syntax). Each byte of the encoding decides one branch of the automaton.
template <class String>
class RegexpDomain {
 public:
  using Value = String;
  using Repr = String;

  explicit RegexpDomain(std::string pattern) : pattern_(std::move(pattern)) {
    absl::StatusOr<Regexp> regexp = Regexp::Compile(pattern_);
    FORMFUZZ_CHECK(regexp.ok(), Concat("InRegexp: ",
                                       std::string(regexp.status().message())));
    regexp_ = std::make_shared<const Regexp>(*std::move(regexp));
  }
  RegexpDomain& WithMaxSize(size_t size) {
    size_max_ = size;
    return *this;
  }

  Repr Decode(ByteSource& in) const {
    std::string text;
    regexp_->Generate(
        [&in](size_t n) {
          return static_cast<size_t>(in.Fixed(n > 256 ? 2 : 1)) % n;
        },
        size_max_, &text);
    return Own(text, in.arena());
  }
  void Encode(const Repr& value, ByteSink& out) const {
    const bool explained =
        regexp_->Explain(value, size_max_, [&out](size_t choice, size_t n) {
          out.Fixed(n > 256 ? 2 : 1, choice);
        });
    FORMFUZZ_CHECK(explained, "InRegexp: a value outside the language");
  }
  const Value& Get(const Repr& value) const { return value; }
  size_t BytesMin() const { return 0; }

  void Mutate(Repr& value, Mutation& mutation) const {
    ByteSink choices;
    Encode(value, choices);
    const size_t size_max = choices.size() + 8;  // room to grow a little
    const std::span<uint8_t> bytes =
        mutation.arena().NewArray<uint8_t>(size_max);
    std::copy(choices.bytes().begin(), choices.bytes().end(), bytes.begin());
    const size_t size =
        mutation.MutateBytes(bytes.data(), choices.size(), 0, size_max);
    ByteSource in(bytes.first(size), mutation.arena());
    value = Decode(in);
  }
  // Zeroes and cuts choices: a zero is the shortest way to an end.
  bool Shrink(Repr& value, Arena& arena, Accept<Repr> accept) const {
    ByteSink sink;
    Encode(value, sink);
    for (size_t keep = 0; keep < sink.size(); ++keep) {
      ByteSource in(sink.bytes().first(keep), arena);
      const Repr candidate = Decode(in);
      if (candidate.size() > value.size() || candidate == value) continue;
      // A shorter text may take more choices, where the other has no others.
      ByteSink taken;
      Encode(candidate, taken);
      if (taken.size() > sink.size() || !accept(candidate)) continue;
      value = candidate;
      return true;
    }
    return false;
  }
  void Print(const Repr& value, TextSink& out) const { out.PutQuoted(value); }
  bool Parse(TextSource& in, Repr* value) const {
    std::string_view text;
    if (!in.ParseQuoted(&text)) return false;
    if (regexp_->Explain(text, size_max_, [](size_t, size_t) {})) {
      *value = Repr(text);
      return true;
    }
    if (!in.lenient()) {
      return in.Fail(
          Concat("a string that matches ", pattern_, ", before this"));
    }
    *value = SmallestOf(*this, in.arena());
    return true;
  }
  Schema Describe() const {
    return Schema{.kind = "regexp", .text = pattern_, .highest = size_max_};
  }

 private:
  static Repr Own(const std::string& text, Arena& arena) {
    if constexpr (std::is_same_v<Repr, std::string>) return text;
    return Repr(arena.Copy(text));
  }

  std::string pattern_;
  size_t size_max_ = kStringSizeMax;
  std::shared_ptr<const Regexp> regexp_;
};

template <class String = std::string>
RegexpDomain<String> InRegexp(std::string pattern) {
  return RegexpDomain<String>(std::move(pattern));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_STRINGS_H_

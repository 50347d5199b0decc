// SPDX-License-Identifier: Apache-2.0
//
// A regular language as a deterministic automaton: what InRegexp(pattern)
// decodes with, encodes with and checks membership by.
//
// A pattern denotes whole texts of bytes. Known: literals, `.` (any byte but
// newline), classes with ranges and negation, \d \w \s \D \W \S, \n \r \t \f
// \v \0 \xHH and escaped punctuation, ( ) and (?: ), |, * + ? {m} {m,} {m,n},
// and ^ at the very start or $ at the very end, where they change nothing.
// Negation is over all 256 bytes. Anything else is refused by name. Bounds: a
// pattern has 1024 bytes, 64 groups inside each other and repetitions of 256 at
// most (framework/domain/regexp/pattern.h), an automaton kStatesMax states.
//
// A compiled Regexp is immutable: any number of threads may share it. The same
// pattern gives the same automaton, so the same choices give the same text on
// every machine.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_REGEXP_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_REGEXP_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz {

class Regexp {
 public:
  // Keeps the tables small: three bytes a state and byte, so 3 MiB at most.
  static constexpr size_t kStatesMax = 4096;

  // Fails with the byte offset in `pattern` and what was expected there, or
  // with the bound that the pattern exceeds.
  static absl::StatusOr<Regexp> Compile(std::string_view pattern);

  // Whether the whole of `text` is in the language.
  bool Matches(std::string_view text) const;

  // Appends one text of the language to `*out`. Wherever n >= 2 ways lie open,
  // `choose(n)` picks one as a size_t in [0, n). The ways, in order: stop here,
  // when the text so far matches; then each byte that can go on, the ones with
  // the shortest way to an end first, among equals alphanumeric before
  // printable before other bytes. So choosing 0 throughout gives the shortest
  // text. Ways that would exceed `length_max` are left out; the text is at
  // most max(length_max, shortest_length()) bytes long.
  template <class Choose>
  void Generate(Choose&& choose, size_t length_max, std::string* out) const;

  // The inverse: calls `put(choice, n)` for each decision by which Generate,
  // under the same `length_max`, gives `text` back. Succeeds for exactly the
  // texts that match and are no longer than Generate may produce; otherwise
  // returns false without a call.
  template <class Put>
  bool Explain(std::string_view text, size_t length_max, Put&& put) const;

  size_t shortest_length() const { return states_.front().distance; }
  size_t state_count() const { return states_.size(); }

 private:
  class Builder;

  // State 0 is the start. Every state can reach an accepting one.
  struct State {
    uint32_t options_begin = 0;  // Into options_, up to the next state's.
    uint16_t options_count = 0;
    uint16_t distance = 0;  // Bytes to the nearest accepting state, 0 at one.
  };
  // The ways open at a state: `stops` of them (0 or 1) end the text.
  struct Ways {
    size_t stops;
    std::span<const uint8_t> bytes;
    size_t count() const { return stops + bytes.size(); }
  };

  static constexpr uint16_t kNone = 0xffff;

  Regexp() = default;

  uint16_t Next(uint16_t state, uint8_t byte) const {
    return next_[state * class_count_ + class_of_[byte]];
  }
  size_t LengthLimit(size_t length_max) const {
    return std::max(length_max, shortest_length());
  }
  // Those ways that can still end within `room` more bytes: never none, as long
  // as `room` covers the state's own distance.
  Ways WaysAt(uint16_t state, size_t room) const;

  std::vector<State> states_;
  std::vector<uint8_t> options_;         // Bytes in the order offered.
  std::vector<uint16_t> next_;           // By state, then by class of byte.
  std::array<uint8_t, 256> class_of_{};  // By byte; equal for equal moves.
  size_t class_count_ = 1;
};

// ---------------------------------------------------------------------------

inline Regexp::Ways Regexp::WaysAt(uint16_t state, size_t room) const {
  const State& at = states_[state];
  const std::span<const uint8_t> all =
      std::span(options_).subspan(at.options_begin, at.options_count);
  const auto fits = [&](uint8_t byte) {
    return states_[Next(state, byte)].distance < room;
  };
  // Options are sorted by distance, and far from the limit all of them fit.
  if (all.empty() || fits(all.back())) return {at.distance == 0, all};
  const auto end = std::partition_point(all.begin(), all.end(), fits);
  return {at.distance == 0, all.first(end - all.begin())};
}

template <class Choose>
void Regexp::Generate(Choose&& choose, size_t length_max,
                      std::string* out) const {
  uint16_t state = 0;
  for (size_t room = LengthLimit(length_max);; --room) {
    const Ways ways = WaysAt(state, room);
    const size_t choice = ways.count() > 1 ? choose(ways.count()) : 0;
    if (choice < ways.stops) return;
    const uint8_t byte = ways.bytes[choice - ways.stops];
    out->push_back(static_cast<char>(byte));
    state = Next(state, byte);
  }
}

template <class Put>
bool Regexp::Explain(std::string_view text, size_t length_max,
                     Put&& put) const {
  size_t room = LengthLimit(length_max);
  if (text.size() > room || !Matches(text)) return false;
  uint16_t state = 0;
  for (const char c : text) {
    const uint8_t byte = static_cast<uint8_t>(c);
    const Ways ways = WaysAt(state, room--);
    const auto at = std::find(ways.bytes.begin(), ways.bytes.end(), byte);
    const size_t choice = ways.stops + (at - ways.bytes.begin());
    if (ways.count() > 1) put(choice, ways.count());
    state = Next(state, byte);
  }
  const Ways ways = WaysAt(state, room);
  if (ways.count() > 1) put(size_t{0}, ways.count());
  return true;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_REGEXP_H_

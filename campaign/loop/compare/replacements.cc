// SPDX-License-Identifier: Apache-2.0
// Looking for operands in an input.
#include "campaign/loop/compare/replacements.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "campaign/loop/mutate/block.h"

namespace formfuzz::campaign {
namespace {

// Of one way of writing one side. A byte is found by chance in many places.
constexpr size_t kPlacesMax = 4;
constexpr size_t kBytePlacesMax = 16;
constexpr size_t kPlacesSeen = 256;  // of which those are the nearest
constexpr size_t kPrefixMin = 3;     // of a text that is found in part
// Where nothing is found: places tried from the end of the input on, and how
// much an input that may be too short is lengthened by.
constexpr size_t kGuessedPlaces = 16;
constexpr size_t kGuessedLines = 8;
constexpr size_t kNearPlaces = 4;
constexpr uint64_t kLengthenMax = 1024;
constexpr size_t kInvertedPlaces = 64;

std::string Written(uint64_t number, size_t width, bool big_endian) {
  std::string bytes(width, '\0');
  memcpy(bytes.data(), &number, width);
  if (big_endian) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

// Whether `width` bytes hold the number, widened with zeros or its sign to
// `full` bytes.
bool Fits(uint64_t number, size_t width, size_t full) {
  if (width >= full) return true;
  const auto high = number << (64 - 8 * full) >> (64 - 8 * full) >> 8 * width;
  const uint64_t ones = (uint64_t{1} << 8 * (full - width)) - 1;
  return high == 0 || high == ones;
}

int64_t SignedOf(uint64_t number, size_t bytes) {
  const auto unused = static_cast<int>(64 - 8 * bytes);
  return static_cast<int64_t>(number << unused) >> unused;
}

size_t Distance(size_t a, size_t b) { return a < b ? b - a : a - b; }

// All for one comparison after another, in the order of the program, which
// mostly goes on with the input near to where it was.
class Search {
 public:
  explicit Search(Bytes input) : input_(AsText(input)) {}

  std::vector<Replacement> TakeFound() { return std::exchange(found_, {}); }

  void Numbers(std::string_view seen_bytes, std::string_view wanted_bytes) {
    const size_t full = seen_bytes.size();
    const uint64_t seen = NumberIn(seen_bytes);
    const uint64_t exact = NumberIn(wanted_bytes);
    // For == first; then what < and > want.
    for (const uint64_t wanted : {exact, exact + 1, exact - 1}) {
      for (size_t width = full; width > 0; width /= 2) {
        if (!Fits(seen, width, full) || !Fits(wanted, width, full)) continue;
        Put(Written(seen, width, false), Written(wanted, width, false));
        if (width == 1) continue;
        Put(Written(seen, width, true), Written(wanted, width, true));
      }
      Put(std::to_string(SignedOf(seen, full)),
          std::to_string(SignedOf(wanted, full)));
    }
    AtTheEnd(seen, exact, full);
  }

  // ~a != b is compiled as (a ^ b) != -1, which shows neither. Checksums are at
  // either end more often than elsewhere.
  void Inverted(std::string_view seen) {
    const size_t width = seen.size();
    if (input_.size() < width) return;
    const size_t last = input_.size() - width;
    std::vector<size_t> places = {0, last};
    for (size_t at = 1; at < std::min(last, kInvertedPlaces); ++at) {
      places.push_back(at);
    }
    for (const size_t at : places) {
      for (const bool big_endian : {false, true}) {
        std::string bytes(input_.substr(at, width));
        for (size_t i = 0; i < width; ++i) {
          bytes[i] ^= static_cast<char>(~seen[big_endian ? width - 1 - i : i]);
        }
        Add({at, width, std::move(bytes)});
      }
    }
  }

  void Texts(const std::string& seen, const std::string& wanted) {
    if (seen.empty()) return Missing(wanted);
    Put(seen, wanted);
    if (seen != wanted) AsNextLine(seen, wanted);
    if (seen.size() <= kPrefixMin) return;
    // What is compared may go on behind what the input holds, and may have to
    // end there.
    const std::string prefix = seen.substr(0, kPrefixMin);
    PutAt(prefix, wanted, wanted.size());
    PutAt(prefix, wanted + '\0', wanted.size() + 1);
  }

 private:
  // A text that is not there: at the end, as a word of its own, too; where
  // the line of what was compared last ends and begins, and those behind it;
  // anywhere near the end.
  void Missing(const std::string& wanted) {
    Insert(input_.size(), wanted);
    Insert(input_.size(), ' ' + wanted);
    size_t at = near_;
    for (size_t line = 0; line < kGuessedLines && at < input_.size(); ++line) {
      const size_t before = at == 0 ? input_.npos : input_.rfind('\n', at - 1);
      const size_t end = std::min(input_.find('\n', at), input_.size());
      Insert(end, ' ' + wanted);
      Insert(end, wanted);
      Insert(before == input_.npos ? 0 : before + 1, wanted);
      at = end + 1;
    }
    const size_t first =
        input_.size() - std::min(input_.size(), kGuessedPlaces - 1);
    for (at = input_.size(); at-- > first;) Insert(at, wanted);
  }

  // What a line begins with may be a command, which another one may follow: at
  // the end, and behind that line.
  void AsNextLine(const std::string& seen, const std::string& wanted) {
    size_t at = input_.find(seen);
    while (at != input_.npos && at != 0 && input_[at - 1] != '\n') {
      at = input_.find(seen, at + 1);
    }
    if (at == input_.npos) return;
    const bool ended = input_.ends_with('\n');
    Insert(input_.size(), ended ? wanted : '\n' + wanted);
    Insert(std::min(input_.find('\n', at), input_.size()), '\n' + wanted);
  }

  void Put(const std::string& seen, const std::string& wanted) {
    PutAt(seen, wanted, seen.size());
  }

  void PutAt(const std::string& seen, const std::string& wanted, size_t size) {
    if (seen.empty()) return;
    std::vector<size_t> places;
    for (size_t at = input_.find(seen);
         places.size() < kPlacesSeen && at != input_.npos;
         at = input_.find(seen, at + 1)) {
      places.push_back(at);
    }
    const bool is_zero = seen == std::string(seen.size(), '\0');
    if (places.size() == 1 && !is_zero) near_ = places[0];
    if (seen == wanted) return;
    const auto nearer = [this](size_t a, size_t b) {
      return std::pair(Distance(a, near_), a) <
             std::pair(Distance(b, near_), b);
    };
    std::sort(places.begin(), places.end(), nearer);
    const size_t most = seen.size() == 1 ? kBytePlacesMax : kPlacesMax;
    if (places.size() > most) places.resize(most);
    for (const size_t at : places) {
      Add({at, std::min(size, input_.size() - at), wanted});
    }
  }

  // What is read behind the end is 0 or EOF, and so is a number that is not
  // there; an input may also be too short by what a number lacks.
  void AtTheEnd(uint64_t seen, uint64_t wanted, size_t full) {
    const size_t end = input_.size();
    const bool behind = seen == 0 || SignedOf(seen, full) == -1;
    if (behind && wanted > 0 && wanted < 256) {
      Insert(end, std::string(1, static_cast<char>(wanted)));
    }
    if (full < sizeof(uint32_t)) return;
    if (seen == 0) {
      const std::string text = std::to_string(SignedOf(wanted, full));
      Insert(end, text);
      // Where what is no digit was read for a number.
      if (IsTelling(wanted, full)) {
        const size_t last = std::min(near_ + kNearPlaces, end);
        for (size_t at = near_; at < last; ++at) Insert(at, text);
      }
    }
    const uint64_t lacks = wanted - seen;
    if (lacks <= kLengthenMax) Insert(end, std::string(lacks, '\0'));
  }

  void Insert(size_t at, std::string bytes) {
    if (!bytes.empty()) Add({at, 0, std::move(bytes)});
  }

  void Add(Replacement one) {
    if (std::find(found_.begin(), found_.end(), one) == found_.end()) {
      found_.push_back(std::move(one));
    }
  }

  std::string_view input_;
  size_t near_ = 0;  // where what was compared last was found
  std::vector<Replacement> found_;
};

// Texts of four bytes and eight are compared as numbers; what the input has
// there may end before.
void TextsOfNumbers(const std::string& seen, const std::string& wanted,
                    Search& search) {
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  const std::string text = seen.substr(0, seen.find('\0'));
  if (wanted.size() < sizeof(uint32_t) || text.size() == seen.size() ||
      text.size() < 2 ||
      !std::all_of(wanted.begin(), wanted.end(), is_printable)) {
    return;
  }
  search.Texts(text, wanted);
}

std::vector<Replacement> Of(const Comparison& comparison, Search& search) {
  const std::string& left = comparison.left;
  const std::string& right = comparison.right;
  if (comparison.numbers) {
    search.Numbers(right, left);
    if (!comparison.left_is_constant) search.Numbers(left, right);
    TextsOfNumbers(right, left, search);
    if (!comparison.left_is_constant) TextsOfNumbers(left, right, search);
    if (IsOfInverted(comparison)) search.Inverted(right);
  } else {
    search.Texts(left, right);
    search.Texts(right, left);
  }
  return search.TakeFound();
}

}  // namespace

uint64_t NumberIn(std::string_view bytes) {
  uint64_t number = 0;
  memcpy(&number, bytes.data(), std::min(bytes.size(), sizeof(number)));
  return number;
}

bool IsTelling(uint64_t number, size_t bytes) {
  const int64_t value = SignedOf(number, bytes);
  return bytes > 1 && (value > 255 || value < -128);
}

bool IsOfInverted(const Comparison& comparison) {
  const std::string& constant = comparison.left;
  return comparison.numbers && comparison.left_is_constant &&
         constant == std::string(constant.size(), '\xff') &&
         IsTelling(NumberIn(comparison.right), comparison.right.size());
}

bool IsBetweenValues(const Comparison& comparison) {
  return (comparison.numbers && !comparison.left_is_constant &&
          comparison.left.size() > 1) ||
         IsOfInverted(comparison);
}

bool IsOfPlaceIn(const std::vector<Comparison>& known, const Comparison& one) {
  return std::any_of(
      known.begin(), known.end(),
      [&one](const Comparison& other) { return other.place == one.place; });
}

std::vector<Replacement> ReplacementsOf(
    const std::vector<Comparison>& comparisons, Bytes input, size_t limit) {
  std::vector<std::vector<Replacement>> each;
  size_t rounds = 0;
  Search search(input);
  for (const Comparison& comparison : comparisons) {
    each.push_back(Of(comparison, search));
    rounds = std::max(rounds, each.back().size());
  }
  std::vector<Replacement> all;
  for (size_t round = 0; round < rounds && all.size() < limit; ++round) {
    for (size_t i = 0; i < each.size(); ++i) {
      if (round >= each[i].size()) continue;
      all.push_back(std::move(each[i][round]));
      all.back().of = i;
    }
  }
  if (all.size() > limit) all.resize(limit);
  return all;
}

void Apply(const Replacement& replacement, size_t size_max, InputBytes& input) {
  ReplaceBlock(input, {replacement.at, replacement.size},
               AsBytes(replacement.bytes), size_max);
}

size_t ApplySome(const std::vector<Replacement>& replacements, Random* random,
                 InputBytes& input) {
  std::vector<bool> taken(input.size());
  std::vector<const Replacement*> order;
  for (const Replacement& one : replacements) order.push_back(&one);
  size_t applied = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    if (random != nullptr) {
      std::swap(order[i], order[i + random->Below(order.size() - i)]);
    }
    const Replacement& one = *order[i];
    if (one.size != one.bytes.size()) continue;
    const auto from = taken.begin() + static_cast<ptrdiff_t>(one.at);
    const auto to = from + static_cast<ptrdiff_t>(one.size);
    if (std::find(from, to, true) != to) continue;
    std::fill(from, to, true);
    std::copy(one.bytes.begin(), one.bytes.end(),
              input.begin() + static_cast<ptrdiff_t>(one.at));
    ++applied;
  }
  return applied;
}

void LearnWords(const std::vector<Comparison>& comparisons, Dictionary& words) {
  for (const Comparison& one : comparisons) {
    words.AddCompared(one.left, one.right);
    if (!one.numbers) {
      words.AddCompared(one.right, one.left);
    } else if (one.left_is_constant &&
               IsTelling(NumberIn(one.left), one.left.size())) {
      words.Add(one.left);
      words.Add(std::string(one.left.rbegin(), one.left.rend()));
      const size_t width = one.left.size();
      words.Add(std::to_string(SignedOf(NumberIn(one.left), width)));
    } else if (one.left_is_constant && NumberIn(one.left) < 256) {
      words.AddByte(static_cast<uint8_t>(NumberIn(one.left)));
    }
  }
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Text as a row of lines: commands of a protocol, settings, records.
#include <algorithm>
#include <string>
#include <utility>

#include "campaign/loop/mutate/block.h"
#include "campaign/loop/mutate/structure/structure_mutators.h"
#include "campaign/loop/mutate/words/dictionary.h"

namespace formfuzz::campaign {
namespace {

// What has no end of line within it is no line; bounds the time, too.
constexpr size_t kLineMax = 512;

// Formats that are no text have bytes that end a line, too. One of a text that
// was changed may have become anything.
bool IsText(Bytes input) {
  constexpr size_t kLookedAt = 256;
  constexpr size_t kStrangeEvery = 8;
  const Bytes head = input.first(std::min(input.size(), kLookedAt));
  const auto strange = std::ranges::count_if(head, [](uint8_t byte) {
    return byte < ' ' && byte != '\n' && byte != '\t' && byte != '\r';
  });
  return static_cast<size_t>(strange) * kStrangeEvery <= head.size();
}

// The line that `at` < input.size() lies in, with its end; empty if it is too
// long to be one.
Block LineAt(Bytes input, size_t at) {
  size_t first = at;
  while (first > 0 && input[first - 1] != '\n') {
    if (at - first == kLineMax) return {};
    --first;
  }
  const size_t end = std::min(input.size(), first + kLineMax);
  size_t last = at;
  while (last < end && input[last] != '\n') ++last;
  if (last == input.size()) return {first, last - first};
  return last < end ? Block{first, last + 1 - first} : Block{};
}

// Empty where there is none.
Block RandomLine(Random& random, Bytes input) {
  if (input.empty() || !IsText(input)) return {};
  return LineAt(input, random.Below(input.size()));
}

bool HasEnd(Bytes line) { return !line.empty() && line.back() == '\n'; }

// A line of this input, of another, or a word; with its end.
InputBytes FreshLine(const MutationScene& scene, Bytes input) {
  InputBytes line;
  const auto& words = scene.words.words();
  const size_t kind = scene.random.Below(3);
  if (kind == 0 && !words.empty()) {
    const std::string& word = words[scene.random.Below(words.size())];
    line.assign(word.begin(), word.end());
  } else {
    const Bytes from = kind == 1 && !scene.other.empty() ? scene.other : input;
    const Block block = RandomLine(scene.random, from);
    const Bytes part = from.subspan(block.at, block.size);
    line.assign(part.begin(), part.end());
  }
  if (!line.empty() && !HasEnd(line)) line.push_back('\n');
  return line;
}

class LineInsert final : public Mutator {
 public:
  std::string_view name() const override { return "line-insert"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const Block place = RandomLine(scene.random, input);
    if (place.size == 0) return false;
    InputBytes line = FreshLine(scene, input);
    const Bytes before = Bytes(input).subspan(place.at, place.size);
    const bool after = scene.random.OneIn(2);
    if (line.empty()) return false;
    if (after && !HasEnd(before)) line.insert(line.begin(), '\n');
    if (input.size() + line.size() > scene.size_max) return false;
    InsertBytes(input, place.at + (after ? place.size : 0), line);
    return true;
  }
};

class LineRemove final : public Mutator {
 public:
  std::string_view name() const override { return "line-remove"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const Block line = RandomLine(scene.random, input);
    if (line.size == 0 || line.size == input.size()) return false;
    EraseBlock(input, line);
    return true;
  }
};

class LineSwap final : public Mutator {
 public:
  std::string_view name() const override { return "line-swap"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    Block a = RandomLine(scene.random, input);
    Block b = RandomLine(scene.random, input);
    if (a.at > b.at) std::swap(a, b);
    if (a.size == 0 || b.size == 0 || a.at == b.at) return false;
    if (std::ranges::equal(Bytes(input).subspan(a.at, a.size),
                           Bytes(input).subspan(b.at, b.size))) {
      return false;
    }
    const auto at = [&input](size_t place) {
      return input.begin() + static_cast<ptrdiff_t>(place);
    };
    // The last one may lack its end, and the first is to have one there.
    if (!HasEnd(Bytes(input).subspan(b.at, b.size))) {
      if (input.size() == scene.size_max) return false;
      input.push_back('\n');
      ++b.size;
    }
    std::rotate(at(a.at), at(b.at), at(b.at + b.size));
    const size_t moved = a.at + b.size;
    std::rotate(at(moved), at(moved + a.size), at(b.at + b.size));
    return true;
  }
};

}  // namespace

void AddLineMutators(Mutators* mutators) {
  mutators->push_back(std::make_unique<LineInsert>());
  mutators->push_back(std::make_unique<LineRemove>());
  mutators->push_back(std::make_unique<LineSwap>());
}

}  // namespace formfuzz::campaign

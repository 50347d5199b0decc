// SPDX-License-Identifier: Apache-2.0
// Text as a row of tokens: names, numbers, single marks. What is between them
// stays where it is.
#include <algorithm>
#include <string>

#include "campaign/loop/mutate/block.h"
#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/mutate/structure/structure_mutators.h"
#include "campaign/loop/mutate/words/dictionary.h"

namespace formfuzz::campaign {
namespace {

// A window is enough to find tokens in, and bounds the time for long inputs.
constexpr size_t kWindow = 512;
// Bytes that repeating a token adds, unless one is longer: all that is made
// from a long input stays long.
constexpr size_t kRepeatedMax = 128;

bool IsNamePart(uint8_t byte) {
  const uint8_t lower = byte | 0x20;
  return (byte >= '0' && byte <= '9') || byte == '_' ||
         (lower >= 'a' && lower <= 'z');
}
bool IsText(uint8_t byte) {
  return (byte >= ' ' && byte <= '~') || byte == '\n' || byte == '\t' ||
         byte == '\r' || byte >= 0xc0;
}
bool IsBlank(uint8_t byte) { return byte <= ' '; }

// The token that `at` lies in or stands before; empty if there is none near.
Block TokenAt(Bytes input, size_t at) {
  const size_t end = std::min(input.size(), at + kWindow);
  while (at < end && IsBlank(input[at])) ++at;
  if (at == end || !IsText(input[at])) return {};
  if (!IsNamePart(input[at])) return {at, 1};
  size_t first = at;
  while (first > 0 && at - first < kWindow && IsNamePart(input[first - 1])) {
    --first;
  }
  size_t last = at;
  while (last < end && IsNamePart(input[last])) ++last;
  return {first, last - first};
}

Block RandomToken(Random& random, Bytes input) {
  return input.empty() ? Block{} : TokenAt(input, random.Below(input.size()));
}

InputBytes CopyOf(Bytes input, Block block) {
  const Bytes part = input.subspan(block.at, block.size);
  return InputBytes(part.begin(), part.end());
}

// A token of this input, of another, or a word.
InputBytes FreshToken(const MutationScene& scene, Bytes input) {
  const auto& words = scene.words.words();
  const size_t kind = scene.random.Below(3);
  if (kind == 0 && !words.empty()) {
    const std::string& word = words[scene.random.Below(words.size())];
    return InputBytes(word.begin(), word.end());
  }
  const Bytes from = kind == 1 && !scene.other.empty() ? scene.other : input;
  return CopyOf(from, RandomToken(scene.random, from));
}

// One that a reader of numbers takes.
InputBytes FreshNumber(Random& random) {
  const auto numbers = InterestingNumbers();
  const std::string text =
      std::to_string(random.OneIn(2) ? static_cast<int64_t>(random.Below(10))
                                     : numbers[random.Below(numbers.size())]);
  return InputBytes(text.begin(), text.end());
}

// Behind a token, with a blank between: what reads word for word goes on.
class TokenInsert final : public Mutator {
 public:
  std::string_view name() const override { return "token-insert"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const Block token = RandomToken(scene.random, input);
    if (token.size == 0) return false;
    InputBytes fresh = scene.random.OneIn(2) ? FreshNumber(scene.random)
                                             : FreshToken(scene, input);
    if (fresh.empty()) return false;
    fresh.insert(fresh.begin(), ' ');
    if (input.size() + fresh.size() > scene.size_max) return false;
    InsertBytes(input, token.at + token.size, fresh);
    return true;
  }
};

class TokenReplace final : public Mutator {
 public:
  std::string_view name() const override { return "token-replace"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const Block token = RandomToken(scene.random, input);
    if (token.size == 0) return false;
    const InputBytes fresh = FreshToken(scene, input);
    if (fresh.empty()) return false;
    ReplaceBlock(input, token, fresh, scene.size_max);
    return true;
  }
};

class TokenRemove final : public Mutator {
 public:
  std::string_view name() const override { return "token-remove"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const Block token = RandomToken(scene.random, input);
    if (token.size == 0 || token.size == input.size()) return false;
    EraseBlock(input, token);
    return true;
  }
};

class TokenRepeat final : public Mutator {
 public:
  std::string_view name() const override { return "token-repeat"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const Block token = RandomToken(scene.random, input);
    if (token.size == 0) return false;
    const InputBytes copy = CopyOf(input, token);
    const size_t most = std::max<size_t>(1, kRepeatedMax / copy.size());
    const size_t times = std::min(most, size_t{1} << scene.random.Below(7));
    bool changed = false;
    for (size_t i = 0; i < times; ++i) {
      if (input.size() + copy.size() > scene.size_max) break;
      InsertBytes(input, token.at + token.size, copy);
      changed = true;
    }
    return changed;
  }
};

class TokenSwap final : public Mutator {
 public:
  std::string_view name() const override { return "token-swap"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    Block a = RandomToken(scene.random, input);
    Block b = RandomToken(scene.random, input);
    if (a.at > b.at) std::swap(a, b);
    if (a.size == 0 || b.size == 0 || a.at + a.size > b.at) return false;
    const InputBytes first = CopyOf(input, a);
    const InputBytes second = CopyOf(input, b);
    ReplaceBlock(input, b, first, scene.size_max);
    ReplaceBlock(input, a, second, scene.size_max);
    return first != second;
  }
};

}  // namespace

void AddTokenMutators(Mutators* mutators) {
  mutators->push_back(std::make_unique<TokenReplace>());
  mutators->push_back(std::make_unique<TokenRemove>());
  mutators->push_back(std::make_unique<TokenRepeat>());
  mutators->push_back(std::make_unique<TokenSwap>());
  mutators->push_back(std::make_unique<TokenInsert>());
}

}  // namespace formfuzz::campaign

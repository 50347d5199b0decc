// SPDX-License-Identifier: Apache-2.0
// Words and slices of argument lists.
#include "campaign/loop/form/argument_mutators.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace formfuzz::campaign {

InputBytes Encoded(const CommandLineDomain& domain, const CommandLine& line) {
  ByteSink out;
  domain.Encode(line, out);
  return InputBytes(out.bytes().begin(), out.bytes().end());
}

CommandLine Decoded(const CommandLineDomain& domain, Bytes input,
                    Arena& arena) {
  arena.Reset();
  ByteSource in(input, arena);
  return domain.Decode(in);
}

namespace {

bool Replace(const CommandLineDomain& domain, const CommandLine& line,
             size_t size_max, InputBytes& input) {
  InputBytes made = Encoded(domain, line);
  if (made.size() > size_max || made == input) return false;
  input = std::move(made);
  return true;
}

// An argument made of a word that the program knows: as it is, behind one or
// two dashes, or with a value.
class ArgumentMutator final : public Mutator {
 public:
  explicit ArgumentMutator(std::vector<std::string> words)
      : words_(std::move(words)), domain_(CommandLines()) {}

  std::string_view name() const override { return "argument-word"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    if (words_.empty()) return false;
    CommandLine line = Decoded(domain_, input, arena_);
    std::string argument = MakeArgument(scene.random);
    const size_t at = scene.random.Below(line.arguments.size() + 1);
    const auto place = line.arguments.begin() + static_cast<ptrdiff_t>(at);
    if (at < line.arguments.size() && scene.random.OneIn(2)) {
      *place = std::move(argument);
    } else if (line.arguments.size() < kArgumentsMax) {
      line.arguments.insert(place, std::move(argument));
    } else {
      return false;
    }
    return Replace(domain_, line, scene.size_max, input);
  }

 private:
  std::string MakeArgument(Random& random) const {
    std::string word = words_[random.Below(words_.size())];
    if (word[0] != '-' && random.OneIn(2)) {
      word.insert(0, word.size() == 1 || random.OneIn(4) ? "-" : "--");
    }
    if (random.OneIn(4)) {
      word += '=';
      word += words_[random.Below(words_.size())];
    }
    if (word.size() > kArgumentBytesMax) word.resize(kArgumentBytesMax);
    return word;
  }

  std::vector<std::string> words_;
  CommandLineDomain domain_;
  Arena arena_;
};

// Options that show nothing new but together come from different inputs.
class ArgumentSplice final : public Mutator {
 public:
  std::string_view name() const override { return "argument-splice"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    if (scene.other.empty()) return false;
    const auto others = Decoded(domain_, scene.other, arena_).arguments;
    CommandLine line = Decoded(domain_, input, arena_);
    auto& own = line.arguments;
    if (others.empty() || own.size() >= kArgumentsMax) return false;
    const size_t from = scene.random.Below(others.size());
    const size_t most =
        std::min(others.size() - from, kArgumentsMax - own.size());
    const size_t count = 1 + scene.random.Below(most);
    const size_t at = scene.random.Below(own.size() + 1);
    const auto start = others.begin() + static_cast<ptrdiff_t>(from);
    own.insert(own.begin() + static_cast<ptrdiff_t>(at), start,
               start + static_cast<ptrdiff_t>(count));
    return Replace(domain_, line, scene.size_max, input);
  }

 private:
  CommandLineDomain domain_ = CommandLines();
  Arena arena_;
};

}  // namespace

void AddArgumentMutators(const std::vector<std::string>& words,
                         Mutators* mutators) {
  mutators->push_back(std::make_unique<ArgumentMutator>(words));
  mutators->push_back(std::make_unique<ArgumentSplice>());
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Words put into inputs.
#include <algorithm>

#include "campaign/loop/mutate/block.h"
#include "campaign/loop/mutate/words/dictionary.h"

namespace formfuzz::campaign {
namespace {

class WordOver final : public Mutator {
 public:
  std::string_view name() const override { return "word-over"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const auto& words = scene.words.words();
    if (words.empty()) return false;
    const std::string& word = words[scene.random.Below(words.size())];
    if (word.size() > input.size()) return false;
    const size_t at = scene.random.Below(input.size() - word.size() + 1);
    std::copy(word.begin(), word.end(),
              input.begin() + static_cast<ptrdiff_t>(at));
    return true;
  }
};

class WordInsert final : public Mutator {
 public:
  std::string_view name() const override { return "word-insert"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const auto& words = scene.words.words();
    if (words.empty()) return false;
    const std::string& word = words[scene.random.Below(words.size())];
    if (input.size() + word.size() > scene.size_max) return false;
    InsertBytes(input, scene.random.Below(input.size() + 1), AsBytes(word));
    return true;
  }
};

// Where the input holds what was compared, puts what it was compared with
// (the input-to-state correspondence of Redqueen: Aschermann et al., NDSS
// 2019); where it does not, writes that anywhere.
class ComparedOver final : public Mutator {
 public:
  std::string_view name() const override { return "compared-over"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    const auto& pairs = scene.words.compared();
    if (pairs.empty() || input.empty()) return false;
    const auto& [seen, wanted] = pairs[scene.random.Below(pairs.size())];
    const auto start = input.begin() +
                       static_cast<ptrdiff_t>(scene.random.Below(input.size()));
    auto found = std::search(start, input.end(), seen.begin(), seen.end());
    if (found == input.end()) {
      found = std::search(input.begin(), input.end(), seen.begin(), seen.end());
    }
    Block block{static_cast<size_t>(found - input.begin()), seen.size()};
    if (found == input.end()) {
      block.at = scene.random.Below(input.size());
      block.size = std::min(wanted.size(), input.size() - block.at);
    }
    ReplaceBlock(input, block, AsBytes(wanted), scene.size_max);
    return true;
  }
};

}  // namespace

void AddWordMutators(Mutators* mutators) {
  mutators->push_back(std::make_unique<WordOver>());
  mutators->push_back(std::make_unique<WordInsert>());
  mutators->push_back(std::make_unique<ComparedOver>());
}

}  // namespace formfuzz::campaign

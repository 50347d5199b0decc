// SPDX-License-Identifier: Apache-2.0
// JSON as a tree: one node is changed, the text is written anew. Numbers are
// kept as they parse, so the largest integers become what doubles make of them.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/mutate/structure/structure_mutators.h"
#include "campaign/loop/mutate/words/dictionary.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::ordered_json;

// Writing is recursive, so depth is looked at before anything is read.
bool IsShallow(std::string_view text) {
  size_t depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (depth > kTreeDepthMax) return false;
  }
  return true;
}

std::optional<Json> ReadTree(Bytes bytes) {
  if (bytes.empty() || bytes.size() > kTreeBytesMax) return std::nullopt;
  const std::string_view text = AsText(bytes);
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || !IsShallow(text)) return std::nullopt;
  // A lone number or word is as good as any text: left to the others.
  if (text[first] != '{' && text[first] != '[') return std::nullopt;
  Json tree = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (tree.is_discarded()) return std::nullopt;
  return tree;
}

bool WriteTree(const Json& tree, size_t size_max, InputBytes& input) {
  const std::string text =
      tree.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > size_max || AsText(input) == text) return false;
  input.assign(text.begin(), text.end());
  return true;
}

// A node by walking down from the root, stopping anywhere.
Json* RandomNode(Json* tree, Random& random) {
  Json* node = tree;
  while (node->is_structured() && !node->empty() && !random.OneIn(3)) {
    auto at = node->begin();
    std::advance(at, static_cast<ptrdiff_t>(random.Below(node->size())));
    node = &*at;
  }
  return node;
}

std::string RandomKey(const MutationScene& scene) {
  const auto& words = scene.words.words();
  if (words.empty()) return std::string(1 + scene.random.Below(3), 'k');
  return words[scene.random.Below(words.size())];
}

Json FreshLeaf(const MutationScene& scene) {
  const auto numbers = InterestingNumbers();
  switch (scene.random.Below(8)) {
    case 0:
      return nullptr;
    case 1:
      return scene.random.OneIn(2);
    case 2:
      return 1.5e300;
    case 3:
      return Json::array();
    case 4:
      return Json::object();
    case 5:
      return RandomKey(scene);
    default:
      return numbers[scene.random.Below(numbers.size())];
  }
}

bool RemoveChild(Json& node, Random& random) {
  if (!node.is_structured() || node.empty()) return false;
  auto at = node.begin();
  std::advance(at, static_cast<ptrdiff_t>(random.Below(node.size())));
  node.erase(at);
  return true;
}

bool AddChild(Json& node, Json child, const MutationScene& scene) {
  if (node.is_array()) {
    node.insert(node.begin() +
                    static_cast<ptrdiff_t>(scene.random.Below(node.size() + 1)),
                std::move(child));
    return true;
  }
  if (node.is_object()) node[RandomKey(scene)] = std::move(child);
  return node.is_object();
}

Json Wrapped(Json node, Random& random) {
  const size_t levels = size_t{1} << random.Below(6);
  const bool list = random.OneIn(2);
  for (size_t i = 0; i < levels; ++i) {
    Json around = list ? Json::array() : Json::object();
    if (list) {
      around.push_back(std::move(node));
    } else {
      around["k"] = std::move(node);
    }
    node = std::move(around);
  }
  return node;
}

bool ChangeNode(Json& tree, const MutationScene& scene) {
  Random& random = scene.random;
  Json& node = *RandomNode(&tree, random);
  switch (random.Below(5)) {
    case 0:
      node = FreshLeaf(scene);
      return true;
    case 1:
      return RemoveChild(node, random);
    case 2:
      return AddChild(node, FreshLeaf(scene), scene);
    case 3:
      return AddChild(node, Json(*RandomNode(&tree, random)), scene);
    default:
      node = Wrapped(std::move(node), random);
      return true;
  }
}

class JsonNode final : public Mutator {
 public:
  std::string_view name() const override { return "json-node"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    std::optional<Json> tree = ReadTree(input);
    if (!tree.has_value() || !ChangeNode(*tree, scene)) return false;
    return WriteTree(*tree, scene.size_max, input);
  }
};

// A subtree of another input, in place of a node or beside its children.
class JsonCross final : public Mutator {
 public:
  std::string_view name() const override { return "json-cross"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    std::optional<Json> tree = ReadTree(input);
    if (!tree.has_value()) return false;
    std::optional<Json> other = ReadTree(scene.other);
    if (!other.has_value()) return false;
    Json& node = *RandomNode(&*tree, scene.random);
    Json part = *RandomNode(&*other, scene.random);
    if (scene.random.OneIn(2) || !AddChild(node, part, scene)) {
      node = std::move(part);
    }
    return WriteTree(*tree, scene.size_max, input);
  }
};

}  // namespace

void AddJsonMutators(Mutators* mutators) {
  mutators->push_back(std::make_unique<JsonNode>());
  mutators->push_back(std::make_unique<JsonCross>());
}

}  // namespace formfuzz::campaign

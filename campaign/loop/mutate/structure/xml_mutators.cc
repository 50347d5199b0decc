// SPDX-License-Identifier: Apache-2.0
// XML as a tree: one node or attribute is changed, the text is written anew.
#include <algorithm>
#include <pugixml.hpp>
#include <string>

#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/mutate/structure/structure_mutators.h"
#include "campaign/loop/mutate/words/dictionary.h"

namespace formfuzz::campaign {
namespace {

constexpr unsigned kParse = pugi::parse_full;

bool ReadTree(Bytes bytes, pugi::xml_document* tree) {
  if (bytes.size() < 4 || bytes.size() > kTreeBytesMax) return false;
  const std::string_view text = AsText(bytes);
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '<') return false;
  // Every level opens with a mark; what has too many is not read at all.
  size_t depth = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '<') continue;
    const bool closes = text[i + 1] == '/';
    depth = closes ? depth - std::min<size_t>(depth, 1) : depth + 1;
    if (depth > kTreeDepthMax * 16) return false;
  }
  return static_cast<bool>(
             tree->load_buffer(bytes.data(), bytes.size(), kParse)) &&
         tree->first_child();
}

// What pugixml writes to: cut off past the bound, so that a tree that has
// grown too large costs no more than the bound.
class BoundedText final : public pugi::xml_writer {
 public:
  explicit BoundedText(size_t size_max) : size_max_(size_max) {}
  void write(const void* bytes, size_t size) override {
    fits_ = fits_ && size <= size_max_ - text_.size();
    if (fits_) text_.append(static_cast<const char*>(bytes), size);
  }
  bool fits() const { return fits_; }
  const std::string& text() const { return text_; }

 private:
  size_t size_max_;
  std::string text_;
  bool fits_ = true;
};

bool WriteTree(const pugi::xml_document& tree, size_t size_max,
               InputBytes& input) {
  BoundedText text(size_max);
  tree.save(text, "", pugi::format_raw | pugi::format_no_declaration);
  if (!text.fits() || text.text().empty()) return false;
  if (AsText(input) == text.text()) return false;
  input.assign(text.text().begin(), text.text().end());
  return true;
}

template <class Range>
auto RandomOf(Range range, Random& random) {
  const auto count = std::distance(range.begin(), range.end());
  auto at = range.begin();
  std::advance(
      at, static_cast<ptrdiff_t>(random.Below(static_cast<size_t>(count))));
  return *at;
}

// Some node below the document; `tree` has one.
pugi::xml_node RandomNode(const pugi::xml_document& tree, Random& random) {
  pugi::xml_node node = RandomOf(tree.children(), random);
  while (node.first_child() && !random.OneIn(3)) {
    node = RandomOf(node.children(), random);
  }
  return node;
}

std::string FreshText(const MutationScene& scene) {
  const auto& words = scene.words.words();
  const auto numbers = InterestingNumbers();
  if (words.empty() || scene.random.OneIn(2)) {
    return std::to_string(numbers[scene.random.Below(numbers.size())]);
  }
  return words[scene.random.Below(words.size())];
}

bool ChangeAttribute(pugi::xml_node node, const MutationScene& scene) {
  Random& random = scene.random;
  if (node.type() != pugi::node_element) return false;
  if (!node.first_attribute() || random.OneIn(3)) {
    const std::string name = "a" + std::to_string(random.Below(4));
    return node.append_attribute(name.c_str())
        .set_value(FreshText(scene).c_str());
  }
  pugi::xml_attribute attribute = RandomOf(node.attributes(), random);
  if (random.OneIn(3)) return node.remove_attribute(attribute);
  return attribute.set_value(FreshText(scene).c_str());
}

// Copies of `node` inside one another.
bool Nest(pugi::xml_node node, Random& random) {
  if (node.type() != pugi::node_element) return false;
  const std::string name = node.name();
  const size_t levels = size_t{1} << random.Below(7);
  for (size_t i = 0; i < levels; ++i) {
    node = node.prepend_child(name.c_str());
  }
  return true;
}

bool ChangeNode(pugi::xml_document& tree, const MutationScene& scene) {
  Random& random = scene.random;
  pugi::xml_node node = RandomNode(tree, random);
  switch (random.Below(6)) {
    case 0:
      return node.parent().remove_child(node);
    case 1:
      return static_cast<bool>(node.parent().insert_copy_after(node, node));
    case 2:
      return ChangeAttribute(node, scene);
    case 3:
      return node.type() == pugi::node_element
                 ? node.text().set(FreshText(scene).c_str())
                 : node.set_value(FreshText(scene).c_str());
    case 4:
      return Nest(node, random);
    default:
      return static_cast<bool>(RandomNode(tree, random).append_copy(node));
  }
}

class XmlNode final : public Mutator {
 public:
  std::string_view name() const override { return "xml-node"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    pugi::xml_document tree;
    if (!ReadTree(input, &tree) || !ChangeNode(tree, scene)) return false;
    return WriteTree(tree, scene.size_max, input);
  }
};

class XmlCross final : public Mutator {
 public:
  std::string_view name() const override { return "xml-cross"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    pugi::xml_document tree;
    pugi::xml_document other;
    if (!ReadTree(input, &tree) || !ReadTree(scene.other, &other)) return false;
    const pugi::xml_node part = RandomNode(other, scene.random);
    pugi::xml_node node = RandomNode(tree, scene.random);
    if (!node.append_copy(part) &&
        !node.parent().insert_copy_after(part, node)) {
      return false;
    }
    return WriteTree(tree, scene.size_max, input);
  }
};

}  // namespace

void AddXmlMutators(Mutators* mutators) {
  mutators->push_back(std::make_unique<XmlNode>());
  mutators->push_back(std::make_unique<XmlCross>());
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Settings from TOML. Values are handed to the same table as flags are.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>
#include <string>

#include "campaign/loop/config/config.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kConfigSizeMax = 1 << 20;

absl::Status At(const std::string& path, const toml::source_position& place,
                std::string_view what) {
  return absl::InvalidArgumentError(Concat(path, ":", place.line, ": ", what));
}

const ConfigField* FindField(std::string_view name) {
  for (const ConfigField& field : ConfigFields()) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

// A value as a flag would have it; false for tables, dates and lists.
bool TextOf(const toml::node& node, std::string* text) {
  if (const auto* value = node.as_string()) {
    *text = value->get();
  } else if (const auto* number = node.as_integer()) {
    *text = Concat(number->get());
  } else if (const auto* fraction = node.as_floating_point()) {
    *text = Concat(fraction->get());
  } else if (const auto* on = node.as_boolean()) {
    *text = on->get() ? "true" : "false";
  } else {
    return false;
  }
  return true;
}

absl::Status SetOne(const toml::node& node, const std::string& name,
                    const std::string& path, LoopConfig& config) {
  std::string text;
  if (!TextOf(node, &text)) {
    return At(path, node.source().begin,
              Concat(name, ": expected a word, a number, true or false"));
  }
  const absl::Status status = SetField(config, name, text);
  if (status.ok()) return status;
  return At(path, node.source().begin,
            Concat(name, ": ", std::string(status.message())));
}

absl::Status SetAll(const toml::node& node, const std::string& name,
                    const std::string& path, LoopConfig& config) {
  const ConfigField* const field = FindField(name);
  const toml::array* const list = node.as_array();
  const bool takes_list = field != nullptr && field->kind == FieldKind::kList;
  if (list == nullptr || !takes_list) return SetOne(node, name, path, config);
  for (const toml::node& element : *list) {
    const absl::Status status = SetOne(element, name, path, config);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadConfigFile(const std::string& path, LoopConfig& config) {
  const auto text = ReadFile(path, kConfigSizeMax);
  if (!text.ok()) return text.status();
  const toml::parse_result parsed = toml::parse(*text, path);
  if (!parsed) {
    return At(path, parsed.error().source().begin,
              parsed.error().description());
  }
  for (const auto& [key, node] : parsed.table()) {
    const absl::Status status =
        SetAll(node, std::string(key.str()), path, config);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace formfuzz::campaign

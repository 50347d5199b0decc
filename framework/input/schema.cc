// SPDX-License-Identifier: Apache-2.0
// Digest and JSON of schemas.
#include "framework/input/schema.h"

#include <nlohmann/json.hpp>

#include "framework/base/digest.h"

namespace formfuzz {
namespace {

void AddTo(Digest& digest, const Schema& schema) {
  digest.Add(schema.kind).Add(schema.name).Add(schema.text);
  digest.Add(schema.is_signed).Add(schema.lowest).Add(schema.highest);
  digest.Add(schema.options.size());
  for (const std::string& option : schema.options) digest.Add(option);
  digest.Add(schema.children.size());
  for (const Schema& child : schema.children) AddTo(digest, child);
}

nlohmann::ordered_json ToJson(const Schema& schema) {
  nlohmann::ordered_json json;
  json["kind"] = schema.kind;
  if (!schema.name.empty()) json["name"] = schema.name;
  if (!schema.text.empty()) json["text"] = schema.text;
  if (schema.is_signed) json["signed"] = true;
  if (schema.lowest != 0) json["lowest"] = schema.lowest;
  if (schema.highest != 0) json["highest"] = schema.highest;
  if (!schema.options.empty()) json["options"] = schema.options;
  for (const Schema& child : schema.children) {
    json["children"].push_back(ToJson(child));
  }
  return json;
}

bool FromJson(const nlohmann::json& json, Schema& schema) {
  if (!json.is_object() || !json.contains("kind")) return false;
  schema.kind = json.value("kind", "");
  schema.name = json.value("name", "");
  schema.text = json.value("text", "");
  schema.is_signed = json.value("signed", false);
  schema.lowest = json.value("lowest", uint64_t{0});
  schema.highest = json.value("highest", uint64_t{0});
  schema.options = json.value("options", std::vector<std::string>());
  for (const auto& child : json.value("children", nlohmann::json::array())) {
    if (!FromJson(child, schema.children.emplace_back())) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<Schema> SchemaFromJson(std::string_view text) {
  try {
    Schema schema;
    if (FromJson(nlohmann::json::parse(text), schema)) return schema;
  } catch (const nlohmann::json::exception&) {
    // Said below: which of its many kinds of wrong it is helps nobody.
  }
  return absl::InvalidArgumentError("not a schema in JSON");
}

uint64_t SchemaDigest(const Schema& schema) {
  Digest digest;
  AddTo(digest, schema);
  return digest.value();
}

std::string SchemaToJson(const Schema& schema) {
  using Json = nlohmann::ordered_json;
  return ToJson(schema).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace formfuzz

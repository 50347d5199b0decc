// SPDX-License-Identifier: Apache-2.0
// Reads SeccompProfile manifests: YAML, brought into JSON's shape first.

#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>
#include <string>

#include "campaign/syscalls/parse/oci_fields.h"
#include "campaign/syscalls/parse/read.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::ordered_json;

// A few hundred calls with arguments; aliases of aliases can make any number.
constexpr int kNodesMax = 200'000;
constexpr int kDepthMax = 32;

// False where the limits are reached.
bool ToJson(const YAML::Node& node, int depth, int* nodes, Json* json) {
  if (depth > kDepthMax || ++*nodes > kNodesMax) return false;
  if (node.IsMap()) {
    *json = Json::object();
    for (const auto& member : node) {
      Json& value = (*json)[member.first.Scalar()];
      if (!ToJson(member.second, depth + 1, nodes, &value)) return false;
    }
  } else if (node.IsSequence()) {
    *json = Json::array();
    for (const auto& element : node) {
      json->push_back(nullptr);
      if (!ToJson(element, depth + 1, nodes, &json->back())) return false;
    }
  } else if (node.IsScalar()) {
    *json = node.Scalar();
  }
  return true;
}

absl::StatusOr<Json> Parsed(std::string_view text) {
  Json json;
  int nodes = 0;
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    if (ToJson(root, 0, &nodes, &json)) return json;
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        Concat("the file is not YAML: ", error.what()));
  }
  return absl::ResourceExhaustedError(
      Concat("the YAML has more than ", kNodesMax, " values or is nested more ",
             "than ", kDepthMax, " deep"));
}

}  // namespace

absl::StatusOr<Policy> ReadKubernetes(std::string_view text) {
  const auto json = Parsed(text);
  if (!json.ok()) return json.status();
  absl::Status status;
  const JsonFields fields(&*json, "", &status);
  if (fields.String("kind") != "SeccompProfile") {
    fields.Refuse("kind", "SeccompProfile");
  }
  Policy policy = ReadOciFields(fields.Object("spec"));
  if (!status.ok()) return status;
  return policy;
}

}  // namespace formfuzz::campaign

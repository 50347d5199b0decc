// SPDX-License-Identifier: Apache-2.0
// The JSON that container runtimes and Docker both read: no archMap, includes
// or excludes, which only Docker has. Names sorted, so that two can be diffed.

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/render/container_rules.h"
#include "campaign/syscalls/render/render.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::ordered_json;

Json ArgumentJson(const Condition& condition) {
  Json json;
  json["index"] = condition.argument;
  const bool masked = condition.mask != kWholeWord;
  json["value"] = masked ? condition.mask : condition.value;
  if (masked) json["valueTwo"] = condition.value;
  json["op"] = OciCompareName(condition);
  return json;
}

void SetErrno(Decision verdict, const char* field, Json* json) {
  if (verdict.action == Action::kErrno) (*json)[field] = verdict.code;
}

}  // namespace

Rendering RenderOci(const Policy& policy) {
  Rendering rendering;
  const auto rules = ContainerRules(policy, &rendering.lost);
  Json json;
  json["defaultAction"] = OciActionName(policy.otherwise);
  SetErrno(policy.otherwise, "defaultErrnoRet", &json);
  Json& architectures = json["architectures"] = Json::array();
  for (const Arch arch : policy.arches) {
    architectures.push_back(OciNameOfArch(arch));
  }
  Json& syscalls = json["syscalls"] = Json::array();
  for (const ContainerRule& rule : rules) {
    Json one;
    one["names"] = rule.names;
    one["action"] = OciActionName(rule.verdict);
    SetErrno(rule.verdict, "errnoRet", &one);
    for (const Condition& condition : rule.all_of) {
      one["args"].push_back(ArgumentJson(condition));
    }
    syscalls.push_back(std::move(one));
  }
  rendering.text = json.dump(2) + "\n";
  return rendering;
}

}  // namespace formfuzz::campaign

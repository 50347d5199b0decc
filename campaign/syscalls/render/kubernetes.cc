// SPDX-License-Identifier: Apache-2.0
// A manifest for the Security Profiles Operator, cluster-scoped as its recent
// releases want it. Names hold nothing that YAML would have quoted.

#include <cctype>
#include <string>

#include "absl/strings/str_join.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/render/container_rules.h"
#include "campaign/syscalls/render/render.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kObjectNameMax = 63;

// Lower-case letters, digits and inner dashes: what Kubernetes calls a name.
std::string ObjectName(const std::string& name) {
  std::string object;
  for (const unsigned char c : name) {
    if (object.size() == kObjectNameMax) break;
    if (std::isalnum(c) != 0 && c < 128) {
      object.push_back(static_cast<char>(std::tolower(c)));
    } else if (!object.empty() && object.back() != '-') {
      object.push_back('-');
    }
  }
  while (!object.empty() && object.back() == '-') object.pop_back();
  return object.empty() ? "profile" : object;
}

std::string ArgumentText(const Condition& condition) {
  const bool masked = condition.mask != kWholeWord;
  std::string text = Concat(
      "    - index: ", condition.argument,
      "\n      op: ", OciCompareName(condition),
      "\n      value: ", masked ? condition.mask : condition.value, "\n");
  if (masked) text += Concat("      valueTwo: ", condition.value, "\n");
  return text;
}

std::string ErrnoText(Decision verdict, std::string_view field) {
  if (verdict.action != Action::kErrno) return "";
  return Concat(field, ": ", verdict.code, "\n");
}

std::string RuleText(const ContainerRule& rule) {
  std::string text = Concat("  - action: ", OciActionName(rule.verdict), "\n");
  const std::string code = ErrnoText(rule.verdict, "errnoRet");
  if (!code.empty()) text += "    " + code;
  text += "    names:\n";
  for (const std::string& name : rule.names) text += "    - " + name + "\n";
  if (rule.all_of.empty()) return text;
  text += "    args:\n";
  for (const Condition& one : rule.all_of) text += ArgumentText(one);
  return text;
}

}  // namespace

Rendering RenderKubernetes(const Policy& policy, const std::string& name) {
  Rendering rendering;
  std::string& text = rendering.text;
  text = Concat("apiVersion: security-profiles-operator.x-k8s.io/v1beta1\n",
                "kind: SeccompProfile\nmetadata:\n  name: ", ObjectName(name),
                "\nspec:\n  defaultAction: ", OciActionName(policy.otherwise),
                "\n");
  const std::string code = ErrnoText(policy.otherwise, "defaultErrnoRet");
  if (!code.empty()) text += "  " + code;
  text += "  architectures:\n";
  for (const Arch arch : policy.arches) {
    text += "  - " + OciNameOfArch(arch) + "\n";
  }
  text += "  syscalls:\n";
  for (const auto& rule : ContainerRules(policy, &rendering.lost)) {
    text += RuleText(rule);
  }
  return rendering;
}

}  // namespace formfuzz::campaign

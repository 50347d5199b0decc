// SPDX-License-Identifier: Apache-2.0
// Reads the JSON of container runtimes, Docker's additions to it, and the spec
// of a Kubernetes SeccompProfile, which has the same fields.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/parse/oci_fields.h"
#include "campaign/syscalls/parse/read.h"
#include "campaign/syscalls/render/container_rules.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::ordered_json;

Decision ReadVerdict(const JsonFields& fields, const char* action_field,
                     const char* code_field) {
  // EPERM is what runtimes take where no number is given.
  const auto action = ActionOfOciName(fields.String(action_field));
  if (!action) fields.Refuse(action_field, "an action such as SCMP_ACT_ALLOW");
  Decision verdict{action.value_or(Action::kKillProcess), 0};
  if (verdict.action != Action::kErrno) return verdict;
  verdict.code = EPERM;
  if (fields.Has(code_field)) {
    verdict.code = static_cast<int>(fields.Number(code_field) & 0xffff);
  }
  return verdict;
}

Condition ReadArgument(const JsonFields& fields) {
  const uint64_t index = fields.Number("index");
  if (index >= kArgumentsMax) fields.Refuse("index", "0 to 5");
  Condition condition{.argument = static_cast<int>(index % kArgumentsMax)};
  const std::string name = fields.String("op");
  if (name == kOciMasked) {
    condition.mask = fields.Number("value");
    condition.value = fields.Number("valueTwo");
    return condition;
  }
  const auto compare = CompareOfOciName(name);
  if (!compare) fields.Refuse("op", "a comparison such as SCMP_CMP_EQ");
  condition.compare = compare.value_or(Compare::kEqual);
  condition.value = fields.Number("value");
  return condition;
}

std::vector<Arch> ReadArches(const JsonFields& fields) {
  std::vector<Arch> arches;
  const auto add = [&](const std::string& name, const JsonFields& place) {
    const auto arch = ArchOfOciName(name);
    if (!arch) return place.Refuse(name, "an architecture that is known");
    if (std::find(arches.begin(), arches.end(), *arch) == arches.end()) {
      arches.push_back(*arch);
    }
  };
  for (const auto& name : fields.Strings("architectures")) add(name, fields);
  // Docker's: the one that the host has, with those that go with it.
  fields.ForEach("archMap", [&](const JsonFields& map) {
    if (map.String("architecture") != OciNameOfArch(NativeArch())) return;
    add(map.String("architecture"), map);
    for (const auto& name : map.Strings("subArchitectures")) add(name, map);
  });
  if (arches.empty()) arches.push_back(NativeArch());
  return arches;
}

// Docker's conditions for a rule; what a container without more rights gets.
bool Applies(const JsonFields& rule, Policy* policy) {
  const JsonFields includes = rule.Object("includes");
  const auto arches = includes.Strings("arches");
  const std::string go_name =
      NativeArch() == kArchX86_64 ? "amd64" : NameOfArch(NativeArch());
  if (!arches.empty() &&
      std::find(arches.begin(), arches.end(), go_name) == arches.end()) {
    return false;
  }
  const auto excluded = rule.Object("excludes").Strings("arches");
  if (std::find(excluded.begin(), excluded.end(), go_name) != excluded.end()) {
    return false;
  }
  const auto capabilities = includes.Strings("caps");
  if (capabilities.empty()) return true;
  policy->remarks.push_back(Concat("a rule is for containers with ",
                                   capabilities[0], " and was left out"));
  return false;
}

std::vector<std::string> NamesOf(const JsonFields& rule) {
  std::vector<std::string> names = rule.Strings("names");
  if (rule.Has("name")) names.push_back(rule.String("name"));  // before 1.0
  if (names.empty()) rule.Refuse("names", "at least one call");
  return names;
}

void ReadRule(const JsonFields& fields, Policy* policy) {
  if (!Applies(fields, policy)) return;
  Rule rule{.verdict = ReadVerdict(fields, "action", "errnoRet")};
  Clause all_of;
  fields.ForEach("args", [&](const JsonFields& argument) {
    all_of.push_back(ReadArgument(argument));
  });
  const auto simple = Simplified(all_of);
  if (!simple) return;  // can never hold
  if (!simple->empty()) rule.any_of.push_back(*simple);
  for (const std::string& name : NamesOf(fields)) {
    bool known = false;
    for (const Arch arch : policy->arches) {
      const auto number = NumberOfCall(arch, name);
      if (!number) continue;
      known = true;
      rule.arch = arch;
      rule.number = *number;
      policy->rules.push_back(rule);
    }
    if (known) continue;
    policy->remarks.push_back(
        Concat(name, " is no call of these architectures, and is passed over"));
  }
}

}  // namespace

Policy ReadOciFields(const JsonFields& fields) {
  Policy policy{
      .arches = ReadArches(fields),
      .otherwise = ReadVerdict(fields, "defaultAction", "defaultErrnoRet")};
  fields.ForEach("syscalls",
                 [&](const JsonFields& rule) { ReadRule(rule, &policy); });
  Sort(policy);
  return policy;
}

absl::StatusOr<Policy> ReadOci(std::string_view text) {
  const Json parsed = Json::parse(text, nullptr, false);
  if (parsed.is_discarded()) {
    return absl::InvalidArgumentError("the file is not JSON");
  }
  absl::Status status;
  const JsonFields whole(&parsed, "", &status);
  // A whole config.json of a container holds it three levels down.
  const JsonFields fields =
      whole.Has("linux") ? whole.Object("linux").Object("seccomp") : whole;
  Policy policy = ReadOciFields(fields);
  if (!status.ok()) return status;
  return policy;
}

}  // namespace formfuzz::campaign

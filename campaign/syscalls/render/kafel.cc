// SPDX-License-Identifier: Apache-2.0
// kafel, the language of nsjail. Arguments are named by place, so that nothing
// depends on its tables; a condition on a whole word of a parameter that kafel
// knows to be an int is one on the int there.

#include <cctype>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_join.h"
#include "campaign/syscalls/names/kafel_names.h"
#include "campaign/syscalls/profile/spelling.h"
#include "campaign/syscalls/render/expressible.h"
#include "campaign/syscalls/render/render.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr char kArguments[] = "(a0, a1, a2, a3, a4, a5)";

std::string Identifier(const std::string& name) {
  std::string identifier;
  for (const unsigned char c : name) {
    const bool fits = c < 128 && std::isalnum(c) != 0;
    identifier.push_back(fits ? static_cast<char>(c) : '_');
  }
  const bool starts =
      !identifier.empty() &&
      std::isdigit(static_cast<unsigned char>(identifier[0])) == 0;
  return starts ? identifier : "p_" + identifier;
}

std::string CallName(const Rule& rule) {
  const auto name = KafelNameOfCall(rule.arch, rule.number);
  return name ? *name : Concat("SYSCALL[", rule.number, "]");
}

// To kafel calls of x32 are calls of x86_64 with large numbers.
std::string GuardOf(Arch arch) {
  return " ON " + NameOfArch(arch == kArchX32 ? kArchX86_64 : arch);
}

std::string ConditionText(const Condition& condition) {
  std::string word = Concat("a", condition.argument);
  if (condition.mask != kWholeWord) {
    word = Concat("(", word, " & ", HexOf(condition.mask), ")");
  }
  return Concat(word, " ", SignOf(condition.compare), " ",
                HexOf(condition.value));
}

std::string RuleText(const Rule& rule, bool guarded) {
  const std::string guard = guarded ? GuardOf(rule.arch) : "";
  if (rule.any_of.empty()) return CallName(rule) + guard;
  const std::string any = absl::StrJoin(
      rule.any_of, " || ", [](std::string* out, const Clause& clause) {
        *out += absl::StrJoin(clause, " && ",
                              [](std::string* to, const Condition& condition) {
                                *to += ConditionText(condition);
                              });
      });
  return Concat(CallName(rule), kArguments, guard, " { ", any, " }");
}

std::string TargetText(Decision verdict) {
  switch (verdict.action) {
    case Action::kAllow:
      return "ALLOW";
    case Action::kLog:
      return "LOG";
    case Action::kErrno:
      return Concat("ERRNO(", verdict.code, ")");
    case Action::kTrap:
      return Concat("TRAP(", verdict.code, ")");
    case Action::kTrace:
      return Concat("TRACE(", verdict.code, ")");
    case Action::kNotify:
      return "USER_NOTIF";
    case Action::kKillThread:
      return "KILL_THREAD";
    case Action::kKillProcess:
      return "KILL_PROCESS";
  }
  return "KILL_PROCESS";
}

}  // namespace

Rendering RenderKafel(const Policy& policy, const std::string& name) {
  Rendering rendering;
  const std::string identifier = Identifier(name);
  const bool guarded = policy.arches.size() > 1;
  std::map<std::pair<Action, int>, std::vector<std::string>> blocks;
  for (const Rule& rule : policy.rules) {
    blocks[{rule.verdict.action, rule.verdict.code}].push_back(
        RuleText(rule, guarded));
  }
  rendering.text = Concat("// ",
                          absl::StrJoin(policy.arches, " ",
                                        [](std::string* out, Arch arch) {
                                          *out += NameOfArch(arch);
                                        }),
                          "\nPOLICY ", identifier, " {\n");
  std::string_view comma = "";
  for (const auto& [verdict, lines] : blocks) {
    rendering.text +=
        Concat(comma, "  ", TargetText({verdict.first, verdict.second}),
               " {\n    ", absl::StrJoin(lines, ",\n    "), "\n  }");
    comma = ",\n";
  }
  rendering.text += Concat("\n}\nUSE ", identifier, " DEFAULT ",
                           TargetText(policy.otherwise), "\n");
  return rendering;
}

}  // namespace formfuzz::campaign

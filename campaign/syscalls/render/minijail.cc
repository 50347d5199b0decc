// SPDX-License-Identifier: Apache-2.0
// minijail0 -S: one architecture a file, a line a call, conditions joined by &&
// and ||. It has `&` (some of these bits are set) and `in` (no other bits are)
// in place of masked equality, which can be said with the two together.

#include <algorithm>
#include <string>

#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/profile/spelling.h"
#include "campaign/syscalls/render/expressible.h"
#include "campaign/syscalls/render/render.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// Bits of the mask that are to be zero, then each that is to be set.
std::string MaskedText(const Condition& condition) {
  const std::string argument = Concat("arg", condition.argument);
  std::string text =
      Concat(argument, " in ", HexOf(~condition.mask | condition.value));
  for (uint64_t bit = 1; bit != 0; bit <<= 1) {
    if ((condition.value & bit) == 0) continue;
    text += Concat(" && ", argument, " & ", HexOf(bit));
  }
  return text;
}

std::string ClausesText(const Clauses& clauses) {
  std::string text;
  for (const Clause& clause : clauses) {
    if (!text.empty()) text += " || ";
    std::string all;
    for (const Condition& condition : clause) {
      if (!all.empty()) all += " && ";
      all += condition.mask == kWholeWord ? ToString(condition)
                                          : MaskedText(condition);
    }
    text += all;
  }
  return text;
}

// What follows the colon; "" if minijail has no such verdict for one call.
std::string DecisionText(const Rule& rule) {
  if (rule.verdict.action == Action::kErrno && rule.any_of.empty()) {
    return Concat("return ", rule.verdict.code);
  }
  if (!rule.verdict.lets_through()) return "";
  return rule.any_of.empty() ? "1" : ClausesText(rule.any_of);
}

// One file serves one architecture.
Arch ChosenArch(const Policy& policy) {
  const auto& arches = policy.arches;
  const bool native =
      std::find(arches.begin(), arches.end(), NativeArch()) != arches.end();
  return native || arches.empty() ? NativeArch() : arches.front();
}

std::string LineOf(const Rule& rule, Arch arch, Rendering* rendering) {
  const auto lose = [&](std::string_view why) {
    rendering->lost.push_back(Concat(CallText(rule), ": ", why));
    return std::string();
  };
  if (rule.arch != arch) return lose("the file is for another architecture");
  if (!HasName(rule.arch, rule.number)) {
    return lose("has no name yet, and the form knows calls by name");
  }
  const std::string decision = DecisionText(rule);
  if (decision.empty()) return lose("the form has no words for its verdict");
  const std::string remark =
      rule.any_of.empty() ? "" : Concat("# ", ToString(rule.any_of), "\n");
  return Concat(remark, NameOfCall(rule.arch, rule.number), ": ", decision,
                "\n");
}

}  // namespace

Rendering RenderMinijail(const Policy& policy) {
  Rendering rendering;
  const Arch arch = ChosenArch(policy);
  rendering.text = Concat("# ", NameOfArch(arch), "\n");
  const bool ends = policy.otherwise.action == Action::kKillProcess ||
                    policy.otherwise.action == Action::kKillThread;
  if (!ends) {
    rendering.lost.push_back(
        Concat("calls outside of the profile end the process, and are not "
               "answered with ",
               ToString(policy.otherwise), ": minijail has no other default"));
  }
  for (const Rule& rule : Expressible(policy, {}, &rendering.lost)) {
    rendering.text += LineOf(rule, arch, &rendering);
  }
  return rendering;
}

}  // namespace formfuzz::campaign

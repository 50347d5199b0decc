// SPDX-License-Identifier: Apache-2.0
// Clauses brought into the grammar of a form.

#include "campaign/syscalls/render/expressible.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "campaign/syscalls/names/call_names.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

bool CanBeSaid(const Condition& condition) {
  return condition.mask == kWholeWord || condition.compare == Compare::kEqual;
}

bool IsEqual(const Condition& condition) {
  return condition.compare == Compare::kEqual;
}

constexpr uint64_t kNarrowMask = 0xffffffff;

// Of an argument of 32 bits: what it asks of these. A value that has more is
// decided already: by true, that it always holds, or false, that it never does.
std::variant<Condition, bool> Narrowed(Condition condition) {
  const bool beyond = (condition.value & ~kNarrowMask) != 0;
  if (beyond) {
    return condition.compare == Compare::kNotEqual ||
           condition.compare == Compare::kLess ||
           condition.compare == Compare::kLessOrEqual;
  }
  // All of the word stays all of it.
  if (condition.mask != kWholeWord) condition.mask &= kNarrowMask;
  return condition;
}

// The clause for arguments of 32 bits; nothing if it never holds.
std::optional<Clause> Narrowed(const Clause& clause) {
  Clause narrow;
  for (const Condition& condition : clause) {
    const auto one = Narrowed(condition);
    if (const bool* decided = std::get_if<bool>(&one)) {
      if (!*decided) return std::nullopt;
    } else {
      narrow.push_back(std::get<Condition>(one));
    }
  }
  return narrow;
}

void Leave(const Rule& rule, const Condition& condition,
           std::vector<std::string>* lost) {
  lost->push_back(Concat(CallText(rule), ": the form has no words for ",
                         ToString(condition), ", which is not asked for"));
}

// Nothing if the clause can never hold.
std::optional<Clause> Said(const Rule& rule, const Clause& clause,
                           const Grammar& grammar,
                           std::vector<std::string>* lost) {
  Clause said;
  std::map<int, size_t> places;  // of an argument in `said`
  for (const Condition& condition : clause) {
    // A value that has bits outside of its mask equals nothing.
    if (IsEqual(condition) && (condition.value & ~condition.mask) != 0) {
      return std::nullopt;
    }
    const auto [place, first] =
        places.try_emplace(condition.argument, said.size());
    const bool joins = !first && grammar.one_condition_an_argument;
    if (!CanBeSaid(condition)) {
      if (first) places.erase(place);
      Leave(rule, condition, lost);
    } else if (!joins) {
      said.push_back(condition);
    } else if (IsEqual(condition) && IsEqual(said[place->second])) {
      const auto both = Joined(said[place->second], condition);
      if (!both) return std::nullopt;
      said[place->second] = *both;
    } else {
      Leave(rule, condition, lost);
    }
  }
  return said;
}

}  // namespace

std::vector<Rule> Expressible(const Policy& policy, const Grammar& grammar,
                              std::vector<std::string>* lost) {
  std::vector<Rule> rules;
  for (const Rule& rule : policy.rules) {
    Rule said{
        .arch = rule.arch, .number = rule.number, .verdict = rule.verdict};
    for (const Clause& clause : rule.any_of) {
      const auto fitting =
          HasNarrowWords(rule.arch) ? Narrowed(clause) : std::optional(clause);
      if (!fitting) continue;
      auto one = Said(rule, *fitting, grammar, lost);
      if (one) said.any_of.push_back(*std::move(one));
    }
    const bool never = said.any_of.empty() && !rule.any_of.empty();
    Normalise(said.any_of);
    if (!never) rules.push_back(std::move(said));
  }
  return rules;
}

void TellOfArches(const Policy& policy, std::vector<std::string>* lost) {
  if (policy.arches.size() < 2) return;
  std::map<std::string, std::set<Arch>> by_name;
  for (const Rule& rule : policy.rules) {
    by_name[NameOfCall(rule.arch, rule.number)].insert(rule.arch);
  }
  for (const auto& [name, arches] : by_name) {
    for (const Arch arch : policy.arches) {
      if (arches.count(arch) != 0 || !NumberOfCall(arch, name)) continue;
      lost->push_back(Concat(name, ": the form has one list for all ",
                             "architectures, so ", NameOfArch(arch),
                             " has it as well"));
    }
  }
}

std::string CallText(const Rule& rule) {
  const std::string name = NameOfCall(rule.arch, rule.number);
  if (rule.arch == NativeArch()) return name;
  return Concat(name, " (", NameOfArch(rule.arch), ")");
}

}  // namespace formfuzz::campaign

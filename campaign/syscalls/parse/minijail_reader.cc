// SPDX-License-Identifier: Apache-2.0
// Reads minijail's policies: a line a call. Constants are numbers; the names of
// the kernel's headers are minijail's own to resolve.

#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/parse/logic.h"
#include "campaign/syscalls/parse/read.h"
#include "campaign/syscalls/parse/words.h"
#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// NUMBER, ~NUMBER, and several joined by |.
absl::StatusOr<uint64_t> ReadConstant(WordReader* words) {
  uint64_t value = 0;
  do {
    const bool inverted = words->Take("~");
    const bool negative = !inverted && words->Take("-");
    const auto number = NumberOf(words->Peek());
    if (!number) return words->Unexpected("a number");
    words->Next();
    value |= inverted ? ~*number : negative ? 0 - *number : *number;
  } while (words->Take("|"));
  return value;
}

absl::StatusOr<Condition> ReadCondition(WordReader* words) {
  const std::string& argument = words->Peek();
  const bool named = argument.size() == 4 && argument.substr(0, 3) == "arg" &&
                     argument[3] >= '0' && argument[3] < '0' + kArgumentsMax;
  if (!named) return words->Unexpected("arg0 to arg5");
  Condition condition{.argument = argument[3] - '0'};
  words->Next();
  const std::string sign = words->Next();
  const auto value = ReadConstant(words);
  if (!value.ok()) return value.status();
  if (sign == "&") {  // some of these bits
    condition.compare = Compare::kNotEqual;
    condition.mask = *value;
    return condition;
  }
  if (sign == "in") {  // no other bits
    condition.mask = ~*value;
    return condition;
  }
  const auto compare = CompareOfSign(sign);
  if (!compare) {
    return absl::InvalidArgumentError(
        Concat("\"", sign, "\" is none of == != < <= > >= & in"));
  }
  condition.compare = *compare;
  condition.value = *value;
  return condition;
}

absl::StatusOr<AnyOf> ReadClauses(WordReader* words) {
  AnyOf any_of;
  do {
    Clause all_of;
    do {
      const auto condition = ReadCondition(words);
      if (!condition.ok()) return condition.status();
      all_of.push_back(*condition);
    } while (words->Take("&&"));
    if (const auto simple = Simplified(all_of)) any_of.push_back(*simple);
  } while (words->Take("||"));
  return any_of;
}

// 1 | CLAUSES [; return N] | return N
absl::Status ReadDecision(Rule rule, WordReader* words, Policy* policy) {
  const bool always = words->Peek() == "1" && words->Peek(1) != "&";
  if (always) words->Next();
  const bool clauses = !always && words->Peek() != "return";
  if (clauses) {
    const auto any_of = ReadClauses(words);
    if (!any_of.ok()) return any_of.status();
    rule.any_of = *any_of;
    Normalise(rule.any_of);
  }
  const bool holds = always || (clauses && !rule.any_of.empty());
  if (holds) policy->rules.push_back(rule);
  words->Take(";");
  if (words->Take("return")) {
    const auto code = ReadConstant(words);
    if (!code.ok()) return code.status();
    rule.any_of.clear();
    rule.verdict = {Action::kErrno, static_cast<int>(*code & 0xffff)};
    policy->rules.push_back(rule);
  }
  return words->AtEnd() ? absl::OkStatus() : words->Unexpected("the end");
}

absl::Status ReadLine(std::string_view line, Arch arch, Policy* policy) {
  WordReader words(WordsOf(line));
  if (words.AtEnd()) return absl::OkStatus();
  if (words.Peek()[0] == '@') {
    policy->remarks.push_back(
        Concat("the directive ", words.Peek(), " is passed over"));
    return absl::OkStatus();
  }
  const std::string name = words.Next();
  absl::Status status = words.Expect(":");
  if (!status.ok()) return status;
  const auto number = NumberOfCall(arch, name);
  if (!number) {
    return absl::InvalidArgumentError(
        Concat("\"", name, "\" is no call of ", NameOfArch(arch)));
  }
  return ReadDecision({.arch = arch, .number = *number}, &words, policy);
}

}  // namespace

absl::StatusOr<Policy> ReadMinijail(std::string_view text, Arch arch) {
  Policy policy{.arches = {arch}, .otherwise = {Action::kKillProcess, 0}};
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(ToAbsl(text), '\n')) {
    ++number;
    const std::string_view code(line.data(), line.size());
    const absl::Status status =
        ReadLine(code.substr(0, code.find('#')), arch, &policy);
    if (status.ok()) continue;
    return absl::InvalidArgumentError(
        Concat("in line ", number, ": ", std::string(status.message())));
  }
  Sort(policy);
  return policy;
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Reads kafel: policies of blocks, a target a block, USE, DEFAULT and #define.
// Arguments are those that a rule declares; the names that kafel itself knows
// for well-known calls are its own to resolve, and so are includes.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "campaign/syscalls/names/kafel_names.h"
#include "campaign/syscalls/parse/logic.h"
#include "campaign/syscalls/parse/read.h"
#include "campaign/syscalls/parse/words.h"
#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr int kDepthMax = 32;
constexpr size_t kRulesMax = 100'000;

// A side of a comparison: an argument, or a number, or one & the other.
struct Operand {
  std::optional<int> argument;
  uint64_t number = kWholeWord;  // the mask of an argument; else the value
};

Compare Mirrored(Compare compare) {
  constexpr Compare kMirrors[] = {Compare::kEqual,   Compare::kNotEqual,
                                  Compare::kGreater, Compare::kGreaterOrEqual,
                                  Compare::kLess,    Compare::kLessOrEqual};
  return kMirrors[static_cast<size_t>(compare)];
}

class KafelReader {
 public:
  KafelReader(std::string_view text, Arch arch)
      : words_(WordsOf(text)), arch_(arch) {}

  absl::StatusOr<Policy> Read() {
    policy_.otherwise = {Action::kKillThread, 0};
    while (!words_.AtEnd() && status_.ok()) Statement();
    if (!status_.ok()) return status_;
    policy_.rules = top_;
    for (const Rule& rule : top_) AddArch(rule.arch);
    if (policy_.arches.empty()) policy_.arches.push_back(arch_);
    Sort(policy_);
    return std::move(policy_);
  }

 private:
  using Rules = std::vector<Rule>;

  bool Refuse(std::string_view wanted) {
    if (status_.ok()) status_ = words_.Unexpected(wanted);
    return false;
  }
  bool Expect(std::string_view word) {
    return words_.Take(word) || Refuse(word);
  }

  void AddArch(Arch arch) {
    auto& arches = policy_.arches;
    if (std::find(arches.begin(), arches.end(), arch) == arches.end()) {
      arches.push_back(arch);
    }
  }

  void Statement() {
    if (words_.Take("#")) {
      if (!Expect("define")) return;
      const std::string name = words_.Next();
      constants_[name] = Number();
    } else if (words_.Take("POLICY")) {
      const std::string name = words_.Next();
      if (Expect("{")) policies_[name] = Body();
      Expect("}");
    } else if (words_.Take("DEFAULT")) {
      policy_.otherwise = Target();
    } else {
      Element(&top_);
    }
    words_.Take(",");
  }

  Rules Body() {
    Rules rules;
    while (status_.ok() && !words_.AtEnd() && words_.Peek() != "}") {
      Element(&rules);
      words_.Take(",");
    }
    return rules;
  }

  // USE NAME, or TARGET { RULE, ... }
  void Element(Rules* rules) {
    if (words_.Take("USE")) {
      const auto used = policies_.find(words_.Peek());
      if (used == policies_.end()) {
        Refuse("a policy that was defined before");
        return;
      }
      words_.Next();
      rules->insert(rules->end(), used->second.begin(), used->second.end());
      if (rules->size() > kRulesMax) Refuse("fewer rules");
      return;
    }
    const Decision verdict = Target();
    if (!status_.ok() || !Expect("{")) return;
    while (status_.ok() && !words_.AtEnd() && words_.Peek() != "}") {
      CallRule(verdict, rules);
      if (!words_.Take(",")) break;
    }
    Expect("}");
  }

  Decision Target() {
    constexpr std::pair<std::string_view, Action> kTargets[] = {
        {"ALLOW", Action::kAllow},     {"LOG", Action::kLog},
        {"ERRNO", Action::kErrno},     {"TRAP", Action::kTrap},
        {"TRACE", Action::kTrace},     {"USER_NOTIF", Action::kNotify},
        {"KILL", Action::kKillThread}, {"KILL_THREAD", Action::kKillThread},
        {"DENY", Action::kKillThread}, {"KILL_PROCESS", Action::kKillProcess}};
    for (const auto& [name, action] : kTargets) {
      if (!words_.Take(name)) continue;
      Decision verdict{action, 0};
      if (words_.Take("(")) {
        verdict.code = static_cast<int>(Number() & 0xffff);
        Expect(")");
      }
      return verdict;
    }
    Refuse("a target such as ALLOW, or USE, POLICY, DEFAULT or #define");
    return {Action::kKillProcess, 0};
  }

  uint64_t Number() {
    const auto constant = constants_.find(words_.Peek());
    if (constant != constants_.end()) {
      words_.Next();
      return constant->second;
    }
    const bool negative = words_.Take("-");
    const auto number = NumberOf(words_.Peek());
    if (!number) {
      Refuse("a number or a constant that was defined before");
      return 0;
    }
    words_.Next();
    return negative ? 0 - *number : *number;
  }

  // NAME [ (ARGUMENT, ...) ] [ ON ARCH ] [ { EXPRESSION } ]
  void CallRule(Decision verdict, Rules* rules) {
    std::optional<uint64_t> number;
    std::string name;
    if (words_.Peek() == "SYSCALL" && words_.Peek(1) == "[") {
      words_.Next();
      words_.Next();
      number = Number();
      Expect("]");
    } else if (constants_.count(words_.Peek()) != 0) {
      number = Number();
    } else {
      name = words_.Next();
    }
    Declarations();
    const std::vector<Arch> arches = Guard();
    Rule rule{.verdict = verdict};
    bool possible = true;
    if (words_.Take("{")) {
      const AnyOf any_of = Expression(0);
      Expect("}");
      possible = !any_of.empty();
      rule.any_of = any_of;
      Normalise(rule.any_of);
    }
    for (const Arch arch : arches) {
      const auto named = number ? std::optional<int>(static_cast<int>(*number))
                                : NumberOfKafelName(arch, name);
      rule.arch = ArchOfCall(arch, named.value_or(0));
      if (!named) {
        status_ = absl::InvalidArgumentError(
            Concat("\"", name, "\" is no call of ", NameOfArch(arch)));
        return;
      }
      rule.number = *named;
      if (possible) rules->push_back(rule);
    }
  }

  void Declarations() {
    arguments_.clear();
    if (!words_.Take("(")) return;
    int index = 0;
    do {
      arguments_[words_.Next()] = index++;
    } while (words_.Take(","));
    if (index > kArgumentsMax) Refuse("at most six arguments");
    Expect(")");
  }

  std::vector<Arch> Guard() {
    if (!words_.Take("ON")) return {arch_};
    std::vector<Arch> arches;
    const bool several = words_.Take("{");
    do {
      const auto arch = ArchOfName(words_.Peek());
      if (!arch) {
        Refuse("an architecture");
        return arches;
      }
      words_.Next();
      arches.push_back(*arch);
    } while (several && words_.Take(","));
    if (several) Expect("}");
    return arches;
  }

  AnyOf Bounded(std::optional<AnyOf> any_of) {
    if (any_of && any_of->size() <= kClausesMax) {
      AnyOf simple;
      for (const Clause& clause : *any_of) {
        if (auto one = Simplified(clause)) simple.push_back(*std::move(one));
      }
      return simple;
    }
    Refuse("an expression with fewer alternatives");
    return {};
  }

  AnyOf Expression(int depth) {
    AnyOf any_of = Conjunction(depth);
    while (status_.ok() && (words_.Take("||") || words_.Take(","))) {
      any_of = Bounded(Or(std::move(any_of), Conjunction(depth)));
    }
    return any_of;
  }

  AnyOf Conjunction(int depth) {
    AnyOf all = Primary(depth);
    while (status_.ok() && words_.Take("&&")) {
      all = Bounded(And(all, Primary(depth)));
    }
    return all;
  }

  AnyOf Primary(int depth) {
    if (depth > kDepthMax) {
      Refuse("less nesting");
      return {};
    }
    if (words_.Take("!")) return Bounded(Not(Primary(depth + 1)));
    // A parenthesis opens an expression or a masked argument.
    const size_t place = words_.place();
    if (words_.Peek() == "(" && !OpensOperand()) {
      words_.GoTo(place + 1);
      AnyOf inner = Expression(depth + 1);
      Expect(")");
      return inner;
    }
    return Comparison();
  }

  // ( WORD ) or ( WORD & WORD )
  bool OpensOperand() const {
    return words_.Peek(2) == ")" ||
           (words_.Peek(2) == "&" && words_.Peek(4) == ")");
  }

  AnyOf Comparison() {
    const Operand left = Masked();
    const auto compare = CompareOfSign(words_.Peek());
    if (!compare) {
      Refuse("a comparison");
      return {};
    }
    words_.Next();
    const Operand right = Masked();
    if (!status_.ok()) return {};
    if (left.argument.has_value() == right.argument.has_value()) {
      Refuse("an argument compared with a number, before what is");
      return {};
    }
    const Operand& argument = left.argument ? left : right;
    const Operand& number = left.argument ? right : left;
    return {{{.argument = *argument.argument,
              .compare = left.argument ? *compare : Mirrored(*compare),
              .mask = argument.number,
              .value = number.number}}};
  }

  Operand Masked() {
    const bool parenthesis = words_.Take("(");
    Operand operand = Single();
    if (words_.Take("&")) {
      const Operand other = Single();
      if (other.argument) operand.argument = other.argument;
      operand.number &= other.number;
    }
    if (parenthesis) Expect(")");
    return operand;
  }

  Operand Single() {
    const auto argument = arguments_.find(words_.Peek());
    if (argument != arguments_.end()) {
      words_.Next();
      return {.argument = argument->second};
    }
    uint64_t number = Number();
    while (status_.ok() && words_.Take("|")) number |= Number();
    return {.argument = std::nullopt, .number = number};
  }

  WordReader words_;
  Arch arch_;
  absl::Status status_;
  Policy policy_;
  Rules top_;
  std::map<std::string, Rules> policies_;
  std::map<std::string, uint64_t> constants_;
  std::map<std::string, int> arguments_;
};

}  // namespace

absl::StatusOr<Policy> ReadKafel(std::string_view text, Arch arch) {
  // Our own rendering of one architecture begins with its name.
  constexpr std::string_view kComment = "// ";
  if (text.substr(0, kComment.size()) == kComment) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const auto named = ArchOfName(line.substr(kComment.size()));
    if (named) arch = *named;
  }
  return KafelReader(text, arch).Read();
}

}  // namespace formfuzz::campaign

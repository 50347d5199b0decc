// SPDX-License-Identifier: Apache-2.0
// Reads libseccomp's pseudo code. Nesting is by two spaces; a path to an action
// is a rule, and of a call's rules the first that holds decides, as there.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/parse/read.h"
#include "campaign/syscalls/parse/words.h"
#include "campaign/syscalls/profile/spelling.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kIndent = 2;
constexpr int kHalfBits = 32;
constexpr uint64_t kHalfMask = 0xffffffff;

// What one `if` asks, or what its `else` stands for.
struct Test {
  enum Kind { kArch, kCall, kArgument, kOther } kind = kOther;
  uint64_t value = 0;        // of kArch and kCall
  Condition condition = {};  // of kArgument
};

absl::StatusOr<uint64_t> ReadNumber(WordReader* words) {
  const auto number = NumberOf(words->Peek());
  if (!number) return words->Unexpected("a number");
  words->Next();
  return *number;
}

// aN, aN.hi32 or aN.lo32, then perhaps & MASK, then SIGN NUMBER.
absl::StatusOr<Test> ReadArgument(WordReader* words) {
  const std::string name = words->Next();
  const bool named = name.size() == 2 && name[0] == 'a' && name[1] >= '0' &&
                     name[1] < '0' + kArgumentsMax;
  if (!named) return words->Unexpected("an argument");
  const bool half = words->Take(".");  // where words have 64 bits
  const bool high = half && words->Take("hi32");
  if (half && !high && !words->Take("lo32")) {
    return words->Unexpected("hi32 or lo32");
  }
  uint64_t mask = kHalfMask;
  if (words->Take("&")) {
    const auto given = ReadNumber(words);
    if (!given.ok()) return given.status();
    mask = *given & kHalfMask;
  }
  const auto compare = CompareOfSign(words->Next());
  if (!compare) return words->Unexpected("a comparison");
  const auto value = ReadNumber(words);
  if (!value.ok()) return value.status();
  const int shift = high ? kHalfBits : 0;
  return Test{.kind = Test::kArgument,
              .condition = {.argument = name[1] - '0',
                            .compare = *compare,
                            .mask = mask << shift,
                            .value = *value << shift}};
}

absl::StatusOr<Test> ReadTest(WordReader* words) {
  if (!words->Take("(") || !words->Take("$")) return words->Unexpected("($");
  const bool arch = words->Take("arch");
  if (!arch && !words->Take("syscall")) return ReadArgument(words);
  const bool equal = words->Take("==");
  if (!equal) words->Next();  // a turn in the tree, which is to find calls fast
  const auto value = ReadNumber(words);
  if (!value.ok()) return value.status();
  const Test::Kind kind = arch ? Test::kArch : Test::kCall;
  return Test{.kind = equal ? kind : Test::kOther, .value = *value};
}

absl::StatusOr<Decision> ReadAction(WordReader* words) {
  constexpr std::pair<std::string_view, Action> kNames[] = {
      {"ALLOW", Action::kAllow},
      {"LOG", Action::kLog},
      {"ERRNO", Action::kErrno},
      {"TRAP", Action::kTrap},
      {"TRACE", Action::kTrace},
      {"USER_NOTIF", Action::kNotify},
      {"NOTIFY", Action::kNotify},
      {"KILL", Action::kKillThread},
      {"KILL_THREAD", Action::kKillThread},
      {"KILL_PROCESS", Action::kKillProcess}};
  for (const auto& [name, action] : kNames) {
    if (!words->Take(name)) continue;
    Decision verdict{action, 0};
    if (words->Take("(")) {
      const auto code = ReadNumber(words);
      if (!code.ok()) return code.status();
      verdict.code = static_cast<int>(*code & 0xffff);
    }
    return verdict;
  }
  return words->Unexpected("an action");
}

class PfcReader {
 public:
  absl::Status Line(std::string_view line) {
    const size_t indent = line.find_first_not_of(' ');
    if (indent == std::string_view::npos || line[indent] == '#') {
      return absl::OkStatus();
    }
    const size_t depth = indent / kIndent;
    WordReader words(WordsOf(line));
    if (words.Take("else")) return Else(depth);
    if (depth < path_.size()) path_.resize(depth);
    if (words.Take("if")) {
      auto test = ReadTest(&words);
      if (!test.ok()) return test.status();
      if (depth > path_.size()) return words.Unexpected("less indentation");
      last_.resize(depth);
      last_.push_back(*test);
      path_.push_back(*test);
      return absl::OkStatus();
    }
    const absl::Status status = words.Expect("action");
    if (!status.ok()) return status;
    const auto verdict = ReadAction(&words);
    if (!verdict.ok()) return verdict.status();
    Act(*verdict);
    return absl::OkStatus();
  }

  Policy Take() {
    Sort(policy_);
    return std::move(policy_);
  }

 private:
  // The opposite of the last `if` of this depth.
  absl::Status Else(size_t depth) {
    if (depth >= last_.size()) {
      return absl::InvalidArgumentError("an else without an if");
    }
    Test test = last_[depth];
    if (test.kind == Test::kArgument) {
      test.condition = Negated(test.condition);
    } else {
      test.kind = Test::kOther;
    }
    path_.resize(depth);
    path_.push_back(test);
    return absl::OkStatus();
  }

  void Act(Decision verdict) {
    Rule rule{.verdict = verdict};
    Clause clause;
    bool has_arch = false;
    bool has_call = false;
    for (const Test& test : path_) {
      if (test.kind == Test::kArch) {
        rule.arch = static_cast<Arch>(test.value);
        has_arch = true;
      } else if (test.kind == Test::kCall) {
        rule.number = static_cast<int>(test.value & 0x7fffffff);
        has_call = true;
      } else if (test.kind == Test::kArgument) {
        clause.push_back(test.condition);
      }
    }
    if (!has_arch) return;  // of foreign architectures
    if (!has_call) return Otherwise(rule.arch, verdict);
    const auto simple = Simplified(clause);
    if (!simple) return;
    if (!simple->empty()) rule.any_of = {*simple};
    // x32 shares its token with x86_64, and is told by the number.
    rule.arch = ArchOfCall(rule.arch, rule.number);
    policy_.rules.push_back(rule);
  }

  void Otherwise(Arch arch, Decision verdict) {
    policy_.arches.push_back(arch);
    policy_.otherwise = verdict;
  }

  std::vector<Test> path_;  // down to where the line stands
  std::vector<Test> last_;  // the last `if` of each depth
  Policy policy_;
};

}  // namespace

absl::StatusOr<Policy> ReadPfc(std::string_view text) {
  PfcReader reader;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(ToAbsl(text), '\n')) {
    ++number;
    const absl::Status status = reader.Line({line.data(), line.size()});
    if (status.ok()) continue;
    return absl::InvalidArgumentError(
        Concat("in line ", number, ": ", std::string(status.message())));
  }
  return reader.Take();
}

}  // namespace formfuzz::campaign

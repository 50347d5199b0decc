// SPDX-License-Identifier: Apache-2.0
// What a rule asks of a call's arguments: any one of its clauses, and of that
// all conditions. A filter sees six words of 64 bits and follows no pointer.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_CONDITION_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_CONDITION_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

inline constexpr int kArgumentsMax = 6;
inline constexpr uint64_t kWholeWord = ~uint64_t{0};

using CallArguments = std::array<uint64_t, kArgumentsMax>;

enum class Compare : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
};

// (argument & mask) COMPARE value, without sign.
struct Condition {
  int argument = 0;  // from 0
  Compare compare = Compare::kEqual;
  uint64_t mask = kWholeWord;
  uint64_t value = 0;

  bool Holds(const CallArguments& arguments) const;
  auto operator<=>(const Condition&) const = default;
};

using Clause = std::vector<Condition>;  // all of them; empty: always
using Clauses = std::vector<Clause>;    // any of them; empty: always

bool Holds(const Clause& clause, const CallArguments& arguments);
// Of a rule: with no clause at all every argument will do.
bool AnyHolds(const Clauses& clauses, const CallArguments& arguments);

// The argument has `value` in its lowest `bits`, which is all that the kernel
// reads of it: a program may leave anything above an int.
Condition EqualInWidth(int argument, int bits, uint64_t value);

// The argument has none but `allowed` in its lowest `bits`: flags.
Condition OnlyBits(int argument, int bits, uint64_t allowed);

// The same in fewer conditions: one bit that is not zero is a bit that is set,
// equalities of parts of an argument are one. Nothing if it never holds.
std::optional<Clause> Simplified(const Clause& clause);

// `a` and `b` are equalities of one argument: both of them as one; nothing if
// they contradict each other.
std::optional<Condition> Joined(const Condition& a, const Condition& b);

Condition Negated(const Condition& condition);

// Sorted, equal ones once, those that another one includes left out.
void Normalise(Clauses& clauses);

// "arg1 == 0x5401", "arg2 & 0xffffffff == 0x5401"; clauses "a && b || c".
std::string ToString(const Condition& condition);
std::string ToString(const Clauses& clauses);

// "==", "!=", "<", "<=", ">", ">=".
std::string_view SignOf(Compare compare);
std::optional<Compare> CompareOfSign(std::string_view sign);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_CONDITION_H_

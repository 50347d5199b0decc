// SPDX-License-Identifier: Apache-2.0
// Conditions: held against arguments, put in order, printed.

#include "campaign/syscalls/profile/condition.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr std::string_view kSigns[] = {"==", "!=", "<", "<=", ">", ">="};
constexpr int kWordBits = 64;

uint64_t LowBits(int bits) {
  return bits >= kWordBits ? kWholeWord : (uint64_t{1} << bits) - 1;
}

// Everything that `narrow` lets through, `wide` does as well.
bool Includes(const Clause& wide, const Clause& narrow) {
  return std::includes(narrow.begin(), narrow.end(), wide.begin(), wide.end());
}

}  // namespace

bool Condition::Holds(const CallArguments& arguments) const {
  const uint64_t word = arguments[static_cast<size_t>(argument)] & mask;
  switch (compare) {
    case Compare::kEqual:
      return word == value;
    case Compare::kNotEqual:
      return word != value;
    case Compare::kLess:
      return word < value;
    case Compare::kLessOrEqual:
      return word <= value;
    case Compare::kGreater:
      return word > value;
    case Compare::kGreaterOrEqual:
      return word >= value;
  }
  return false;
}

bool Holds(const Clause& clause, const CallArguments& arguments) {
  return std::all_of(clause.begin(), clause.end(), [&](const Condition& one) {
    return one.Holds(arguments);
  });
}

bool AnyHolds(const Clauses& clauses, const CallArguments& arguments) {
  return clauses.empty() ||
         std::any_of(clauses.begin(), clauses.end(), [&](const Clause& clause) {
           return Holds(clause, arguments);
         });
}

Condition EqualInWidth(int argument, int bits, uint64_t value) {
  const uint64_t mask = LowBits(bits);
  return {.argument = argument, .mask = mask, .value = value & mask};
}

Condition OnlyBits(int argument, int bits, uint64_t allowed) {
  return {.argument = argument, .mask = LowBits(bits) & ~allowed, .value = 0};
}

std::optional<Condition> Joined(const Condition& a, const Condition& b) {
  const uint64_t common = a.mask & b.mask;
  if ((a.value & common) != (b.value & common)) return std::nullopt;
  return Condition{.argument = a.argument,
                   .mask = a.mask | b.mask,
                   .value = a.value | b.value};
}

std::optional<Clause> Simplified(const Clause& clause) {
  Clause simple;
  std::array<std::optional<Condition>, kArgumentsMax> equalities;
  for (Condition condition : clause) {
    if (condition.compare == Compare::kNotEqual && condition.value == 0 &&
        std::has_single_bit(condition.mask)) {
      condition.compare = Compare::kEqual;
      condition.value = condition.mask;
    }
    if (condition.compare != Compare::kEqual) {
      simple.push_back(condition);
      continue;
    }
    if ((condition.value & ~condition.mask) != 0) return std::nullopt;
    auto& known = equalities[static_cast<size_t>(condition.argument)];
    const auto both = known ? Joined(*known, condition) : condition;
    if (!both) return std::nullopt;
    known = both;
  }
  for (const auto& equality : equalities) {
    // What asks for no bit at all always holds.
    if (equality && equality->mask != 0) simple.push_back(*equality);
  }
  return simple;
}

Condition Negated(const Condition& condition) {
  constexpr Compare kOpposites[] = {Compare::kNotEqual,       Compare::kEqual,
                                    Compare::kGreaterOrEqual, Compare::kGreater,
                                    Compare::kLessOrEqual,    Compare::kLess};
  Condition negated = condition;
  negated.compare = kOpposites[static_cast<size_t>(condition.compare)];
  return negated;
}

void Normalise(Clauses& clauses) {
  for (Clause& clause : clauses) {
    if (auto simple = Simplified(clause)) clause = *std::move(simple);
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
  }
  std::sort(clauses.begin(), clauses.end());
  clauses.erase(std::unique(clauses.begin(), clauses.end()), clauses.end());
  Clauses kept;
  for (const Clause& clause : clauses) {
    const bool spare =
        std::any_of(clauses.begin(), clauses.end(), [&](const Clause& other) {
          return other != clause && Includes(other, clause);
        });
    if (!spare) kept.push_back(clause);
  }
  // One that is always true says the same as none.
  if (kept.size() == 1 && kept[0].empty()) kept.clear();
  clauses = std::move(kept);
}

std::string ToString(const Condition& condition) {
  const std::string mask =
      condition.mask == kWholeWord
          ? ""
          : absl::StrCat(" & 0x", absl::Hex(condition.mask));
  return Concat("arg", condition.argument, mask, " ", SignOf(condition.compare),
                " 0x", absl::Hex(condition.value));
}

std::string ToString(const Clauses& clauses) {
  if (clauses.empty()) return "any arguments";
  std::string text;
  for (const Clause& clause : clauses) {
    if (!text.empty()) text += " || ";
    std::string part;
    for (const Condition& condition : clause) {
      if (!part.empty()) part += " && ";
      part += ToString(condition);
    }
    text += part;
  }
  return text;
}

std::string_view SignOf(Compare compare) {
  return kSigns[static_cast<size_t>(compare)];
}

std::optional<Compare> CompareOfSign(std::string_view sign) {
  const auto found = std::find(std::begin(kSigns), std::end(kSigns), sign);
  if (found == std::end(kSigns)) return std::nullopt;
  return static_cast<Compare>(found - std::begin(kSigns));
}

}  // namespace formfuzz::campaign

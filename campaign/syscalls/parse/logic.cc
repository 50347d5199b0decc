// SPDX-License-Identifier: Apache-2.0
// Expressions multiplied out.

#include "campaign/syscalls/parse/logic.h"

namespace formfuzz::campaign {

AnyOf Or(AnyOf a, const AnyOf& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::optional<AnyOf> And(const AnyOf& a, const AnyOf& b) {
  if (!b.empty() && a.size() > kClausesMax / b.size()) return std::nullopt;
  AnyOf both;
  for (const Clause& left : a) {
    for (const Clause& right : b) {
      Clause clause = left;
      clause.insert(clause.end(), right.begin(), right.end());
      both.push_back(std::move(clause));
    }
  }
  return both;
}

std::optional<AnyOf> Not(const AnyOf& a) {
  std::optional<AnyOf> none = AnyOf{{}};
  for (const Clause& clause : a) {
    AnyOf negated;
    for (const Condition& condition : clause) {
      negated.push_back({Negated(condition)});
    }
    none = And(*none, negated);
    if (!none) break;
  }
  return none;
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// And, or and not of conditions, as an or of ands.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_LOGIC_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_LOGIC_H_

#include <optional>
#include <vector>

#include "campaign/syscalls/profile/condition.h"

namespace formfuzz::campaign {

// An expression may multiply out to very many clauses; more are refused.
inline constexpr size_t kClausesMax = 4096;

// Unlike in a rule, no clause at all never holds; one without conditions always
// does.
using AnyOf = std::vector<Clause>;

AnyOf Or(AnyOf a, const AnyOf& b);
// Nothing where there would be more than kClausesMax.
std::optional<AnyOf> And(const AnyOf& a, const AnyOf& b);
std::optional<AnyOf> Not(const AnyOf& a);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_LOGIC_H_

// SPDX-License-Identifier: Apache-2.0
// Whether a target has the strategy that somebody named, asked of the target
// itself before anything is run.

#ifndef FORMFUZZ_CAMPAIGN_PROJECT_STRATEGY_H_
#define FORMFUZZ_CAMPAIGN_PROJECT_STRATEGY_H_

#include <string>

#include "absl/status/status.h"
#include "campaign/project/target.h"

namespace formfuzz::campaign {

// InvalidArgument, with those there are, when the target has no such strategy;
// "" is any. The target's replay binary must be built.
absl::Status CheckStrategy(const Target& target, const std::string& strategy);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROJECT_STRATEGY_H_

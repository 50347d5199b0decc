// SPDX-License-Identifier: Apache-2.0
// What somebody may have meant by a name that does not exist.

#ifndef FORMFUZZ_CAMPAIGN_PROJECT_NEAREST_H_
#define FORMFUZZ_CAMPAIGN_PROJECT_NEAREST_H_

#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

// At most 3 of `names`, the nearest first: few edits away (a third of the
// name's length, at least 2), or with `name` in them.
std::vector<std::string> NearestNames(std::string_view name,
                                      const std::vector<std::string>& names);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROJECT_NEAREST_H_

// SPDX-License-Identifier: Apache-2.0
// Reads the input that a target was running when it died.

#ifndef FORMFUZZ_CAMPAIGN_RUN_IN_FLIGHT_H_
#define FORMFUZZ_CAMPAIGN_RUN_IN_FLIGHT_H_

#include <optional>
#include <string>

namespace formfuzz::campaign {

struct LastRun {
  std::string input;
  bool written = false;  // a finding says what it came to
};

// None if no run was under way, or the file is not a target's.
std::optional<LastRun> ReadInFlight(const std::string& path);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_RUN_IN_FLIGHT_H_

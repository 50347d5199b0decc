// SPDX-License-Identifier: Apache-2.0
// Numbers and durations as people write and read them.

#ifndef FORMFUZZ_CLI_TEXT_NUMBER_TEXT_H_
#define FORMFUZZ_CLI_TEXT_NUMBER_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace formfuzz::cli {

std::string WithCommas(uint64_t number);  // 1234567 is "1,234,567"

// "9.5s", "61s", "10m01s", "2h00m"
std::string DurationText(double seconds);

// "60s", "5m", "2h", "1d", "500ms", and "60" for seconds. InvalidArgument for
// anything else, nothing, and more than a year.
absl::StatusOr<uint64_t> ParseDurationMs(std::string_view text);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_TEXT_NUMBER_TEXT_H_

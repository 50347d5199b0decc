// SPDX-License-Identifier: Apache-2.0
// Numbers and durations.

#include "cli/text/number_text.h"

#include <charconv>
#include <cstddef>
#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace formfuzz::cli {
namespace {

constexpr uint64_t kYearMs = 365ull * 24 * 60 * 60 * 1000;

struct Unit {
  std::string_view name;
  uint64_t ms;
};
constexpr Unit kUnits[] = {{"ms", 1},     {"", 1000},       {"s", 1000},
                           {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};

}  // namespace

std::string WithCommas(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string DurationText(double seconds) {
  char text[64];
  const auto whole = static_cast<unsigned long long>(seconds);
  if (seconds < 10) {
    std::snprintf(text, sizeof(text), "%.1fs", seconds);
  } else if (whole < 600) {
    std::snprintf(text, sizeof(text), "%llus", whole);
  } else if (whole < 3600) {
    std::snprintf(text, sizeof(text), "%llum%02llus", whole / 60, whole % 60);
  } else {
    std::snprintf(text, sizeof(text), "%lluh%02llum", whole / 3600,
                  whole / 60 % 60);
  }
  return text;
}

absl::StatusOr<uint64_t> ParseDurationMs(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest(
      end, static_cast<size_t>(text.data() + text.size() - end));
  for (const Unit& unit : kUnits) {
    const bool fits =
        error == std::errc() && number > 0 && number <= kYearMs / unit.ms;
    if (fits && rest == unit.name) return number * unit.ms;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", std::string(text),
                   "\" is not a duration such as 500ms, 60s, 5m or 2h"));
}

}  // namespace formfuzz::cli

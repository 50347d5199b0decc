// SPDX-License-Identifier: Apache-2.0
// Reading what a target says about itself.

#include "campaign/project/strategy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "campaign/process/child.h"

namespace formfuzz::campaign {
namespace {

using Json = nlohmann::json;

constexpr size_t kDescriptionSizeMax = 4 << 20;
constexpr uint64_t kDescribeDeadlineMs = 30'000;  // sanitizers start slowly

}  // namespace

absl::Status CheckStrategy(const Target& target, const std::string& strategy) {
  if (strategy.empty()) return absl::OkStatus();
  auto said = RunToEnd({.arguments = {target.replay, "--describe"},
                        .environment = {},
                        .folder = ""},
                       Child::Output::kResult, kDescriptionSizeMax,
                       kDescribeDeadlineMs);
  if (!said.ok()) return said.status();
  const Json json = Json::parse(said->output, nullptr,
                                /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("strategies")) {
    return absl::UnavailableError(
        absl::StrCat(target.replay, " does not describe itself: build again"));
  }
  std::vector<std::string> names;
  for (const Json& name : json["strategies"]) {
    if (name.is_string()) names.push_back(name.get<std::string>());
  }
  if (std::count(names.begin(), names.end(), strategy) > 0) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(target.name, " has no strategy \"", strategy,
                   "\"; there are: ", absl::StrJoin(names, ", ")));
}

}  // namespace formfuzz::campaign

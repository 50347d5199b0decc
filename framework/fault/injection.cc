// SPDX-License-Identifier: Apache-2.0
// The list that the linked parts make.
#include "framework/fault/injection.h"

#include <algorithm>

namespace formfuzz {
namespace {

// Filled before main(), in whatever order the linker chose.
std::vector<std::string_view>& Points() {
  static auto* const points = new std::vector<std::string_view>();
  return *points;
}

}  // namespace

std::vector<std::string_view> InjectedPoints() {
  std::vector<std::string_view> points = Points();
  std::sort(points.begin(), points.end());
  return points;
}

bool AddInjectedPoints(std::span<const std::string_view> names) {
  Points().insert(Points().end(), names.begin(), names.end());
  return true;
}

}  // namespace formfuzz

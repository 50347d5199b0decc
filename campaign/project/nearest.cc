// SPDX-License-Identifier: Apache-2.0
// Edit distance over a handful of names.

#include "campaign/project/nearest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace formfuzz::campaign {
namespace {

constexpr size_t kNamesMax = 3;
constexpr size_t kEditsMin = 2;

// Levenshtein's, with one row kept.
size_t Edits(std::string_view from, std::string_view to) {
  std::vector<size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= from.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= to.size(); ++j) {
      const size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> NearestNames(std::string_view name,
                                      const std::vector<std::string>& names) {
  const size_t edits_max = std::max(kEditsMin, name.size() / 3);
  std::vector<std::pair<size_t, std::string>> ranked;
  for (const std::string& other : names) {
    const bool inside = !name.empty() && other.find(name) != std::string::npos;
    const size_t edits = inside ? 0 : Edits(name, other);
    if (edits <= edits_max) ranked.emplace_back(edits, other);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > kNamesMax) ranked.resize(kNamesMax);
  std::vector<std::string> nearest;
  for (auto& [edits, other] : ranked) nearest.push_back(std::move(other));
  return nearest;
}

}  // namespace formfuzz::campaign

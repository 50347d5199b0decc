// SPDX-License-Identifier: Apache-2.0
// The discovery curve as SVG: steps, since between two points nothing was new.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "campaign/syscalls/report/html_report.h"

namespace formfuzz::campaign {
namespace {

constexpr double kWidth = 860;
constexpr double kHeight = 240;
constexpr double kLeft = 56;
constexpr double kBottom = 34;
constexpr double kTop = 12;
constexpr double kRight = 16;
constexpr int kLinesMax = 5;

// Where things are: runs on a scale of logarithms, since most is found early.
class Scale {
 public:
  Scale(const std::vector<DiscoveryPoint>& points, uint64_t most)
      : runs_(std::log1p(static_cast<double>(points.back().runs))),
        most_(static_cast<double>(std::max<uint64_t>(most, 1))) {}

  double X(uint64_t runs) const {
    const double part =
        runs_ > 0 ? std::log1p(static_cast<double>(runs)) / runs_ : 0;
    return kLeft + (kWidth - kLeft - kRight) * part;
  }
  double Y(uint64_t found) const {
    const double part = static_cast<double>(found) / most_;
    return kHeight - kBottom - (kHeight - kBottom - kTop) * part;
  }

 private:
  double runs_;
  double most_;
};

std::string Steps(const std::vector<DiscoveryPoint>& points,
                  const Scale& scale) {
  std::string path =
      absl::StrFormat("M%.1f %.1f", scale.X(0), scale.Y(points[0].calls));
  for (const DiscoveryPoint& point : points) {
    absl::StrAppendFormat(&path, "H%.1fV%.1f", scale.X(point.runs),
                          scale.Y(point.calls));
  }
  return path;
}

std::string Grid(const Scale& scale, uint64_t most, uint64_t runs) {
  std::string svg;
  const uint64_t step =
      std::max<uint64_t>(1, (most + kLinesMax - 1) / kLinesMax);
  for (uint64_t found = 0; found <= most; found += step) {
    const double y = scale.Y(found);
    absl::StrAppendFormat(
        &svg,
        "<line class=\"grid\" x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" "
        "y2=\"%.1f\"/><text class=\"left\" x=\"%.0f\" y=\"%.1f\">%d</text>\n",
        kLeft, kWidth - kRight, y, y, kLeft - 8, y + 4, found);
  }
  constexpr uint64_t kBase = 10;
  for (uint64_t mark = 1; mark <= runs; mark *= kBase) {
    absl::StrAppendFormat(&svg,
                          "<text class=\"under\" x=\"%.1f\" y=\"%.0f\">%d"
                          "</text>\n",
                          scale.X(mark), kHeight - kBottom + 18, mark);
    if (mark > runs / kBase) break;
  }
  return svg;
}

}  // namespace

std::string DiscoveryCurve(const std::vector<DiscoveryPoint>& points) {
  if (points.size() < 2) return "";
  uint64_t most = 0;
  for (const DiscoveryPoint& point : points) {
    most = std::max(most, point.calls);
  }
  const Scale scale(points, most);
  const std::string steps = Steps(points, scale);
  return absl::StrFormat(
             "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"System "
             "calls found over runs\">\n",
             kWidth, kHeight) +
         Grid(scale, most, points.back().runs) +
         absl::StrFormat(
             "<path class=\"area\" d=\"%sV%.1fH%.1fZ\"/>"
             "<path class=\"curve\" d=\"%s\"/></svg>\n",
             steps, scale.Y(0), scale.X(0), steps);
}

}  // namespace formfuzz::campaign

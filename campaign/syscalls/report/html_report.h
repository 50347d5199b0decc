// SPDX-License-Identifier: Apache-2.0
// A profile as one HTML file that needs nothing else: no script, no font, no
// picture from elsewhere. Everything that came from the program is escaped.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_REPORT_HTML_REPORT_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_REPORT_HTML_REPORT_H_

#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::campaign {

std::string HtmlReport(const Profile& profile);

// What stands for `text` in HTML, in attributes too.
std::string HtmlEscaped(std::string_view text);

// The discovery curve: calls over runs, on a scale of logarithms. "" for fewer
// than two points.
std::string DiscoveryCurve(const std::vector<DiscoveryPoint>& points);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_REPORT_HTML_REPORT_H_

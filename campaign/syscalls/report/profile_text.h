// SPDX-License-Identifier: Apache-2.0
// A profile as a person reads it in a terminal.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_REPORT_PROFILE_TEXT_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_REPORT_PROFILE_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::campaign {

// What the program is, a line a call, the notes, and the residual risk.
std::string ProfileText(const Profile& profile);

// All that is known about one call; several lines.
std::string WhyText(const ProfileEntry& entry);

// The entries of this name, or of this number; of several architectures.
std::vector<const ProfileEntry*> EntriesNamed(const Profile& profile,
                                              std::string_view name);

// How likely something is missing, in words, and from what that follows.
std::string RiskText(const CampaignNumbers& campaign);

// "0 ENOENT" : what the call came to, most often first.
std::string ResultsText(const ProfileEntry& entry);

// "/lib/libc.so.6+0x11c0"; "" where it is not known.
std::string CallSiteText(const Evidence& evidence);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_REPORT_PROFILE_TEXT_H_

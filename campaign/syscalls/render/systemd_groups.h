// SPDX-License-Identifier: Apache-2.0
// systemd's sets of calls, such as @basic-io. They differ from release to
// release, so that the host's own list is what counts.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_SYSTEMD_GROUPS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_SYSTEMD_GROUPS_H_

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace formfuzz::campaign {

// The name with its @, and the names of all calls in it.
using SystemdGroups = std::map<std::string, std::set<std::string>>;

// Reads what `systemd-analyze --no-pager syscall-filter` prints; groups within
// groups are resolved. Nothing that is not understood is an error.
SystemdGroups ParseSystemdGroups(std::string_view text);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_RENDER_SYSTEMD_GROUPS_H_

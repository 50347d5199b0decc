// SPDX-License-Identifier: Apache-2.0
// Where a program may look for its settings: paths that its file names, below
// the user's home or the folder that it is started in.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_SETTINGS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_SETTINGS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kSettingsMax = 16;

// ".toolrc" of "%s/.toolrc", "tool/config" of "%s/tool/config", "tool.conf".
std::vector<std::string> SettingsNamedIn(std::string_view program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_SETTINGS_H_

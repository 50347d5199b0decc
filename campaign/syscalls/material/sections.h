// SPDX-License-Identifier: Apache-2.0
// Settings in sections, as many programs have them.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_SECTIONS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_SECTIONS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace formfuzz::campaign {

// So many names make a file of some 200 KiB.
inline constexpr size_t kNamesOfSectionsMax = 96;

bool MayNameSetting(std::string_view word);

// What settings are often set to.
std::span<const std::string_view> SettingValues();

// Which name is a section's and which one a key is not known: each name is
// set to the value before all sections, and in a section of each name.
std::string SectionsOf(std::span<const std::string> names,
                       std::string_view value);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_SECTIONS_H_

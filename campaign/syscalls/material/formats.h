// SPDX-License-Identifier: Apache-2.0
// Formats by which a program may read: "SET %255s %d".
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_FORMATS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_FORMATS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kFormatsMax = 128;

// Texts of the file that begin with a letter and have conversions behind it,
// for each of which another number stands, which is a text, too. First those
// that say how much is read, which messages hardly do; none that ends its line,
// as most messages do.
std::vector<std::string> FilledFormatsIn(std::string_view program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_FORMATS_H_

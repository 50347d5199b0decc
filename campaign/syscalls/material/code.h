// SPDX-License-Identifier: Apache-2.0
// Programs for programs that take some: lines that many languages understand,
// around a word that may be a function's name.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_CODE_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_CODE_H_

#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

bool MayNameFunction(std::string_view word);

// The word alone, then called on files, as awk, C and shells write it.
std::vector<std::string> CodeWith(const std::string& word);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_CODE_H_

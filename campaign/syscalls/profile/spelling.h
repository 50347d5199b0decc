// SPDX-License-Identifier: Apache-2.0
// How bytes, words, numbers and errors are spelt in profiles.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_SPELLING_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_SPELLING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace formfuzz::campaign {

// Backslashes doubled, and bytes that JSON cannot hold as \xNN.
std::string EscapeBytes(std::string_view bytes);
std::string UnescapeBytes(std::string_view text);

// "ENOENT"; "0" of success and the number where there is no name.
std::string NameOfErrno(int code);
// Nothing if there is no such name and it is no number either.
std::optional<int> ErrnoOfName(std::string_view name);

// "0x5401": JSON's readers may take a number of 64 bits for a double.
std::string HexOf(uint64_t value);
// Decimal, 0x..., or octal with a leading 0; nothing if it is none of these.
std::optional<uint64_t> NumberOf(std::string_view text);

// A word as a shell takes it: as it is, 'in quotes', or $'\x01' as bash has it.
std::string ShellQuoted(const std::string& word);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_SPELLING_H_

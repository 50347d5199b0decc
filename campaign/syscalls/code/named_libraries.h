// SPDX-License-Identifier: Apache-2.0
// What a program is likely to load by dlopen: the libraries that its file
// names, as far as they are there.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_NAMED_LIBRARIES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_NAMED_LIBRARIES_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kNamedLibrariesMax = 32;

// `files`: the program, then its libraries, in whose folders names without a
// path are looked for. Of folders that the program names ("/usr/lib/app") the
// libraries in them are taken. None of `files` again. Names that are made at
// run time are not known.
std::vector<std::string> LibrariesNamedIn(std::span<const std::string> files);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_CODE_NAMED_LIBRARIES_H_

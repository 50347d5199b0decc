// SPDX-License-Identifier: Apache-2.0
// Of what the loader lists, the names are looked at.

#include "campaign/syscalls/material/own_libraries.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "campaign/syscalls/code/call_graph.h"

namespace formfuzz::campaign {
namespace {

constexpr uintmax_t kSmallBytes = 128 << 10;
constexpr size_t kLibrariesMax = 8;

// Those of the compiler and the C library, and the loader: every program has
// them.
bool IsSystems(const std::string& library) {
  static constexpr std::string_view kNames[] = {
      "ld-",       "libc.so",     "libm.so",      "libdl.so", "librt.so",
      "libgcc_s.", "libstdc++.s", "libpthread.s", "libc++.so"};
  return std::ranges::any_of(kNames, [&library](std::string_view name) {
    return library.starts_with(name);
  });
}

// "python3" of "libpython3.11.so" is "python" here.
bool IsNamedFor(const std::string& library, std::string program) {
  while (!program.empty() &&
         std::isalpha(static_cast<unsigned char>(program.back())) == 0) {
    program.pop_back();
  }
  return !program.empty() && library.starts_with("lib" + program);
}

}  // namespace

std::vector<std::string> OwnLibraries(Executor& executor,
                                      const std::string& path) {
  ProgramInput listing;
  listing.environment = {{"LD_TRACE_LOADED_OBJECTS", "1"}};
  Execution execution;
  if (!executor.Run(listing, execution).ok()) return {};
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  const bool small = !error && size < kSmallBytes;
  const std::string program = std::filesystem::path(path).filename();
  std::vector<std::string> own;
  for (const std::string& library : LibrariesIn(execution.output)) {
    const std::string name = std::filesystem::path(library).filename();
    if (own.size() >= kLibrariesMax) break;
    // What we preload is nowhere on the host.
    if (!IsSystems(name) && (small || IsNamedFor(name, program)) &&
        std::filesystem::exists(library, error)) {
      own.push_back(library);
    }
  }
  return own;
}

}  // namespace formfuzz::campaign

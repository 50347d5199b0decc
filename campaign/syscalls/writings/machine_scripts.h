// SPDX-License-Identifier: Apache-2.0
// What other people wrote for a program, as far as it lies on this machine:
// scripts in its language, and how scripts of the shell call it.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_MACHINE_SCRIPTS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_MACHINE_SCRIPTS_H_

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "campaign/syscalls/writings/shown_commands.h"

namespace formfuzz::campaign {

inline constexpr size_t kOwnScriptsMax = 64;
inline constexpr size_t kCallsInScriptsMax = 64;

// Where there is one, programs that are scripts, and folders of examples are.
struct ScriptPlaces {
  std::vector<std::string> programs = {"/usr/local/bin", "/usr/bin",
                                       "/usr/local/sbin", "/usr/sbin",
                                       "/etc/init.d"};
  // "/examples" of a folder that is called like the program.
  std::vector<std::string> shared = {"/usr/share/doc", "/usr/share"};
};

struct MachineScripts {
  std::vector<std::string> own;     // paths: the program is what reads them
  std::vector<ShownCommand> calls;  // in scripts of the shell
};

// `path` is the program's file, without links; `names` is what it is called.
// In the order of the files' names.
MachineScripts ScriptsAbout(const std::string& path,
                            const std::set<std::string>& names,
                            const ScriptPlaces& places = {});

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_MACHINE_SCRIPTS_H_

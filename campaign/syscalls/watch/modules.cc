// SPDX-License-Identifier: Apache-2.0
// Reads the executable mappings from /proc/PID/maps.

#include "campaign/syscalls/watch/modules.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>

#include "framework/base/text.h"

namespace formfuzz::campaign {

std::vector<Modules::Mapping> Modules::Read(pid_t process) {
  const std::string path = Concat("/proc/", process, "/maps");
  const std::unique_ptr<FILE, int (*)(FILE*)> file(fopen(path.c_str(), "re"),
                                                   fclose);
  std::vector<Mapping> mappings;
  char line[4352];  // PATH_MAX and the numbers before it
  while (file != nullptr && fgets(line, sizeof(line), file.get()) != nullptr) {
    Mapping mapping;
    char rights[5] = "";
    int path_at = 0;
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %*s %n",
               &mapping.begin, &mapping.end, rights, &mapping.offset,
               &path_at) < 4 ||
        rights[2] != 'x') {
      continue;
    }
    mapping.path.assign(line + path_at, strcspn(line + path_at, "\n"));
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

const Modules::Mapping* Modules::Find(const std::vector<Mapping>& mappings,
                                      uint64_t instruction) {
  for (const Mapping& mapping : mappings) {
    if (instruction >= mapping.begin && instruction < mapping.end) {
      return &mapping;
    }
  }
  return nullptr;
}

CallSite Modules::SiteOf(pid_t process, uint64_t instruction) {
  std::vector<Mapping>& mappings = mappings_[process];
  const Mapping* found = Find(mappings, instruction);
  if (found == nullptr) {
    mappings = Read(process);
    found = Find(mappings, instruction);
  }
  if (found == nullptr) return {};
  return {found->path, instruction - found->begin + found->offset};
}

}  // namespace formfuzz::campaign

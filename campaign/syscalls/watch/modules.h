// SPDX-License-Identifier: Apache-2.0
// Where in which file an instruction of a running process is.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_MODULES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_MODULES_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace formfuzz::campaign {

struct CallSite {
  std::string module;   // a file's path, or "[vdso]"; "" if not known
  uint64_t offset = 0;  // in that file
};

// Remembers mappings for as long as they explain what is asked.
class Modules {
 public:
  void Clear() { mappings_.clear(); }
  CallSite SiteOf(pid_t process, uint64_t instruction);

 private:
  struct Mapping {
    uint64_t begin = 0;
    uint64_t end = 0;
    uint64_t offset = 0;
    std::string path;
  };
  static std::vector<Mapping> Read(pid_t process);
  static const Mapping* Find(const std::vector<Mapping>& mappings,
                             uint64_t instruction);

  std::map<pid_t, std::vector<Mapping>> mappings_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_MODULES_H_

// SPDX-License-Identifier: Apache-2.0
// A table of calls, and process_vm_readv(2).

#include "campaign/syscalls/watch/named_path.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <cstring>

namespace formfuzz::campaign {

uint64_t PathOfCall(uint64_t number, uint64_t first, uint64_t second) {
  switch (number) {
#ifdef SYS_open
    case SYS_open:
    case SYS_stat:
    case SYS_lstat:
    case SYS_access:
#endif
    case SYS_chdir:
      return first;
    case SYS_openat:
    case SYS_newfstatat:
    case SYS_statx:
    case SYS_faccessat:
    case SYS_faccessat2:
      return static_cast<int>(first) == AT_FDCWD ? second : 0;
    default:
      return 0;
  }
}

std::string ReadPath(pid_t process, uint64_t address) {
  char text[256];
  const iovec to{text, sizeof(text)};
  // One to the end of the page: what follows may not be there.
  constexpr uint64_t kPage = 4096;
  const uint64_t left = kPage - address % kPage;
  const size_t first = left < sizeof(text) ? left : sizeof(text);
  const iovec from[] = {
      {reinterpret_cast<void*>(address), first},
      {reinterpret_cast<void*>(address + first), sizeof(text) - first}};
  const ssize_t size = process_vm_readv(process, &to, 1, from, 2, 0);
  if (size <= 0) return "";
  const size_t length = strnlen(text, static_cast<size_t>(size));
  return length < static_cast<size_t>(size) ? std::string(text, length) : "";
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// clone, /proc/PID/pagemap, mprotect and madvise.

#include "campaign/process/runtime/forks/hot_pages.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "campaign/process/runtime/own_calls.h"
#include "campaign/process/wire/run_memory.h"

namespace formfuzz::campaign {
namespace {

// Of a run that lasts longer, faults do not matter.
constexpr timespec kWitnessLives{0, 5'000'000};
// Stretches are mapped together by the kernel; one needs no carrying.
constexpr size_t kStretchPages = 16;
constexpr size_t kMappingsMax = 512;  // of a process; more are left alone

// Of an entry of pagemap (the kernel's admin-guide/mm/pagemap).
constexpr uint64_t kPresent = uint64_t{1} << 63;
constexpr uint64_t kSwapped = uint64_t{1} << 62;
constexpr uint64_t kOfFile = uint64_t{1} << 61;

struct Mapping {
  uintptr_t begin;
  uintptr_t end;
  bool executable;
};

alignas(16) char witness_stack[8192];
Mapping mappings[kMappingsMax];
size_t mapping_count = 0;

// No errno and no handler: the memory is the program's.
int BeWitness(void*) {
  const long sleep[6] = {reinterpret_cast<long>(&kWitnessLives), 0};
  FormfuzzOwnCall(SYS_nanosleep, sleep);
  const long code[6] = {};
  FormfuzzOwnCall(SYS_exit_group, code);
  return 0;
}

// "begin-end perms offset device inode path": private, not to be written, and
// of a file.
bool Parse(const char* line, Mapping& mapping) {
  char* at = nullptr;
  mapping.begin = strtoul(line, &at, 16);
  if (*at != '-') return false;
  mapping.end = strtoul(at + 1, &at, 16);
  const char* perms = at + 1;
  if (perms[0] != 'r' || perms[1] != '-' || perms[3] != 'p') return false;
  mapping.executable = perms[2] == 'x';
  strtoul(perms + 5, &at, 16);               // offset
  strtoul(at + 1, &at, 16);                  // device, major
  strtoul(at + 1, &at, 16);                  // minor
  return strtoul(at + 1, nullptr, 10) != 0;  // inode
}

void ReadMappings() {
  static char line[512];
  static char buffer[4096];
  mapping_count = 0;
  const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  size_t length = 0;
  ssize_t size = 0;
  while (fd >= 0 && (size = read(fd, buffer, sizeof(buffer))) > 0) {
    for (ssize_t i = 0; i < size; ++i) {
      if (buffer[i] != '\n') {
        if (length + 1 < sizeof(line)) line[length++] = buffer[i];
        continue;
      }
      line[length] = '\0';
      length = 0;
      if (mapping_count < kMappingsMax &&
          Parse(line, mappings[mapping_count])) {
        ++mapping_count;
      }
    }
  }
  close(fd);
}

int OpenPageMap(pid_t pid) {
  char path[64];
  snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
  return open(path, O_RDONLY | O_CLOEXEC);
}

// Calls `visit(address, entry)` for each page; false if one cannot be read.
template <class Visit>
bool ForEachPage(int page_map, const Mapping& mapping, Visit visit) {
  static uint64_t entries[512];
  for (uintptr_t at = mapping.begin; at < mapping.end;) {
    const size_t count = std::min<size_t>((mapping.end - at) / kPageBytes,
                                          sizeof(entries) / sizeof(uint64_t));
    const size_t bytes = count * sizeof(uint64_t);
    const auto offset = static_cast<off_t>(at / kPageBytes * sizeof(uint64_t));
    if (pread(page_map, entries, bytes, offset) != static_cast<ssize_t>(bytes))
      return false;
    for (size_t i = 0; i < count; ++i) visit(at + i * kPageBytes, entries[i]);
    at += count * kPageBytes;
  }
  return true;
}

// A mapping that was once written to is carried by forks. What is written is
// what is there.
bool MakeCarried(const Mapping& mapping) {
  void* begin = reinterpret_cast<void*>(mapping.begin);
  const size_t size = mapping.end - mapping.begin;
  const int usual = mapping.executable ? PROT_READ | PROT_EXEC : PROT_READ;
  if (mprotect(begin, size, usual | PROT_WRITE) != 0) return false;
  auto* byte = static_cast<volatile char*>(begin);
  *byte = *byte;
  // What the program must not write to must not stay so.
  if (mprotect(begin, size, usual) != 0) _exit(127);
  return true;
}

void Carry(const Mapping& mapping, int own, int witness) {
  bool changed = false;  // relocated, say: not what the file would give
  bool read = ForEachPage(own, mapping, [&](uintptr_t, uint64_t entry) {
    const bool of_file = (entry & (kPresent | kOfFile)) != kPresent;
    changed = changed || (entry & kSwapped) != 0 || !of_file;
  });
  size_t touched = 0;
  read = read && ForEachPage(witness, mapping, [&](uintptr_t, uint64_t entry) {
           if ((entry & kPresent) != 0) ++touched;
         });
  if (!read || changed || touched <= kStretchPages) return;
  if (!MakeCarried(mapping)) return;
  madvise(reinterpret_cast<void*>(mapping.begin), mapping.end - mapping.begin,
          MADV_DONTNEED);
  ForEachPage(witness, mapping, [&](uintptr_t address, uint64_t entry) {
    if ((entry & kPresent) == 0) return;
    (void)*reinterpret_cast<const volatile char*>(address);
  });
}

}  // namespace

bool HotPages::Observe() {
  return getpagesize() == kPageBytes && pipe2(ends_, O_CLOEXEC) == 0;
}

void HotPages::LeaveWitness() {
  const int pid = clone(BeWitness, witness_stack + sizeof(witness_stack),
                        CLONE_VM | CLONE_PARENT, nullptr);
  OwnCall(SYS_write, ends_[1], &pid, sizeof(pid));
  for (const int end : ends_) OwnCall(SYS_close, end);
}

void HotPages::MeetWitness() {
  int pid = 0;
  close(ends_[1]);
  const bool told = read(ends_[0], &pid, sizeof(pid)) == sizeof(pid);
  close(ends_[0]);
  witness_ = told && pid > 0 ? pid : 0;
}

void HotPages::Learn() {
  const int own_pages = OpenPageMap(getpid());
  const int its_pages = OpenPageMap(witness_);
  ReadMappings();
  for (size_t i = 0; i < mapping_count; ++i) {
    Carry(mappings[i], own_pages, its_pages);
  }
  close(own_pages);
  close(its_pages);
  kill(witness_, SIGKILL);
  int status = 0;
  OwnCalls::Wait(witness_, &status, 0, nullptr);
  Forget();
}

}  // namespace formfuzz::campaign

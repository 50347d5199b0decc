// SPDX-License-Identifier: Apache-2.0
// Counting what a process holds.
#include "framework/validate/rerun/footprint.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "framework/base/text.h"

// Of sanitizer/allocator_interface.h; there only with a sanitizer.
extern "C" __attribute__((weak)) size_t
__sanitizer_get_current_allocated_bytes();

namespace formfuzz {
namespace {

namespace fs = std::filesystem;

constexpr size_t kNamedMax = 4;  // descriptors, in a message

uint64_t AllocatedBytes() {
  if (__sanitizer_get_current_allocated_bytes != nullptr) {
    return __sanitizer_get_current_allocated_bytes();
  }
  const struct mallinfo2 held = mallinfo2();
  return held.uordblks + held.hblkhd;
}

uint64_t LowestFreeDescriptor() {
  const int lowest = open("/", O_PATH | O_CLOEXEC);
  if (lowest < 0) return 0;  // none is free: nothing to compare
  close(lowest);
  return static_cast<uint64_t>(lowest);
}

uint64_t ThreadCount() {
  struct stat tasks{};
  if (stat("/proc/self/task", &tasks) != 0) return 0;
  return tasks.st_nlink - 2;
}

uint64_t EntryCount(const std::string& folder) {
  std::error_code error;
  uint64_t count = 0;
  for (auto at = fs::directory_iterator(folder, error);
       !error && at != fs::directory_iterator(); at.increment(error)) {
    ++count;
  }
  return count;
}

std::string WhereDescriptorsLead(uint64_t from, uint64_t to) {
  std::string text;
  for (uint64_t fd = from; fd < to && fd < from + kNamedMax; ++fd) {
    std::error_code error;
    const fs::path path = fs::read_symlink(Concat("/proc/self/fd/", fd), error);
    if (!error) text += Concat(text.empty() ? " to " : ", ", path.string());
  }
  return text;
}

}  // namespace

Footprint Footprint::Of(const LeakWatch& watch) {
  Footprint now;
  if (watch.threads) now.held_[kThreads] = ThreadCount();
  if (watch.descriptors) now.held_[kDescriptors] = LowestFreeDescriptor();
  if (!watch.folder.empty()) now.held_[kFiles] = EntryCount(watch.folder);
  if (watch.memory) now.held_[kMemory] = AllocatedBytes();  // last: it is ours
  return now;
}

std::string_view Footprint::RuleOf(Kind kind) {
  constexpr std::array<std::string_view, kKinds> kRules = {
      "LeavesNoMemory", "LeavesNoDescriptors", "LeavesNoThreads",
      "LeavesNoFiles"};
  return kRules[kind];
}

std::string Footprint::Describe(Kind kind, const Footprint& before,
                                const Footprint& after) {
  constexpr std::array<std::string_view, kKinds> kWhat = {
      " bytes of memory", " descriptors", " threads", " files"};
  const uint64_t grown = after.of(kind) - before.of(kind);
  return Concat(grown, kWhat[kind],
                kind == kDescriptors
                    ? WhereDescriptorsLead(before.of(kind), after.of(kind))
                    : std::string());
}

}  // namespace formfuzz

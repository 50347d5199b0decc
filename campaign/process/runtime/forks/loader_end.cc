// SPDX-License-Identifier: Apache-2.0
// The loader's list of objects is read where it lies, without the loader, which
// would write to its locks.

#include "campaign/process/runtime/forks/loader_end.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/single_threaded.h>

#include <cstring>

namespace formfuzz::campaign {
namespace {

LoaderEnd loaders_end = nullptr;
const link_map* first_object = nullptr;
const r_debug* debugger_view = nullptr;  // of the loader

// The compiler's start files give each object one entry, which runs what exit()
// runs anyway, before or after, and this function.
constexpr size_t kUsualBytes = sizeof(void*);
constexpr unsigned char kEmptyFunction[] = {0x48, 0x83, 0xec, 0x08, 0x48,
                                            0x83, 0xc4, 0x08, 0xc3};
constexpr unsigned char kBranchTarget[] = {0xf3, 0x0f, 0x1e, 0xfa};

bool IsEmpty(const unsigned char* function) {
  if (memcmp(function, kBranchTarget, sizeof(kBranchTarget)) == 0) {
    function += sizeof(kBranchTarget);
  }
  return memcmp(function, kEmptyFunction, sizeof(kEmptyFunction)) == 0;
}

bool HasDestructors(const link_map& object) {
  size_t bytes = 0;
  const unsigned char* last = nullptr;
  for (const ElfW(Dyn)* entry = object.l_ld; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_FINI_ARRAYSZ) bytes = entry->d_un.d_val;
    if (entry->d_tag == DT_FINI) {
      last = reinterpret_cast<const unsigned char*>(object.l_addr +
                                                    entry->d_un.d_ptr);
    }
  }
  if (bytes == 0 && last == nullptr) return false;
  // Without the start files' function the one entry is not theirs either.
  return bytes > kUsualBytes || last == nullptr || !IsEmpty(last);
}

// The objects that are loaded, by the last of them.
struct Loaded {
  int count = 0;
  const link_map* last = nullptr;
  const ElfW(Dyn) * dynamic = nullptr;  // of the last

  bool operator==(const Loaded&) const = default;
};
Loaded without;  // destructors; none: some have

Loaded ReadLoaded() {
  Loaded loaded;
  for (const link_map* at = first_object; at != nullptr; at = at->l_next) {
    ++loaded.count;
    loaded.last = at;
    loaded.dynamic = at->l_ld;
  }
  return loaded;
}

// dlmopen() has lists of its own.
bool HasOtherNamespaces() {
  constexpr int kExtended = 2;
  return debugger_view == nullptr || debugger_view->r_version >= kExtended;
}

// The loader's, where the run has loaded others, with who knows what, and where
// threads may be doing so.
void End() {
  if (without.count > 0 && __libc_single_threaded != 0 &&
      !HasOtherNamespaces() && ReadLoaded() == without) {
    return;
  }
  loaders_end();
}

}  // namespace

LoaderEnd InPlaceOf(LoaderEnd loaders) {
  if (loaders == nullptr) return nullptr;
  loaders_end = loaders;
  return End;
}

void LeaveOutLoaderEnd() {
  Dl_info ignored;
  link_map* own = nullptr;
  void* here = reinterpret_cast<void*>(&LeaveOutLoaderEnd);
  if (loaders_end == nullptr ||
      dladdr1(here, &ignored, reinterpret_cast<void**>(&own),
              RTLD_DL_LINKMAP) == 0 ||
      own == nullptr) {
    return;
  }
  while (own->l_prev != nullptr) own = own->l_prev;
  first_object = own;
  for (const link_map* at = own; at != nullptr; at = at->l_next) {
    if (HasDestructors(*at)) return;
    for (const ElfW(Dyn)* entry = at->l_ld; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_DEBUG) {
        debugger_view = reinterpret_cast<const r_debug*>(entry->d_un.d_ptr);
      }
    }
  }
  without = ReadLoaded();
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Memory that can be brought back to what it was: where a subject lives that is
// restored by snapshot.
//
// While a RegionScope stands, operator new and malloc take from its region, in
// binaries linked with SNAPSHOT (see region_memory.cc). Nothing is used twice
// between two restorations, and freeing does nothing: what is restored is the
// memory that was touched, page by page. Sanitizers do not watch inside.
// One thread at a time.
#ifndef FORMFUZZ_FRAMEWORK_RESTORE_REGION_H_
#define FORMFUZZ_FRAMEWORK_RESTORE_REGION_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "framework/base/recycled.h"

namespace formfuzz {

// Address space of one region; only what is touched takes memory. A subject
// that needs more in one run breaks the harness.
inline constexpr size_t kRegionBytesMax = size_t{64} << 20;
inline constexpr size_t kRegionsMax = 64;  // at a time

class Region {
 public:
  // How Restore works; kByCost copies small regions and remaps large ones.
  enum class Method : uint8_t { kByCost, kCopy, kRemap };

  explicit Region(Method method = Method::kByCost);
  ~Region();
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  void* Allocate(size_t size, size_t alignment);

  // What is there now is what Restore brings back. Once.
  void Save();
  void Restore();

  size_t used() const { return used_; }
  bool saved() const { return saved_; }

  // Whether the memory belongs to any region, standing or gone.
  static bool Holds(const void* memory);
  // Of memory that Allocate gave.
  static size_t SizeOf(const void* memory);

 private:
  void Remap(int image);

  Method method_;
  size_t slot_;
  std::byte* begin_;
  size_t used_ = 0;
  size_t saved_used_ = 0;
  bool saved_ = false;
  std::byte* copy_ = nullptr;  // of what was saved, for kCopy
};

// Takes allocations of this thread; null: the heap does.
constinit inline thread_local Region* active_region = nullptr;

class RegionScope {
 public:
  explicit RegionScope(Region* region)
      : before_(std::exchange(active_region, region)) {
    may_recycle = region == nullptr;
  }
  ~RegionScope() {
    active_region = before_;
    may_recycle = before_ == nullptr;
  }
  RegionScope(const RegionScope&) = delete;
  RegionScope& operator=(const RegionScope&) = delete;

 private:
  Region* before_;
};

// What the framework keeps for longer than a run is not the subject's.
class HeapScope : public RegionScope {
 public:
  HeapScope() : RegionScope(nullptr) {}
};

// Whether this binary's allocations can be taken by regions.
bool HasRegionMemory();
// Called by region_memory.cc before main().
bool SetHasRegionMemory();

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_RESTORE_REGION_H_

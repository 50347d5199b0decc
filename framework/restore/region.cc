// SPDX-License-Identifier: Apache-2.0
// One reservation of address space, cut into slots; a saved region is a private
// mapping of a file in memory, so that dropping its pages restores them.
#include "framework/restore/region.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "framework/base/check.h"

namespace formfuzz {
namespace {

constexpr size_t kHeaderBytes = 16;  // holds a block's size, keeps alignment
constexpr size_t kPage = 4096;
// Up to here copying everything (20 us/MB) is faster than faulting in what a
// run of eight steps touches (100 us); see bench/restore_bench.cc.
constexpr size_t kCopyBytesMax = 8 << 20;

std::byte* reserved = nullptr;
uint64_t slots_taken = 0;
bool has_region_memory = false;

std::byte* Reservation() {
  if (reserved != nullptr) return reserved;
  void* const memory = mmap(nullptr, kRegionBytesMax * kRegionsMax, PROT_NONE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  FORMFUZZ_CHECK(memory != MAP_FAILED, "no address space for snapshots");
  return reserved = static_cast<std::byte*>(memory);
}

size_t TakeSlot() {
  const auto slot = static_cast<size_t>(std::countr_one(slots_taken));
  FORMFUZZ_CHECK(slot < kRegionsMax, "more than 64 regions at a time");
  slots_taken |= uint64_t{1} << slot;
  return slot;
}

void Map(std::byte* at, int protection, int flags, int file) {
  void* const mapped =
      mmap(at, kRegionBytesMax, protection,
           MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE | flags, file, 0);
  FORMFUZZ_CHECK(mapped == at, "no memory for a snapshot");
}

size_t RoundUp(size_t size, size_t to) { return (size + to - 1) / to * to; }

}  // namespace

Region::Region(Method method)
    : method_(method),
      slot_(TakeSlot()),
      begin_(Reservation() + slot_ * kRegionBytesMax) {
  Map(begin_, PROT_READ | PROT_WRITE, MAP_ANONYMOUS, -1);
}

Region::~Region() {
  Map(begin_, PROT_NONE, MAP_ANONYMOUS, -1);
  if (copy_ != nullptr) munmap(copy_, RoundUp(saved_used_, kPage));
  slots_taken &= ~(uint64_t{1} << slot_);
}

void* Region::Allocate(size_t size, size_t alignment) {
  alignment = std::max(alignment, kHeaderBytes);
  const size_t at = RoundUp(used_ + kHeaderBytes, alignment);
  FORMFUZZ_CHECK(size <= kRegionBytesMax && at + size <= kRegionBytesMax,
                 "a run takes more than 64 MiB of a snapshot's memory: "
                 "restore by rebuilding instead");
  used_ = at + size;
  std::memcpy(begin_ + at - kHeaderBytes, &size, sizeof size);
  return begin_ + at;
}

void Region::Save() {
  FORMFUZZ_CHECK(!saved_, "a region is saved once");
  saved_ = true;
  saved_used_ = used_;
  if (method_ == Method::kByCost) {
    method_ = used_ <= kCopyBytesMax ? Method::kCopy : Method::kRemap;
  }
  if (method_ == Method::kCopy) {
    void* const copy =
        mmap(nullptr, RoundUp(std::max<size_t>(used_, 1), kPage),
             PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    FORMFUZZ_CHECK(copy != MAP_FAILED, "no memory for a snapshot");
    copy_ = static_cast<std::byte*>(copy);
    std::memcpy(copy_, begin_, used_);
    return;
  }
  const int image = memfd_create("formfuzz-snapshot", MFD_CLOEXEC);
  FORMFUZZ_CHECK(image >= 0, "no file in memory for a snapshot");
  Remap(image);
  close(image);
}

void Region::Remap(int image) {
  FORMFUZZ_CHECK(ftruncate(image, static_cast<off_t>(kRegionBytesMax)) == 0,
                 "no file in memory for a snapshot");
  for (size_t done = 0; done < used_;) {
    const ssize_t written =
        pwrite(image, begin_ + done, used_ - done, static_cast<off_t>(done));
    FORMFUZZ_CHECK(written > 0, "a snapshot cannot be written");
    done += static_cast<size_t>(written);
  }
  Map(begin_, PROT_READ | PROT_WRITE, 0, image);
}

void Region::Restore() {
  FORMFUZZ_CHECK(saved_, "a region is restored before it was saved");
  if (method_ == Method::kCopy) {
    std::memcpy(begin_, copy_, saved_used_);
  } else {
    madvise(begin_, RoundUp(used_, kPage), MADV_DONTNEED);
  }
  used_ = saved_used_;
}

bool Region::Holds(const void* memory) {
  const auto at = reinterpret_cast<uintptr_t>(memory);
  const auto begin = reinterpret_cast<uintptr_t>(reserved);
  return reserved != nullptr && at - begin < kRegionBytesMax * kRegionsMax;
}

size_t Region::SizeOf(const void* memory) {
  size_t size = 0;
  std::memcpy(&size, static_cast<const std::byte*>(memory) - kHeaderBytes,
              sizeof size);
  return size;
}

bool HasRegionMemory() { return has_region_memory; }

bool SetHasRegionMemory() { return has_region_memory = true; }

}  // namespace formfuzz

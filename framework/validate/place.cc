// SPDX-License-Identifier: Apache-2.0
// Making, keeping and restoring.
#include "framework/validate/place.h"

#include <cstring>
#include <utility>
#include <vector>

#include "framework/base/check.h"

namespace formfuzz {
namespace {

constexpr int kNobodysByte = 0xbe;  // no address, no likely number

}  // namespace

Place::Place(const Maker& maker, Restoring restoring)
    : maker_(maker), restoring_(restoring), memory_(Allocate()) {
  FORMFUZZ_CHECK(restoring != Restoring::kReset || maker.reset != nullptr,
                 "Restore(kReset): the harness has no void Reset(Run&)");
  FORMFUZZ_CHECK(restoring != Restoring::kSnapshot || HasRegionMemory(),
                 "Restore(kSnapshot): the binary lacks its allocator; say "
                 "SNAPSHOT in formfuzz_add_harness");
}

// A snapshot is not destroyed: it goes with its memory.
Place::~Place() {
  if (restoring_ != Restoring::kSnapshot) Destroy();
}

std::unique_ptr<std::byte, Place::Free> Place::Allocate() const {
  void* memory = nullptr;
  if (maker_.construct != nullptr) {
    memory = ::operator new(maker_.size, std::align_val_t(maker_.alignment));
    std::memset(memory, kNobodysByte, maker_.size);
  }
  return {static_cast<std::byte*>(memory), Free{maker_.alignment}};
}

void* Place::Construct(Run& run) {
  if (maker_.construct == nullptr) return nullptr;
  if (restoring_ == Restoring::kSnapshot) return Snapshot(run);
  if (object_ != nullptr) {
    maker_.reset(object_, run);
    return object_;
  }
  maker_.construct(memory_.get(), run);
  return object_ = memory_.get();
}

// What is restored is what it was before any fault.
void* Place::Snapshot(Run& run) {
  if (region_ != nullptr) {
    region_->Restore();
    return object_;
  }
  auto region = std::make_unique<Region>();
  {
    const FaultsPaused faultless(run.faults());
    const RegionScope inside(region.get());
    void* const memory = region->Allocate(maker_.size, maker_.alignment);
    maker_.construct(memory, run);
    object_ = memory;
  }
  region->Save();
  region_ = std::move(region);
  return object_;
}

void Place::Retire(bool well) {
  if (restoring_ == Restoring::kSnapshot) return;
  if (restoring_ == Restoring::kReset && well) return;
  Destroy();
}

// What the object pointed to last must not look as if it were still held: a
// leak would go unnoticed until the next run. Members that nobody initialises
// are the same in every run, too.
void Place::Destroy() {
  if (object_ == nullptr) return;
  maker_.destroy(std::exchange(object_, nullptr));
  std::memset(memory_.get(), kNobodysByte, maker_.size);
}

void Place::Abandon() {
  if (object_ == nullptr) return;
  static auto* const abandoned = new std::vector<std::byte*>();
  abandoned->push_back(memory_.release());
  memory_ = Allocate();
  object_ = nullptr;
}

}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// Blocks, and destruction newest first.
#include "framework/base/arena.h"

#include <algorithm>
#include <cstring>

namespace formfuzz {

Arena::~Arena() {
  Reset();
  // The heap gets its memory back as it gave it.
  for (const Block& block : blocks_) {
    internal::Unpoison(reinterpret_cast<uintptr_t>(block.memory.get()),
                       block.size);
  }
}

std::string_view Arena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* place = static_cast<char*>(Allocate(text.size(), 1));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

std::span<uint8_t> Arena::CopyGuarded(std::span<const uint8_t> bytes) {
  // Poison begins at any byte, but only to the end of eight that are aligned.
  auto* const place =
      static_cast<uint8_t*>(Allocate(bytes.size() + kGuardBytes, 8));
  std::copy(bytes.begin(), bytes.end(), place);
  internal::Poison(reinterpret_cast<uintptr_t>(place) + bytes.size(),
                   kGuardBytes);
  return {place, bytes.size()};
}

void Arena::UseBlock(size_t index) {
  current_ = index;
  block_start_ = reinterpret_cast<uintptr_t>(blocks_[index].memory.get());
  at_ = block_start_;
  end_ = block_start_ + blocks_[index].size;
}

void* Arena::Refill(size_t size) {
  if (!blocks_.empty()) used_ += at_ - block_start_;
  size_t next = blocks_.empty() ? 0 : current_ + 1;
  if (next < blocks_.size() && blocks_[next].size < size) {
    blocks_.resize(next);
  }
  if (next >= blocks_.size()) {
    const size_t bytes = std::max(size, kBlockBytes);
    // operator new[] aligns to 16, which every block start relies on.
    blocks_.push_back(
        {std::make_unique_for_overwrite<std::byte[]>(bytes), bytes});
  }
  UseBlock(next);
  internal::Poison(block_start_, end_ - block_start_);
  internal::Unpoison(block_start_, size);
  at_ = block_start_ + size;
  return reinterpret_cast<void*>(block_start_);
}

void Arena::Release() {
  while (!owned_.empty()) {
    const Owned last = owned_.back();
    owned_.pop_back();
    last.destroy(last.object);
  }
  used_ = 0;
  for (const Block& block : blocks_) {
    internal::Poison(reinterpret_cast<uintptr_t>(block.memory.get()),
                     block.size);
  }
  if (!blocks_.empty()) UseBlock(0);
}

}  // namespace formfuzz

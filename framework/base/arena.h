// SPDX-License-Identifier: Apache-2.0
// Memory of one run: allocation is a pointer bump, everything goes at once.
//
// Not thread-safe. Objects with a destructor are destroyed by Reset, newest
// first; plain ones cost nothing. Blocks are kept between runs, so a steady
// state allocates nothing from the heap. Under AddressSanitizer what is not
// handed out is poisoned: a view that outlives its run is caught.
#ifndef FORMFUZZ_FRAMEWORK_BASE_ARENA_H_
#define FORMFUZZ_FRAMEWORK_BASE_ARENA_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// Weak: null without AddressSanitizer. Asked for when running, not compiling,
// as a sanitized harness may use a framework that is not, and the other way
// round.
extern "C" __attribute__((weak)) void __asan_poison_memory_region(
    const volatile void* at, size_t size);
extern "C" __attribute__((weak)) void __asan_unpoison_memory_region(
    const volatile void* at, size_t size);

namespace formfuzz {
namespace internal {
inline void Poison(uintptr_t at, size_t size) {
  if (&__asan_poison_memory_region == nullptr) return;
  __asan_poison_memory_region(reinterpret_cast<void*>(at), size);
}
inline void Unpoison(uintptr_t at, size_t size) {
  if (&__asan_unpoison_memory_region == nullptr) return;
  __asan_unpoison_memory_region(reinterpret_cast<void*>(at), size);
}
}  // namespace internal

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  // Uninitialised; `alignment` is a power of two of at most 16.
  void* Allocate(size_t size, size_t alignment) {
    const uintptr_t start = (at_ + alignment - 1) & ~(alignment - 1);
    if (start + size > end_ || at_ == 0) [[unlikely]]
      return Refill(size);
    at_ = start + size;
    internal::Unpoison(start, size);
    return reinterpret_cast<void*>(start);
  }

  template <class T, class... Arguments>
  T* New(Arguments&&... arguments) {
    void* place = Allocate(sizeof(T), alignof(T));
    T* object = new (place) T(std::forward<Arguments>(arguments)...);
    if constexpr (!std::is_trivially_destructible_v<T>) {
      owned_.push_back({object, [](void* o) { static_cast<T*>(o)->~T(); }});
    }
    return object;
  }

  // `count` value-initialised elements of a trivially destructible type.
  template <class T>
  std::span<T> NewArray(size_t count) {
    T* const first = Uninitialised<T>(count);
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  // Room for `count` objects of a trivially destructible type.
  template <class T>
  T* Uninitialised(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(Allocate(count * sizeof(T), alignof(T)));
  }

  std::string_view Copy(std::string_view text);
  // With room behind it that nobody is given: under AddressSanitizer, who
  // reads or writes past the end is caught at the first byte.
  std::span<uint8_t> CopyGuarded(std::span<const uint8_t> bytes);

  // Bytes handed out since the last Reset.
  size_t used() const { return used_ + (at_ - block_start_); }

  void Reset() {
    if (owned_.empty() && used_ == 0) [[likely]] {
      internal::Poison(block_start_, at_ - block_start_);
      at_ = block_start_;
      return;
    }
    Release();
  }

 private:
  struct Owned {
    void* object;
    void (*destroy)(void*);
  };
  struct Block {
    std::unique_ptr<std::byte[]> memory;
    size_t size;
  };

  static constexpr size_t kBlockBytes = 64 << 10;
  static constexpr size_t kGuardBytes = 16;

  void* Refill(size_t size);
  void UseBlock(size_t index);
  void Release();

  uintptr_t at_ = 0;
  uintptr_t end_ = 0;
  uintptr_t block_start_ = 0;
  size_t current_ = 0;  // index into blocks_, once there is one
  size_t used_ = 0;     // bytes in the blocks before the current one
  std::vector<Block> blocks_;
  std::vector<Owned> owned_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_ARENA_H_

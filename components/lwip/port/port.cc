// SPDX-License-Identifier: Apache-2.0
// The heap as a list of what is taken, and lwIP's variables as two sections.
// lwIP's timers, which are taken and given back some forty times in each second
// that goes by, come from blocks that are kept: no sanitizer looks at those.
#include "components/lwip/port/port.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "framework/fault/fault_point.h"

// Not what is fuzzed: edges and comparisons in here would be noise.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("coverage"))), \
                             apply_to = function)
#endif

extern "C" {
// The linker's: where the sections begin and end.
extern unsigned char __start_lwip_bss[];   // NOLINT
extern unsigned char __stop_lwip_bss[];    // NOLINT
extern unsigned char __start_lwip_data[];  // NOLINT
extern unsigned char __stop_lwip_data[];   // NOLINT
}

namespace {

constexpr size_t kHeapBytesDefault = 1 << 20;
constexpr uint32_t kFirstRandom = 0x2545f491;

// Before each block of lwIP's, in a ring.
struct alignas(16) Block {
  Block* next;
  Block* before;
  size_t size;
};

Block ring = {&ring, &ring, 0};
size_t bytes_used = 0;
bool may_fail = false;
size_t heap_bytes_max = kHeapBytesDefault;
uint32_t random_state = kFirstRandom;
uint32_t now_ms = 0;
constexpr size_t kPassedOverMax = 8;
std::array<const char*, kPassedOverMax> passed_over;
size_t passed_over_count = 0;

// Word by word and not by memcpy: between variables lies what a sanitizer
// forbids to touch.
__attribute__((no_sanitize("address", "undefined"))) void CopyAll(
    const unsigned char* from, unsigned char* to, size_t size) {
  const auto* source = reinterpret_cast<const volatile uint64_t*>(from);
  auto* target = reinterpret_cast<volatile uint64_t*>(to);
  for (size_t i = 0; i < size / 8; ++i) {
    const uint64_t word = from == nullptr ? 0 : source[i];
    if (target[i] != word) target[i] = word;
  }
  for (size_t i = size / 8 * 8; i < size; ++i) {
    auto* byte = const_cast<volatile unsigned char*>(to + i);
    *byte = from == nullptr ? 0 : from[i];
  }
}

std::vector<unsigned char>* first_data = nullptr;

// More than the stack and its servers ever have at once; lwIP asserts that
// there was one left.
constexpr size_t kTimersMax = 64;
union Timer {
  Timer* next_free;
  unsigned char bytes[32];
};
Timer timers[kTimersMax];
Timer* free_timers = nullptr;

void TakeAllTimersBack() {
  free_timers = nullptr;
  for (Timer& timer : timers) {
    timer.next_free = free_timers;
    free_timers = &timer;
  }
}

void Unlink(Block* block) {
  block->before->next = block->next;
  block->next->before = block->before;
  bytes_used -= block->size;
}

}  // namespace

extern "C" {

void* formfuzz_lwip_malloc(size_t size) {
  if (may_fail && (bytes_used + size > heap_bytes_max ||
                   FORMFUZZ_FAULT("lwip.memory.none"))) {
    return nullptr;
  }
  auto* block = static_cast<Block*>(std::malloc(sizeof(Block) + size));
  if (block == nullptr) return nullptr;
  *block = {ring.next, &ring, size};
  ring.next->before = block;
  ring.next = block;
  bytes_used += size;
  return block + 1;
}

void* formfuzz_lwip_calloc(size_t count, size_t size) {
  void* memory = formfuzz_lwip_malloc(count * size);
  if (memory != nullptr) std::memset(memory, 0, count * size);
  return memory;
}

void formfuzz_lwip_free(void* memory) {
  if (memory == nullptr) return;
  Block* block = static_cast<Block*>(memory) - 1;
  Unlink(block);
  std::free(block);
}

void* formfuzz_lwip_new_timer(unsigned) {
  Timer* timer = free_timers;
  if (timer != nullptr) free_timers = timer->next_free;
  return timer;
}

void formfuzz_lwip_end_timer(unsigned, void* memory) {
  auto* timer = static_cast<Timer*>(memory);
  timer->next_free = free_timers;
  free_timers = timer;
}

uint32_t formfuzz_lwip_random(void) {
  random_state = random_state * 1664525 + 1013904223;
  return random_state;
}

void formfuzz_lwip_assert(const char* text, const char* file, int line) {
  for (size_t i = 0; i < passed_over_count; ++i) {
    if (std::strcmp(text, passed_over[i]) == 0) return;
  }
  std::fprintf(stderr, "lwIP: assertion \"%s\" failed at %s:%d\n", text, file,
               line);
  std::abort();
}

uint32_t sys_now(void) { return now_ms; }

void formfuzz_lwip_free_all(void) {
  while (ring.next != &ring) formfuzz_lwip_free(ring.next + 1);
}

void formfuzz_lwip_reset(void) {
  const auto size = static_cast<size_t>(__stop_lwip_data - __start_lwip_data);
  if (first_data == nullptr) {
    first_data = new std::vector<unsigned char>(size);
    CopyAll(__start_lwip_data, first_data->data(), size);
  }
  formfuzz_lwip_free_all();
  TakeAllTimersBack();
  CopyAll(first_data->data(), __start_lwip_data, size);
  CopyAll(nullptr, __start_lwip_bss,
          static_cast<size_t>(__stop_lwip_bss - __start_lwip_bss));
  heap_bytes_max = kHeapBytesDefault;
  may_fail = false;
  random_state = kFirstRandom;
  now_ms = 0;
}

void formfuzz_lwip_pass_over(const char* assertion) {
  const auto end = passed_over.begin() + passed_over_count;
  if (end == passed_over.end()) std::abort();
  if (std::find(passed_over.begin(), end, assertion) != end) return;
  passed_over[passed_over_count++] = assertion;
}
void formfuzz_lwip_advance_ms(uint32_t ms) { now_ms += ms; }
void formfuzz_lwip_let_fail(int may) { may_fail = may != 0; }
size_t formfuzz_lwip_bytes_used(void) { return bytes_used; }
void formfuzz_lwip_set_heap(size_t bytes_max) { heap_bytes_max = bytes_max; }

}  // extern "C"

#if defined(__clang__)
#pragma clang attribute pop
#endif

// SPDX-License-Identifier: Apache-2.0
// lwIP's surroundings: its heap, its random numbers, its clock, and the way
// back to the state before its first call. C, as lwIP includes it.
//
// All of lwIP's variables lie in sections of their own (own_sections.h), and
// all of its memory comes from here, so that both can be brought back: one
// lwIP, many lives. One thread.
#ifndef FORMFUZZ_COMPONENTS_LWIP_PORT_PORT_H_
#define FORMFUZZ_COMPONENTS_LWIP_PORT_PORT_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Null once the heap is full, or is told to be.
void* formfuzz_lwip_malloc(size_t size);
void* formfuzz_lwip_calloc(size_t count, size_t size);
void formfuzz_lwip_free(void* memory);
// What timeouts.c takes its timers by, in place of memp_malloc and memp_free:
// without a timer lwIP ends itself, so that a port must have enough of them.
void* formfuzz_lwip_new_timer(unsigned pool);
void formfuzz_lwip_end_timer(unsigned pool, void* timer);
uint32_t formfuzz_lwip_random(void);
void formfuzz_lwip_assert(const char* text, const char* file, int line);
// From now on, where the assertion of that text fails, lwIP goes on as if it
// were built without it. At most eight; the text has to stay.
void formfuzz_lwip_pass_over(const char* assertion);

// Everything as it was before lwIP's first call: variables, heap, clock.
// lwip_init() comes next.
void formfuzz_lwip_reset(void);
// The heap alone: for the end of a life, so that nothing seems to have leaked.
void formfuzz_lwip_free_all(void);
void formfuzz_lwip_advance_ms(uint32_t ms);
// Bytes that lwIP has and has not given back.
size_t formfuzz_lwip_bytes_used(void);
// Whether a full heap and lwip.memory.none refuse memory; not after a reset.
void formfuzz_lwip_let_fail(int may_fail);
// So many bytes are all there is.
void formfuzz_lwip_set_heap(size_t bytes_max);

#ifdef __cplusplus
}
#endif

#endif  // FORMFUZZ_COMPONENTS_LWIP_PORT_PORT_H_

// SPDX-License-Identifier: Apache-2.0
// Functions of the C library that compare texts, in front of it: what
// LD_PRELOAD brings in is asked first by the program and by its libraries. What
// a compiler made instructions of is for the stepper to see.

#include <dlfcn.h>

#include "campaign/process/runtime/compare/comparisons.h"

namespace ours = formfuzz::campaign;

namespace {

// The function of that name behind this library.
template <class Function>
Function* Behind(Function*& known, const char* name) {
  if (__builtin_expect(known == nullptr, 0)) {
    known = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  }
  return known;
}

}  // namespace

// Looked for in the server, not by each process anew. Defined under another
// name than the C library's, whose declarations differ.
#define FORMFUZZ_IN_FRONT_OF(NAME, RESULT, PARAMETERS, ARGUMENTS, NOTE)        \
  namespace {                                                                  \
  RESULT(*behind_##NAME) PARAMETERS = nullptr;                                 \
  __attribute__((constructor)) void Find_##NAME() {                            \
    Behind(behind_##NAME, #NAME);                                              \
  }                                                                            \
  }                                                                            \
  extern "C" __attribute__((                                                   \
      visibility("default"))) RESULT InFront_##NAME PARAMETERS __asm__(#NAME); \
  RESULT InFront_##NAME PARAMETERS {                                           \
    if (ours::IsTraced()) {                                                    \
      const uint32_t place = ours::PlaceOf(__builtin_return_address(0));       \
      NOTE;                                                                    \
    }                                                                          \
    return Behind(behind_##NAME, #NAME) ARGUMENTS;                             \
  }

FORMFUZZ_IN_FRONT_OF(memcmp, int, (const void* a, const void* b, size_t size),
                     (a, b, size), ours::NoteMemory(place, a, b, size))
FORMFUZZ_IN_FRONT_OF(bcmp, int, (const void* a, const void* b, size_t size),
                     (a, b, size), ours::NoteMemory(place, a, b, size))
FORMFUZZ_IN_FRONT_OF(strcmp, int, (const char* a, const char* b), (a, b),
                     ours::NoteStrings(place, a, b, ours::kComparedBytesMax))
FORMFUZZ_IN_FRONT_OF(strncmp, int, (const char* a, const char* b, size_t size),
                     (a, b, size), ours::NoteStrings(place, a, b, size))
FORMFUZZ_IN_FRONT_OF(strcasecmp, int, (const char* a, const char* b), (a, b),
                     ours::NoteStrings(place, a, b, ours::kComparedBytesMax))
FORMFUZZ_IN_FRONT_OF(strncasecmp, int,
                     (const char* a, const char* b, size_t size), (a, b, size),
                     ours::NoteStrings(place, a, b, size))
FORMFUZZ_IN_FRONT_OF(strstr, char*, (const char* a, const char* b), (a, b),
                     ours::NoteStrings(place, a, b, __builtin_strlen(b)))

// SPDX-License-Identifier: Apache-2.0
// Takes many inputs in one process; the first byte says what goes wrong.

#include <signal.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

volatile int reached = 0;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  switch (bytes[0]) {
    case 'a':
      fprintf(stderr, "about to abort\n");
      abort();
    case 'h':
      while (true) pause();
    case 'e':
      _exit(3);
    case 'w': {
      // What says whose turn it is lies before the input: "I have ended".
      volatile uint8_t* turn = const_cast<uint8_t*>(bytes) - 4096;
      *turn = 3;
      while (true) pause();
    }
    case 'k':
      kill(getppid(), 9);
      break;
    case 'l':
#ifdef __clang__
#pragma clang loop unroll(disable)  // an unrolled round counts as one
#endif
      for (size_t i = 1; i < size; ++i) reached = reached + 1;
      break;
    default:
      reached = 0;
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// What costs next to nothing to run, so that only the handing over is measured.
// With -DFORKED a process a run, reading standard input; else a loop.
#include <unistd.h>

#ifndef FORKED
__AFL_FUZZ_INIT();
#endif

static volatile int seen;

static void Look(const unsigned char* bytes, long size) {
  if (size > 3 && bytes[0] == 'f' && bytes[1] == 'u') seen = bytes[2];
}

int main(void) {
#ifdef FORKED
  unsigned char bytes[64];
  const long size = read(0, bytes, sizeof(bytes));
  Look(bytes, size);
#else
  unsigned char* bytes = __AFL_FUZZ_TESTCASE_BUF;
  while (__AFL_LOOP(1000000)) Look(bytes, __AFL_FUZZ_TESTCASE_LEN);
#endif
  return 0;
}

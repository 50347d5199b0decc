// SPDX-License-Identifier: Apache-2.0
// Says how many letters of FUZ its input begins with, and dies when a fourth
// byte above 'w' follows: what a fuzzer without instrumentation can find. With
// DYING_TURNS it first counts so far, to be watched while its inputs are made
// smaller.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char** argv) {
  static const char* const kSaid[] = {"none", "the first", "two of them",
                                      "all three"};
  FILE* file = argc > 1 ? fopen(argv[1], "rb") : stdin;
  char bytes[64] = {0};
  size_t matched = 0;
  if (file == NULL) return 2;
  const size_t size = fread(bytes, 1, sizeof bytes, file);
  while (matched < 3 && matched < size && bytes[matched] == "FUZ"[matched]) {
    ++matched;
  }
  puts(kSaid[matched]);
  fflush(stdout);
  if (matched == 3 && size > 3 && bytes[3] > 'w') {
#ifdef DYING_TURNS
    for (volatile long turn = 0; turn < DYING_TURNS; ++turn) {
    }
#endif
    abort();
  }
  return matched == 3 ? 0 : 1;
}

// SPDX-License-Identifier: Apache-2.0
// Built by gcc with its AddressSanitizer, a shared library: reads four letters
// into the heap, and a fifth, which is not there, if they are "past".

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  volatile char* word = calloc(4, 1);
  if (read(STDIN_FILENO, (char*)word, 4) != 4) return 3;
  int sum = 0;
  for (int i = 0; i < 4; ++i) sum += word[i] == 'x';
  if (memcmp((const char*)word, "past", 4) == 0) sum += word[4];
  free((char*)word);
  printf("%d of x\n", sum);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Aborts behind comparisons that chance does not pass: a number of four bytes,
// one of two in the other byte order, and a word.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  unsigned char bytes[32] = {0};
  if (read(0, bytes, sizeof bytes - 1) < 12) return 0;
  uint32_t magic;
  memcpy(&magic, bytes, sizeof magic);
  if (magic != 0x7fed1234) return 0;
  if ((bytes[4] << 8 | bytes[5]) != 0xbeef) return 0;
  if (memcmp(bytes + 6, "secret", 6) != 0) return 0;
  abort();
}

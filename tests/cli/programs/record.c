// SPDX-License-Identifier: Apache-2.0
// Aborts for a record whose length and checksum are right and that says what it
// is to do; says nothing about any other.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  unsigned char bytes[64];
  const ssize_t size = read(0, bytes, sizeof bytes);
  if (size < 12) return 0;
  if ((bytes[0] | bytes[1] << 8) != size - 4) return 0;
  uint16_t sum = 0x1234;
  for (ssize_t i = 4; i < size; ++i) sum = (uint16_t)(sum * 31 + bytes[i]);
  if ((bytes[2] | bytes[3] << 8) != sum) return 0;
  if (memcmp(bytes + 4, "SELF", 4) == 0) abort();
  return 0;
}

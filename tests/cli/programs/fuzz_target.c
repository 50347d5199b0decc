// SPDX-License-Identifier: Apache-2.0
// A libFuzzer target: fails on what begins with a byte above 127.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size > 0 && bytes[0] > 127) abort();
  return 0;
}

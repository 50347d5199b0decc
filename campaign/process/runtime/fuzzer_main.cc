// SPDX-License-Identifier: Apache-2.0
// The main of a program that has none but a LLVMFuzzerTestOneInput. Given
// files, it runs each once, as libFuzzer does.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "campaign/process/runtime/formfuzz_program.h"
#include "campaign/process/runtime/program_main.h"

extern "C" {
int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);
int LLVMFuzzerInitialize(int* argc, char*** argv) __attribute__((weak));
// There if AddressSanitizer is.
int __asan_address_is_poisoned(const volatile void* at) __attribute__((weak));
}

namespace {

// A block of just that size, so that a sanitizer sees what is read beyond it.
void RunCopy(const unsigned char* bytes, size_t size) {
  auto* copy = static_cast<uint8_t*>(malloc(size));
  if (size != 0) memcpy(copy, bytes, size);
  LLVMFuzzerTestOneInput(copy, size);
  free(copy);
}

int RunFile(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == nullptr) {
    perror(path);
    return 1;
  }
  auto* bytes =
      static_cast<unsigned char*>(malloc(formfuzz::campaign::kSharedInputMax));
  const size_t size =
      fread(bytes, 1, formfuzz::campaign::kSharedInputMax, file);
  fclose(file);
  RunCopy(bytes, size);
  free(bytes);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  const bool served = formfuzz::campaign::SharedRunMemory() != nullptr;
  for (int i = 1; i < argc && !served; ++i) {
    if (argv[i][0] != '-' && RunFile(argv[i]) != 0) return 1;
    if (i + 1 == argc) return 0;
  }
  const bool copies = __asan_address_is_poisoned != nullptr;
  const unsigned char* bytes = nullptr;
  size_t size = 0;
  while (formfuzz_next(&bytes, &size)) {
    if (copies) {
      RunCopy(bytes, size);
    } else {
      LLVMFuzzerTestOneInput(bytes, size);
    }
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Contents come from the build: FORMFUZZ_NURSERY_FILE, FORMFUZZ_ZYGOTE_FILE.

#include "campaign/process/sandbox/embedded.h"

#include "campaign/process/sandbox/memory_file.h"

#define FORMFUZZ_EMBED(symbol, file)               \
  asm(".pushsection .rodata." #symbol              \
      ",\"a\"\n"                                   \
      ".balign 16\n"                               \
      ".global " #symbol "_begin\n" #symbol        \
      "_begin:\n"                                  \
      ".incbin \"" file                            \
      "\"\n"                                       \
      ".global " #symbol "_end\n" #symbol          \
      "_end:\n"                                    \
      ".byte 0\n"                                  \
      ".popsection\n");                            \
  extern "C" const unsigned char symbol##_begin[]; \
  extern "C" const unsigned char symbol##_end[]

FORMFUZZ_EMBED(formfuzz_nursery, FORMFUZZ_NURSERY_FILE);
FORMFUZZ_EMBED(formfuzz_zygote, FORMFUZZ_ZYGOTE_FILE);

namespace formfuzz::campaign {

Bytes NurseryProgram() {
  return {formfuzz_nursery_begin, formfuzz_nursery_end};
}
Bytes ZygoteLibrary() { return {formfuzz_zygote_begin, formfuzz_zygote_end}; }

absl::StatusOr<int> NurseryProgramFd() {
  static const absl::StatusOr<int> fd = []() -> absl::StatusOr<int> {
    auto file = MemoryFileOf("formfuzz-nursery", NurseryProgram());
    if (!file.ok()) return file.status();
    static const UniqueFd kept = *std::move(file);
    return kept.get();
  }();
  return fd;
}

}  // namespace formfuzz::campaign

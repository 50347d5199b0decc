// SPDX-License-Identifier: Apache-2.0
// A libFuzzer target that does nothing: what libFuzzer itself costs.
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t*, size_t) { return 0; }

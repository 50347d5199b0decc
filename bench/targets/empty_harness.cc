// SPDX-License-Identifier: Apache-2.0
// A harness that declares no step: what formfuzz costs on top of libFuzzer.
#include "framework/formfuzz.h"

namespace {

class Nothing {};

FORMFUZZ_HARNESS(empty_harness, Nothing);

}  // namespace

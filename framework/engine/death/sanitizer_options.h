// SPDX-License-Identifier: Apache-2.0
// The sanitizers' options for fuzzing. ASAN_OPTIONS and UBSAN_OPTIONS override
// them; functions __asan_default_options and __ubsan_default_options of a
// user's own would be second definitions, which the linker refuses.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_DEATH_SANITIZER_OPTIONS_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_DEATH_SANITIZER_OPTIONS_H_

namespace formfuzz {

// Who calls it gets the options linked: the sanitizers read them long before.
void ChooseSanitizerOptions();

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_DEATH_SANITIZER_OPTIONS_H_

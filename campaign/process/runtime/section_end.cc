// SPDX-License-Identifier: Apache-2.0
// Linked last into whatever is built with our compiler: one page at the end of
// the section of counters, aligned as a page is, makes the section begin and
// end with a page. Nothing else then shares the pages that are remapped.

#include "campaign/process/wire/run_memory.h"

// The section is found by its first and last byte, which keep it as a whole.
extern "C" {
extern unsigned char formfuzz_section_end[formfuzz::campaign::kPageBytes];
__attribute__((section("__sancov_cntrs"),
               aligned(formfuzz::campaign::kPageBytes), used,
               visibility("hidden"))) unsigned char
    formfuzz_section_end[formfuzz::campaign::kPageBytes] = {};
}

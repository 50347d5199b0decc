// SPDX-License-Identifier: Apache-2.0
// For programs that take many inputs in one process, in C (from C99) or C++:
//
//   const unsigned char* bytes;
//   size_t size;
//   while (formfuzz_next(&bytes, &size)) { ...one run... }
//
// Built with formfuzz-clang or formfuzz-clang++ and run by hand, the loop is
// gone through once, with what standard input holds. Everything that a run
// changed must be undone by the program. AFL++'s macros for the same purpose
// work as well: __AFL_LOOP, __AFL_INIT, __AFL_FUZZ_TESTCASE_BUF and _LEN.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORMFUZZ_PROGRAM_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORMFUZZ_PROGRAM_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 0 when there is nothing more to do. The bytes stay until the next call. */
int formfuzz_next(const unsigned char** bytes, size_t* size);

/* Where expensive preparations are over: a program that calls it is forked
 * there for each run instead of before main. */
void formfuzz_ready(void);

/* The same with a buffer that stays where it is. */
int formfuzz_loop(void);
extern unsigned char formfuzz_loop_buffer[];
extern size_t formfuzz_loop_size;

#ifdef __cplusplus
}
#endif

#ifndef __AFL_LOOP
#define __AFL_FUZZ_INIT() typedef int formfuzz_needs_no_declarations
#define __AFL_INIT() formfuzz_ready()
#define __AFL_LOOP(runs) formfuzz_loop()
#define __AFL_FUZZ_TESTCASE_BUF formfuzz_loop_buffer
#define __AFL_FUZZ_TESTCASE_LEN ((int)formfuzz_loop_size)
#endif

#endif /* FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORMFUZZ_PROGRAM_H_ */

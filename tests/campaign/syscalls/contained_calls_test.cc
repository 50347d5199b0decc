// SPDX-License-Identifier: Apache-2.0
// System calls in machine code.

#include "campaign/syscalls/code/contained_calls.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <string>
#include <vector>

namespace formfuzz::campaign {
namespace {

TEST(ContainedCallsTest, AreReadFromWhatIsPutIntoEax) {
  const std::string code(
      "\xb8\x7c\x00\x00\x00\x0f\x05\xc3"          // mov eax, getsid
      "\x48\xc7\xc0\x4c\x01\x00\x00\x0f\x05\xc3"  // mov rax, statx
      "\x31\xc0\x0f\x05\xc3",                     // xor eax, eax
      23);
  const ContainedCalls calls = CallsInCode(code);
  EXPECT_TRUE(calls.numbers.contains(SYS_getsid));
  EXPECT_TRUE(calls.numbers.contains(SYS_statx));
  EXPECT_TRUE(calls.numbers.contains(SYS_read));
  EXPECT_EQ(calls.unknown, 0U);
}

TEST(ContainedCallsTest, CountsNumbersThatAreNotThere) {
  const ContainedCalls calls = CallsInCode("\x90\x90\x0f\x05\xc3");
  EXPECT_TRUE(calls.numbers.empty());
  EXPECT_EQ(calls.unknown, 1U);
}

TEST(ContainedCallsTest, AreThoseOfAProgramOfOurs) {
  // Linked dynamically: what it calls itself, it calls by the library.
  const auto own = CallsInFile(std::string(FORMFUZZ_NEEDLES) + "1");
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_FALSE(own->numbers.contains(SYS_init_module));
  EXPECT_FALSE(CallsInFile("/etc/passwd").ok());
  EXPECT_FALSE(CallsInFile("/missing").ok());
}

TEST(ContainedCallsTest, FindsLibrariesInAListing) {
  EXPECT_EQ(LibrariesIn("\tlinux-vdso.so.1 (0x7ffd)\n"
                        "\tlibc.so.6 => /lib/libc.so.6 (0x7f12)\n"
                        "\t/lib64/ld-linux-x86-64.so.2 (0x7f34)\n"),
            (std::vector<std::string>{"/lib/libc.so.6",
                                      "/lib64/ld-linux-x86-64.so.2"}));
}

}  // namespace
}  // namespace formfuzz::campaign

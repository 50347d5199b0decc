// SPDX-License-Identifier: Apache-2.0
// Numbers and names of calls and of architectures.

#include <gtest/gtest.h>

#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/names/call_names.h"

namespace formfuzz::campaign {
namespace {

TEST(CallNamesTest, EveryKnownCallHasItsNumber) {
  for (const Arch arch : KnownArches()) {
    const auto calls = KnownCalls(arch);
    EXPECT_GT(calls.size(), 200u) << NameOfArch(arch);
    for (const int number : calls) {
      const std::string name = NameOfCall(arch, number);
      EXPECT_EQ(NumberOfCall(arch, name), number)
          << NameOfArch(arch) << " " << name;
    }
  }
}

TEST(CallNamesTest, KnowsCallsYoungerThanLibseccomp) {
  EXPECT_EQ(NameOfCall(kArchX86_64, 462), "mseal");
  EXPECT_EQ(NumberOfCall(kArchX86, "file_setattr"), 469);
  EXPECT_EQ(NumberOfCall(kArchX32, "mseal"), 462 | kX32Bit);
  EXPECT_FALSE(LibseccompKnows(kArchX86_64, 462));
  EXPECT_TRUE(HasName(kArchX86_64, 462));
}

TEST(CallNamesTest, ANumberWithoutNameIsKept) {
  EXPECT_EQ(NameOfCall(kArchX86_64, 900), "syscall_900");
  EXPECT_EQ(NumberOfCall(kArchX86_64, "syscall_900"), 900);
  EXPECT_FALSE(HasName(kArchX86_64, 900));
  EXPECT_FALSE(NumberOfCall(kArchX86_64, "opennat"));
  EXPECT_FALSE(NumberOfCall(kArchX86_64, "syscall_"));
  // Of another architecture, where libseccomp makes up a negative number.
  EXPECT_FALSE(NumberOfCall(kArchX86_64, "socketcall"));
}

TEST(ArchTest, NamesLeadBack) {
  for (const Arch arch : KnownArches()) {
    EXPECT_EQ(ArchOfName(NameOfArch(arch)), arch);
    EXPECT_EQ(ArchOfOciName(OciNameOfArch(arch)), arch);
    EXPECT_EQ(ArchOfSystemdName(SystemdNameOfArch(arch)), arch);
  }
  EXPECT_EQ(ArchOfName("0x1234"), Arch{0x1234});
  EXPECT_EQ(NameOfArch(0x1234), "0x1234");
  EXPECT_FALSE(ArchOfName("z80"));
  EXPECT_EQ(ArchOfSystemdName("native"), NativeArch());
}

TEST(ArchTest, X32IsTheBitInTheNumber) {
  EXPECT_EQ(ArchOfCall(kArchX86_64, kX32Bit | 1), kArchX32);
  EXPECT_EQ(ArchOfCall(kArchX86_64, 1), kArchX86_64);
  EXPECT_EQ(AuditArch(kArchX32), kArchX86_64);
}

}  // namespace
}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Constants of a program whose code is written out here.
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "campaign/loop/mutate/words/dictionary.h"

namespace formfuzz::campaign {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

class CodeConstantsTest : public testing::Test {
 protected:
  ~CodeConstantsTest() override { std::filesystem::remove(path_); }

  std::vector<std::string> Constants(const std::string& file) {
    std::ofstream(path_, std::ios::binary) << file;
    return ConstantsOfProgram(path_, 16);
  }

  static std::string ProgramOf(std::string_view code) {
    Elf64_Ehdr head{};
    memcpy(head.e_ident, ELFMAG, SELFMAG);
    head.e_ident[EI_CLASS] = ELFCLASS64;
    head.e_machine = EM_X86_64;
    head.e_phoff = sizeof(head);
    head.e_phentsize = sizeof(Elf64_Phdr);
    head.e_phnum = 1;
    Elf64_Phdr part{};
    part.p_type = PT_LOAD;
    part.p_flags = PF_X;
    part.p_offset = sizeof(head) + sizeof(part);
    part.p_filesz = code.size();
    std::string file(reinterpret_cast<const char*>(&head), sizeof(head));
    file.append(reinterpret_cast<const char*>(&part), sizeof(part));
    return file.append(code);
  }

  const std::string path_ =
      testing::TempDir() + "/code-" +
      testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(CodeConstantsTest, AreThoseOfComparisons) {
  // cmp dword [rsp+8], 0xdeadbeef; cmp ax, 0x4a4d
  const std::string code =
      "\x81\x7c\x24\x08\xef\xbe\xad\xde\x66\x3d\x4d\x4a\x90\x90\x90\x90";
  EXPECT_THAT(
      Constants(ProgramOf(code)),
      UnorderedElementsAre("\xef\xbe\xad\xde", "\xde\xad\xbe\xef", "MJ"));
}

TEST_F(CodeConstantsTest, ArePiecesOfTextsThatAreMoved) {
  // movabs rax, "SECRETMA"; mov eax, 0x81828384
  const std::string code =
      "\x48\xb8SECRETMA\x90\x90\xb8\x84\x83\x82\x81\x90\x90\x90\x90";
  EXPECT_THAT(Constants(ProgramOf(code)), UnorderedElementsAre("SECRETMA"));
}

TEST_F(CodeConstantsTest, AreNotSizesAndDistances) {
  // cmp eax, 0x1000; cmp eax, -2
  const std::string code("\x3d\x00\x10\x00\x00\x3d\xfe\xff\xff\xff", 10);
  EXPECT_THAT(Constants(ProgramOf(code)), IsEmpty());
}

TEST_F(CodeConstantsTest, AreNoneOfWhatIsNoProgram) {
  EXPECT_THAT(Constants("#!/bin/sh\n"), IsEmpty());
  EXPECT_THAT(Constants(ProgramOf("").substr(0, 70)), IsEmpty());
  std::string far = ProgramOf("\x66\x3d\x4d\x4a");
  far[offsetof(Elf64_Ehdr, e_phoff) + 7] = '\x7f';
  EXPECT_THAT(Constants(far), IsEmpty());
}

}  // namespace
}  // namespace formfuzz::campaign

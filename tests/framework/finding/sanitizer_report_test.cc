// SPDX-License-Identifier: Apache-2.0
// What is read from reports, as the sanitizers of clang 19 and gcc 12 print
// them (addresses and paths shortened).
#include "framework/finding/sanitizer_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace formfuzz {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SanitizerReportTest, ReadsTheFirstStackOfAHeapUseAfterFree) {
  const SanitizerReport report = ReadSanitizerReport(
      "==16418==ERROR: AddressSanitizer: heap-use-after-free on address "
      "0x5020000001f0 at pc 0x55c5 bp 0x7fff sp 0x7ffe\n"
      "READ of size 4 at 0x5020000001f0 thread T0\n"
      "    #0 0x55c5 in vm::Disk::Read(int) /src/vm/disk.cc:72:14\n"
      "    #1 0x55c6 in vm::Manager::Start(vm::Id) const "
      "/src/vm/manager.cc:93:5\n"
      "    #2 0x55c7 in formfuzz::Judge::Play(formfuzz::Scenario const&) "
      "/src/framework/validate/judge.cc:88:9\n"
      "    #3 0x55c8 in main /src/framework/engine/replay_main.cc:12:3\n"
      "\n"
      "0x5020000001f0 is located 0 bytes inside of 16-byte region\n"
      "freed by thread T0 here:\n"
      "    #0 0x55d1 in operator delete[](void*) (/t/vm+0x18969d)\n"
      "    #1 0x55d2 in vm::Disk::Drop() /src/vm/disk.cc:9:1\n");
  EXPECT_EQ(report.error, "heap-use-after-free");
  EXPECT_THAT(report.frames,
              ElementsAre("vm::Disk::Read(int) at /src/vm/disk.cc:72:14",
                          "vm::Manager::Start(vm::Id) const at "
                          "/src/vm/manager.cc:93:5"));
}

TEST(SanitizerReportTest, TellsFunctionsFromFoldersWithSpaces) {
  const SanitizerReport report = ReadSanitizerReport(
      "==1==ERROR: AddressSanitizer: heap-use-after-free on 0x6020\n"
      "    #0 0x55 in vm::Disk::Read(unsigned long) /my vms/disk.cc:72:14\n"
      "    #1 0x56 in vm::Disk::Get(int) const disk.cc:80:1\n");
  EXPECT_THAT(
      report.frames,
      ElementsAre("vm::Disk::Read(unsigned long) at /my vms/disk.cc:72:14",
                  "vm::Disk::Get(int) const at disk.cc:80:1"));
}

TEST(SanitizerReportTest, LeavesOutTheAllocatorOnTop) {
  const SanitizerReport report = ReadSanitizerReport(
      "==1==ERROR: AddressSanitizer: attempting double-free on 0x6020 in "
      "thread T0:\n"
      "    #0 0x4a in free (/t/vm+0x4a)\n"
      "    #1 0x4b in vm_close /src/c/vm.c:12\n");
  EXPECT_EQ(report.error, "double-free");
  EXPECT_THAT(report.frames, ElementsAre("vm_close at /src/c/vm.c:12"));
}

TEST(SanitizerReportTest, ReadsFramesWithoutAPlace) {
  const SanitizerReport report = ReadSanitizerReport(
      "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x0 (pc 0x55)\n"
      "==1==Hint: address points to the zero page.\n"
      "    #0 0x55 in vm::Manager::Stop() (/t/vm+0x55) (BuildId: c4c4)\n"
      "    #1 0x56  (/t/vm+0x56)\n"
      "    #2 0x57 in main (/t/vm+0x57) (BuildId: c4c4)\n"
      "    #3 0x58 in _start (/t/vm+0x58) (BuildId: c4c4)\n");
  EXPECT_EQ(report.error, "SEGV");
  // Another build of the same program must give the same frames.
  EXPECT_THAT(report.frames, ElementsAre("vm::Manager::Stop()"));
}

TEST(SanitizerReportTest, ReadsUndefinedBehaviourAndLeaks) {
  const SanitizerReport undefined = ReadSanitizerReport(
      "ERROR: UndefinedBehaviorSanitizer: signed-integer-overflow 1 + 1\n"
      "#0 0x0 in /src/vm/quota.cc:64:25\n");
  EXPECT_EQ(undefined.error, "signed-integer-overflow");
  EXPECT_THAT(undefined.frames, ElementsAre("/src/vm/quota.cc:64:25"));
  EXPECT_EQ(ReadSanitizerReport("==3527==ERROR: LeakSanitizer: detected "
                                "memory leaks\n")
                .error,
            "detected");
}

TEST(SanitizerReportTest, ReadsNothingFromOtherText) {
  for (const char* text :
       {"", "\n", "#", "#0", "    #0 ", "ERROR: ", "Sanitizer: ",
        "ERROR: XSanitizer: ", "#0 0x1 in ", "#0 0x1 in f"}) {
    const SanitizerReport report = ReadSanitizerReport(text);
    EXPECT_EQ(report.error, "") << text;
    EXPECT_LE(report.frames.size(), 1u) << text;
  }
}

TEST(SanitizerReportTest, KeepsABoundOfFrames) {
  std::string text = "==1==ERROR: AddressSanitizer: stack-overflow on a\n";
  for (int i = 0; i < 500; ++i) {
    text += "    #" + std::to_string(i) + " 0x1 in vm::Recurse(int) v.cc:1\n";
  }
  const SanitizerReport report = ReadSanitizerReport(text);
  EXPECT_EQ(report.error, "stack-overflow");
  EXPECT_EQ(report.frames.size(), 32u);
}

TEST(IsForeignFrameTest, KnowsRuntimeEngineAndFramework) {
  for (const char* frame :
       {"free", "malloc at ../lib/asan_malloc_linux.cpp:68:3",
        "operator new(unsigned long)", "___interceptor_backtrace",
        "__interceptor_strlen", "abort", "main at /src/replay_main.cc:9:1",
        "formfuzz::Run::Begin(int)", "std::vector<vm::Id>::at(unsigned long)",
        "void std::__invoke_impl<void, vm::Job&>(vm::Job&)",
        "auto formfuzz::Outcome formfuzz::TypedStepKind<vm::Subject>::Call"
        "<int>(void const*) const::'lambda'()::operator()<0ul>() const",
        "absl::debian3::FunctionRef<void (vm::Job&)>::operator()() const",
        "_ZZNK8formfuzz13TypedStepKindIN2vm7Subject",
        "fuzzer::Fuzzer::ExecuteCallback(unsigned char const*)",
        "LLVMFuzzerTestOneInput", "__libc_start_call_main"}) {
    EXPECT_TRUE(IsForeignFrame(frame)) << frame;
  }
}

TEST(IsForeignFrameTest, KeepsComponentsWhateverTheirNames) {
  for (const char* frame :
       {"vm::Manager::Start(formfuzz::Run&) at /src/a.cc:1:1", "freeze_vm(int)",
        "abort_transfer", "raiseQuota(unsigned)", "free_list_push at l.c:3",
        "(anonymous namespace)::Die(int)", "main_loop", "mallocator::Grow()",
        "vm::main()", "vm::free(void*)",
        "bool vm::Same<std::string>(std::string const&)", "std_like::Sort(int)",
        "_ZN2vm4StopEv"}) {
    EXPECT_FALSE(IsForeignFrame(frame)) << frame;
  }
}

TEST(SanitizerReportTest, SurvivesAnyCut) {
  const std::string whole =
      "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\n"
      "    #0 0x55c5 in auto vm::F<(anonymous namespace)::T>(int) a.cc:1:2\n"
      "    #1 0x55c6 in vm::operator<(vm::Id, vm::Id) (/t/vm+0x1)\n";
  for (size_t size = 0; size <= whole.size(); ++size) {
    const SanitizerReport report = ReadSanitizerReport(whole.substr(0, size));
    EXPECT_LE(report.frames.size(), 2u);
  }
  EXPECT_THAT(ReadSanitizerReport(whole.substr(0, 20)).frames, IsEmpty());
}

}  // namespace
}  // namespace formfuzz

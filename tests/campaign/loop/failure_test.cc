// SPDX-License-Identifier: Apache-2.0
// Telling failures of programs apart by what they left.
#include "campaign/loop/triage/failure.h"

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/process/execution.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

Execution Crashed(int signal, std::string_view errors) {
  Execution execution;
  execution.kind = ExitKind::kSignaled;
  execution.signal = signal;
  execution.crashed = true;
  execution.errors = errors;
  return execution;
}

TEST(FailureTest, TellsAssertionsApartButNotTheirNumbers) {
  const Failure a = FailureOf(Crashed(6, "x.c:12: f: Assertion `a' failed"), 1);
  const Failure b = FailureOf(Crashed(6, "x.c:99: f: Assertion `a' failed"), 1);
  const Failure c = FailureOf(Crashed(6, "x.c:12: f: Assertion `b' failed"), 1);
  EXPECT_EQ(a.Likeness(), b.Likeness());
  EXPECT_NE(a.Likeness(), c.Likeness());
  EXPECT_EQ(a.what, "SIGABRT");
}

TEST(FailureTest, GoesByTheFramesOfAReport) {
  constexpr char kReport[] =
      "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6\n"
      "READ of size 1\n"
      "    #0 0x5 in Parse /src/p.c:3:1\n"
      "    #1 0x6 in main /src/m.c:9:1\n";
  const Failure failure = FailureOf(Crashed(6, kReport), 1);
  EXPECT_EQ(failure.what, "heap-buffer-overflow");
  ASSERT_FALSE(failure.frames.empty());
  EXPECT_EQ(failure.edges, 0u);
  EXPECT_TRUE(failure.said.empty());
}

TEST(FailureTest, TellsUndefinedBehaviourByItsPlace) {
  constexpr char kReport[] =
      "noise\n"
      "a/x.c:15:28: runtime error: signed integer overflow: 2147483647 + 1\n"
      "    #0 0x55d0a78960e7 in main (/tmp/x+0x10c0e7) (BuildId: b)\n"
      "SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior a/x.c:15:28\n";
  Execution execution = Crashed(6, kReport);
  execution.kind = ExitKind::kSanitizer;
  const Failure failure = FailureOf(execution, 1);
  EXPECT_EQ(failure.what, "undefined-behavior");
  EXPECT_EQ(failure.frames, std::vector<std::string>{"a/x.c:15:28"});
  EXPECT_EQ(failure.message,
            "signed integer overflow: 2147483647 + 1 at a/x.c:15:28");
}

TEST(FailureTest, TellsDefectsInMainApart) {
  const auto report = [](const char* place) {
    return Concat("==1==ERROR: AddressSanitizer: SEGV on unknown address 0x0\n",
                  "    #0 0x55 in main (/tmp/x+", place, ") (BuildId: b)\n");
  };
  const std::string first = report("0x10");
  const std::string second = report("0x20");
  const Failure a = FailureOf(Crashed(6, first.c_str()), 1);
  const Failure b = FailureOf(Crashed(6, second.c_str()), 1);
  EXPECT_EQ(a.what, "SEGV");
  EXPECT_EQ(a.frames, std::vector<std::string>{"main x+0x10"});
  EXPECT_EQ(a.message, "in main x+0x10");
  EXPECT_NE(a.Likeness(), b.Likeness());
}

TEST(FailureTest, TellsDefectsInATestFunctionApart) {
  const auto report = [](const char* line) {
    return Concat("==1==ERROR: AddressSanitizer: heap-buffer-overflow on 0x6\n",
                  "    #0 0x55 in LLVMFuzzerTestOneInput /src/t.c:", line, "\n",
                  "    #1 0x66 in main /src/driver.c:9:3\n");
  };
  const std::string first = report("3:1");
  const std::string second = report("8:1");
  const Failure a = FailureOf(Crashed(6, first), 1);
  const Failure b = FailureOf(Crashed(6, second), 1);
  EXPECT_EQ(a.frames,
            std::vector<std::string>{"LLVMFuzzerTestOneInput t.c:3:1"});
  EXPECT_NE(a.Likeness(), b.Likeness());
}

}  // namespace
}  // namespace formfuzz::campaign

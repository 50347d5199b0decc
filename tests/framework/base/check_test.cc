// SPDX-License-Identifier: Apache-2.0
// A failed check ends the process as a broken harness and as nothing else.
#include "framework/base/check.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace formfuzz {
namespace {

TEST(CheckDeathTest, EndsWithItsOwnExitCodeAndOneLine) {
  EXPECT_EXIT(FORMFUZZ_CHECK(1 + 1 == 3, "sums must add up"),
              testing::ExitedWithCode(kHarnessBrokenExit),
              "^formfuzz: harness_broken: sums must add up "
              "\\(.*check_test.cc:[0-9]+\\)\n$");
}

TEST(CheckDeathTest, RunsNoExitHandler) {
  EXPECT_EXIT(
      {
        std::atexit([] { std::_Exit(1); });
        HarnessBroken("file.cc", 7, "no handler may see this");
      },
      testing::ExitedWithCode(kHarnessBrokenExit), "file.cc:7");
}

TEST(CheckTest, PassesSilentlyAndEvaluatesOnce) {
  int evaluations = 0;
  FORMFUZZ_CHECK(++evaluations == 1, "holds");
  EXPECT_EQ(evaluations, 1);
}

}  // namespace
}  // namespace formfuzz

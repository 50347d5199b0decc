// SPDX-License-Identifier: Apache-2.0
// Unmodified programs with a sanitizer in a shared library, which wants to be
// the first of all, and looks at what is read by memcpy.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "campaign/process/comparison.h"
#include "tests/campaign/process/executors/programs.h"

#ifdef FORMFUZZ_SANITIZED

namespace formfuzz::campaign {
namespace {

TEST(SanitizedTest, AZygoteForksIt) {
  const auto executor =
      Made(OptionsFor({FORMFUZZ_SANITIZED}, ExecutorKind::kZygote));
  ASSERT_NE(executor, nullptr);
  Execution execution;
  ASSERT_TRUE(executor->Run(InputOf("xyxy"), execution).ok());
  EXPECT_EQ(execution.kind, ExitKind::kExited);
  EXPECT_EQ(execution.output, "2 of x\n");
  ASSERT_TRUE(executor->Run(InputOf("past"), execution).ok());
  EXPECT_EQ(execution.kind, ExitKind::kSanitizer);
  EXPECT_NE(execution.errors.find("heap-buffer-overflow"),
            std::string_view::npos)
      << execution.errors;
}

TEST(SanitizedTest, ATracedRunEndsAsOthersDo) {
  const auto executor =
      Made(OptionsFor({FORMFUZZ_SANITIZED}, ExecutorKind::kZygote));
  ASSERT_NE(executor, nullptr);
  if (!executor->AffordsTrace()) GTEST_SKIP() << "nothing is traced here";
  Execution execution;
  std::vector<Comparison> comparisons;
  ASSERT_TRUE(
      executor->RunTraced(InputOf("xyxy"), execution, comparisons).ok());
  EXPECT_EQ(execution.kind, ExitKind::kExited) << execution.errors;
  EXPECT_EQ(execution.output, "2 of x\n");
  EXPECT_TRUE(std::any_of(comparisons.begin(), comparisons.end(),
                          [](const Comparison& one) {
                            return one.left == "past" || one.right == "past";
                          }));
}

}  // namespace
}  // namespace formfuzz::campaign

#endif

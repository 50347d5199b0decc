// SPDX-License-Identifier: Apache-2.0
// What `run -- PROGRAM` shows, letter by letter.

#include "cli/text/program_text.h"

#include <gtest/gtest.h>

namespace formfuzz::cli {
namespace {

TEST(ProgramTextTest, NamesWhatItCounts) {
  campaign::Statistics now;
  now.run_ns = 60'000'000'000;
  now.executions = 6'000;
  now.features = 1234;
  now.corpus = 7;
  EXPECT_EQ(ProgressText(now),
            "60s  6,000 runs  100/s  classes 1,234  corpus 7  findings 0");
  now.cells = 4096;
  EXPECT_EQ(ProgressText(now),
            "60s  6,000 runs  100/s  edges 1,234  corpus 7  findings 0");
}

}  // namespace
}  // namespace formfuzz::cli

// SPDX-License-Identifier: Apache-2.0
// Counts are exact where they are counted at all.
#include "framework/observe/step_meter.h"

#include <gtest/gtest.h>

#include <memory>

namespace formfuzz {
namespace {

// An allocation that nobody sees may be left out.
void Show(const void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

void Spin(int rounds) {
  for (volatile int i = 0; i < rounds;) i = i + 1;
}

TEST(StepMeterTest, CountsAllocationsAndTheirBytes) {
  if (!StepMeter::counts_allocations()) GTEST_SKIP() << "nobody counts them";
  StepMeter meter;
  meter.Begin();
  const auto kept = std::make_unique<char[]>(1000);
  Show(kept.get());
  Show(std::make_unique<char[]>(234).get());
  const StepCost cost = meter.End();
  EXPECT_EQ(cost.allocations, 2u);
  EXPECT_EQ(cost.bytes, 1234u);
  meter.Begin();
  EXPECT_EQ(meter.End().bytes, 0u);
}

TEST(StepMeterTest, CountsInstructionsOfThisThread) {
  StepMeter meter;
  if (!meter.counts_instructions()) GTEST_SKIP() << "nobody counts them";
  const auto cost_of = [&](int rounds) {
    meter.Begin();
    Spin(rounds);
    return meter.End().instructions;
  };
  const uint64_t few = cost_of(10'000);
  const uint64_t many = cost_of(100'000);
  EXPECT_GT(many, 8 * few);
  EXPECT_LT(many, 12 * few);
}

}  // namespace
}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// A component's own points: nothing without a plan, the plan's otherwise.
#undef FORMFUZZ_FUZZING
#define FORMFUZZ_FUZZING 1
#include "framework/fault/fault_point.h"

#include <gtest/gtest.h>

#include "framework/fault/fault_plan.h"

namespace formfuzz {
namespace {

// As production code has them.
int Send(int packets) {
  FORMFUZZ_FAULT_SCOPE("net.send_all");
  int sent = 0;
  for (int i = 0; i < packets; ++i) {
    const FaultShown fault =
        FORMFUZZ_FAULT("net.send", FaultKind::kDrop, FaultKind::kDuplicate);
    if (fault.Is(FaultKind::kDrop)) continue;
    if (fault.Is(FaultKind::kError)) return -1;
    sent += fault.Is(FaultKind::kDuplicate) ? 2 : 1;
  }
  return sent;
}

class ComponentPointTest : public testing::Test {
 protected:
  ComponentPointTest() {
    plan_.SetPoints({"net.receive", "net.send"});
    plan_.SetScopes({"net.send_all"});
  }

  int SendUnder(FaultKind kind, uint16_t hit, uint8_t scope = 0) {
    const std::vector<Fault> faults = {
        {1, kind, hit, 0, FaultTrigger::kAt, scope}};
    plan_.Begin(faults);
    const int sent = Send(3);
    plan_.End();
    return sent;
  }

  FaultPlan plan_;
};

TEST_F(ComponentPointTest, AsUsualWithoutAPlan) { EXPECT_EQ(Send(3), 3); }

TEST_F(ComponentPointTest, ShowsWhatThePlanSays) {
  EXPECT_EQ(SendUnder(FaultKind::kDrop, 1), 2);
  EXPECT_EQ(SendUnder(FaultKind::kDuplicate, 2), 4);
  EXPECT_EQ(SendUnder(FaultKind::kError, 0), -1);
  EXPECT_EQ(SendUnder(FaultKind::kCorrupt, 0), -1) << "it cannot do that";
  EXPECT_EQ(SendUnder(FaultKind::kDrop, 3), 3) << "it is not reached so often";
  EXPECT_EQ(SendUnder(FaultKind::kDrop, 0, 1), 2);
  EXPECT_EQ(Send(3), 3) << "the run is over";
}

TEST_F(ComponentPointTest, APointThatNobodyDeclaredNeverFires) {
  const std::vector<Fault> faults = {
      {0, FaultKind::kError, 0, 0, FaultTrigger::kEvery}};
  plan_.Begin(faults);
  EXPECT_FALSE(FORMFUZZ_FAULT("net.listen"));
  EXPECT_TRUE(FORMFUZZ_FAULT("net.receive"));
  plan_.End();
}

TEST_F(ComponentPointTest, AScopeThatOutlivesItsPlanIsHarmless) {
  const std::vector<Fault> faults = {{1, FaultKind::kError, 0, 0}};
  plan_.Begin(faults);
  {
    FORMFUZZ_FAULT_SCOPE("net.send_all");
    plan_.End();
    FORMFUZZ_FAULT_SCOPE("net.send_all");
  }
  EXPECT_EQ(SendUnder(FaultKind::kDrop, 1, 1), 2);
}

}  // namespace
}  // namespace formfuzz

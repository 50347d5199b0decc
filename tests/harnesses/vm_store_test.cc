// SPDX-License-Identifier: Apache-2.0
// The real store survives a crash at every moment, and one on a disk that
// lies about syncing does not.
#include <gtest/gtest.h>

#include "harnesses/vm_store/subject.h"

namespace formfuzz {
namespace {

void DoSomeOfEverything(VmStore& store) {
  EXPECT_TRUE(store.PutAccount(1, 1000, false).ok());
  EXPECT_TRUE(store.PutVm(1, 1, 1024).ok());
  EXPECT_TRUE(store.PutVm(2, 2, 2048).ok());
  EXPECT_TRUE(store.PutFullVm(3, 3, {2, 3, 2, true}).ok());
  EXPECT_TRUE(store.PutProgress(4, 300).ok());
  EXPECT_TRUE(store.Reopen().ok());
  EXPECT_TRUE(store.PutFullVm(3, 4, {1, 1, 0, false}).ok());
  EXPECT_TRUE(store.PutNonce(1, 77, 500).ok());
  EXPECT_TRUE(store.Exchange(1, 2, 2).ok());
  EXPECT_TRUE(store.ForgetNonces(600).ok());
}

TEST(VmStoreTest, SurvivesACrashAtEveryMoment) {
  VmStore store;
  DoSomeOfEverything(store);
  EXPECT_EQ(store.HoldsWhatTheMockHolds(), "");
  EXPECT_EQ(store.JudgeCrashes(1 << 16), "");
}

TEST(VmStoreTest, DoesNotOnADiskThatLies) {
  VmStore store(/*disk_lies=*/true);
  DoSomeOfEverything(store);
  EXPECT_EQ(store.HoldsWhatTheMockHolds(), "") << "nothing crashed yet";
  EXPECT_NE(store.JudgeCrashes(1 << 16), "");
}

}  // namespace
}  // namespace formfuzz

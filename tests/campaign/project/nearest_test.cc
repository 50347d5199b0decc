// SPDX-License-Identifier: Apache-2.0
// Which names are suggested for one that does not exist.

#include "campaign/project/nearest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace formfuzz::campaign {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kNames = {"net_overlay", "vm_management",
                                         "vm_management_real"};

TEST(NearestTest, FindsTheNameBehindATypo) {
  EXPECT_THAT(NearestNames("vm_managment", kNames),
              ElementsAre("vm_management"));
}

TEST(NearestTest, FindsNamesThatHoldAPart) {
  EXPECT_THAT(NearestNames("management", kNames),
              ElementsAre("vm_management", "vm_management_real"));
}

TEST(NearestTest, PutsTheNearestFirst) {
  EXPECT_THAT(NearestNames("cot", {"dogs", "coat", "cat", "cob"}),
              ElementsAre("cat", "coat", "cob"));
}

TEST(NearestTest, IsSilentAboutNamesFarAway) {
  EXPECT_THAT(NearestNames("parser", kNames), IsEmpty());
  EXPECT_THAT(NearestNames("parser", {}), IsEmpty());
}

TEST(NearestTest, SuggestsNothingForAnEmptyName) {
  EXPECT_THAT(NearestNames("", kNames), IsEmpty());
}

}  // namespace
}  // namespace formfuzz::campaign

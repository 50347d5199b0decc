// SPDX-License-Identifier: Apache-2.0
// Levels and sets of grants: laws, defaults, bounds.
#include "generators/permissions.h"

#include "framework/domain/laws.h"
#include "gtest/gtest.h"

namespace formfuzz {
namespace {

TEST(PermissionsTest, DomainsObeyTheLaws) {
  EXPECT_EQ(CheckDomainLaws(GrantedLevels()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(PermissionSets()), absl::OkStatus());
}

TEST(PermissionsTest, NoBytesAreOneGrantThatCanBeGiven) {
  Arena arena;
  const PermissionSet set = SmallestOf(PermissionSets(), arena);
  ASSERT_EQ(set.size(), 1u);
  EXPECT_EQ(set[0].account, "bob");
  EXPECT_EQ(set[0].level, vm_manager::Level::kOperator);
}

TEST(PermissionsTest, SetsGrowToTheirBoundAndNotBeyond) {
  Arena arena;
  Random random(1);
  Mutation mutation(random, arena);
  PermissionSet set = SmallestOf(PermissionSets(), arena);
  size_t largest = 0;
  for (int i = 0; i < 1000; ++i) {
    PermissionSets().Mutate(set, mutation);
    ASSERT_GE(set.size(), 1u);
    largest = std::max(largest, set.size());
  }
  EXPECT_EQ(largest, kPermissionsMax);
}

}  // namespace
}  // namespace formfuzz

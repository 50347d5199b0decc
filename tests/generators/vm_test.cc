// SPDX-License-Identifier: Apache-2.0
// Specifications: laws, defaults, and how many are valid.
#include "generators/vm.h"

#include "components/vm_manager/request/arguments.h"
#include "framework/domain/laws.h"
#include "gtest/gtest.h"

namespace formfuzz {
namespace {

TEST(VmTest, DomainsObeyTheLaws) {
  EXPECT_EQ(CheckDomainLaws(VmSpecs()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(ShapeSpecs()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(Quotas()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(SnapshotNames()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(HostNames()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(QuotaBases()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(OfferLifetimes()), absl::OkStatus());
}

TEST(VmTest, NoBytesAreAValidVm) {
  Arena arena;
  const VmSpec spec = SmallestOf(VmSpecs(), arena);
  EXPECT_TRUE(vm_manager::AreValidArguments(ToCreate(spec)));
  EXPECT_EQ(spec.name, "web");
}

TEST(VmTest, TheLargestShapeIsValidAndMutationReachesIt) {
  const vm_manager::Operation resize =
      vm_manager::ResizeVm{1, ToShape(LargestShape())};
  EXPECT_TRUE(vm_manager::AreValidArguments(resize));
  Arena arena;
  Random random(2);
  Mutation mutation(random, arena);
  ShapeSpec shape = SmallestOf(ShapeSpecs(), arena);
  bool reached = false;
  for (int i = 0; i < 1000; ++i) {
    ShapeSpecs().Mutate(shape, mutation);
    reached |= ToShape(shape) == ToShape(LargestShape());
  }
  EXPECT_TRUE(reached);
}

// How many of `rounds` random specifications the manager takes.
size_t CountValid(size_t rounds) {
  Arena arena;
  Random random(1);
  size_t valid = 0;
  for (size_t i = 0; i < rounds; ++i) {
    std::array<uint8_t, 16> bytes;
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.Next());
    ByteSource in(bytes, arena);
    valid += vm_manager::AreValidArguments(ToCreate(VmSpecs().Decode(in)));
  }
  return valid;
}

TEST(VmTest, SomeRandomBytesAreValidVmsAndSomeAreNot) {
  const size_t valid = CountValid(10'000);
  EXPECT_GT(valid, 500u);
  EXPECT_LT(valid, 9'500u);
}

}  // namespace
}  // namespace formfuzz

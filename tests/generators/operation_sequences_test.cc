// SPDX-License-Identifier: Apache-2.0
// Sequences: laws, bounds, reach.
#include "generators/operation_sequences.h"

#include <set>
#include <string>

#include "framework/domain/laws.h"
#include "gtest/gtest.h"

namespace formfuzz {
namespace {

TEST(OperationSequencesTest, ObeyTheLaws) {
  EXPECT_EQ(CheckDomainLaws(OperationSequences()), absl::OkStatus());
}

TEST(OperationSequencesTest, MutationReachesSequencesOfAllSizes) {
  Arena arena;
  Random random(1);
  Mutation mutation(random, arena);
  const auto domain = OperationSequences();
  OperationSequence sequence = SmallestOf(domain, arena);
  std::set<size_t> sizes;
  std::set<std::string> names;
  for (int i = 0; i < 2000; ++i) {
    domain.Mutate(sequence, mutation);
    sizes.insert(sequence.names.size());
    for (const std::string_view name : sequence) names.emplace(name);
  }
  EXPECT_EQ(*sizes.begin(), 2u);
  EXPECT_EQ(*sizes.rbegin(), kSequenceMax);
  for (const char* name : {"create", "offer", "accept", "revert", "share"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace formfuzz

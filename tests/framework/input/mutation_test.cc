// SPDX-License-Identifier: Apache-2.0
// Leaf bytes change within their bounds, with an engine and without.
#include "framework/input/mutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace formfuzz {
namespace {

constexpr size_t kRoom = 16;
constexpr uint8_t kGuard = 0xcd;

struct Bounds {
  size_t size;
  size_t size_min;
  size_t size_max;
};
constexpr Bounds kBounds[] = {{0, 0, 0}, {0, 0, 16}, {16, 16, 16},
                              {5, 5, 5}, {4, 2, 9},  {9, 2, 9},
                              {2, 2, 9}, {1, 0, 1},  {16, 0, 16}};

void ExpectKeepsBounds(BytesMutator engine) {
  Random random(7);
  Arena arena;
  for (const Bounds& bounds : kBounds) {
    for (int round = 0; round < 2000; ++round) {
      std::array<uint8_t, kRoom + 8> bytes;
      bytes.fill(kGuard);
      Mutation mutation(random, arena, engine);
      const size_t size = mutation.MutateBytes(
          bytes.data(), bounds.size, bounds.size_min, bounds.size_max);
      ASSERT_GE(size, bounds.size_min);
      ASSERT_LE(size, bounds.size_max);
      ASSERT_EQ(
          std::count(bytes.begin() + bounds.size_max, bytes.end(), kGuard),
          static_cast<ptrdiff_t>(bytes.size() - bounds.size_max))
          << "wrote behind its room";
    }
  }
}

// As engines may: shrinks to nothing, or fills all there is.
size_t Empties(uint8_t*, size_t, size_t) { return 0; }
size_t Fills(uint8_t* bytes, size_t, size_t size_max) {
  std::fill_n(bytes, size_max, uint8_t{1});
  return size_max;
}

TEST(MutationTest, KeepsBoundsWithoutAnEngine) { ExpectKeepsBounds(nullptr); }
TEST(MutationTest, KeepsBoundsWithAnEngineThatEmpties) {
  ExpectKeepsBounds(Empties);
}
TEST(MutationTest, KeepsBoundsWithAnEngineThatFills) {
  ExpectKeepsBounds(Fills);
}

TEST(MutationTest, ZeroesWhatAnEngineRemovedBelowTheMinimum) {
  Random random(1);
  Arena arena;
  for (int round = 0; round < 50; ++round) {
    Mutation mutation(random, arena, Empties);
    std::array<uint8_t, 3> bytes = {9, 9, 9};
    ASSERT_EQ(mutation.MutateBytes(bytes.data(), 3, 3, 3), 3u);
    if (bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 0) return;
  }
  FAIL() << "the engine was never asked";
}

TEST(MutationTest, ReachesEverySizeAndEveryByte) {
  Random random(5);
  Arena arena;
  Mutation mutation(random, arena);
  std::set<size_t> sizes;
  std::set<uint8_t> values;
  std::array<uint8_t, 4> bytes{};
  size_t size = 0;
  for (int round = 0; round < 20'000; ++round) {
    size = mutation.MutateBytes(bytes.data(), size, 0, bytes.size());
    sizes.insert(size);
    if (size > 0) values.insert(bytes[0]);
  }
  EXPECT_EQ(sizes.size(), 5u);
  EXPECT_EQ(values.size(), 256u);
}

}  // namespace
}  // namespace formfuzz

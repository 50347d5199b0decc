// SPDX-License-Identifier: Apache-2.0
// The arena: alignment, reuse, order of destruction, and that what was given
// back is caught when it is used.
#include "framework/base/arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace formfuzz {
namespace {

bool IsAligned(const void* at, size_t alignment) {
  return reinterpret_cast<uintptr_t>(at) % alignment == 0;
}

TEST(ArenaTest, AlignsEveryAllocation) {
  Arena arena;
  for (size_t round = 0; round < 3000; ++round) {
    for (const size_t alignment : {1, 2, 4, 8, 16}) {
      void* at = arena.Allocate(1 + round % 40, alignment);
      ASSERT_TRUE(IsAligned(at, alignment)) << alignment;
    }
  }
}

TEST(ArenaTest, KeepsAllocationsApart) {
  Arena arena;
  std::vector<std::span<uint8_t>> pieces;
  for (size_t i = 0; i < 5000; ++i) {
    pieces.push_back(arena.NewArray<uint8_t>(i % 97));
    std::fill(pieces[i].begin(), pieces[i].end(), static_cast<uint8_t>(i));
  }
  for (size_t i = 0; i < pieces.size(); ++i) {
    for (const uint8_t byte : pieces[i]) {
      ASSERT_EQ(byte, static_cast<uint8_t>(i)) << i;
    }
  }
}

TEST(ArenaTest, ServesMoreThanABlockAtOnce) {
  Arena arena;
  const std::span<uint64_t> large = arena.NewArray<uint64_t>(1 << 20);
  EXPECT_EQ(std::count(large.begin(), large.end(), 0u), 1 << 20);
  large.back() = 1;
  EXPECT_GE(arena.used(), large.size_bytes());
}

TEST(ArenaTest, ZeroesArraysInMemoryUsedBefore) {
  Arena arena;
  std::memset(arena.Allocate(512, 1), 0xab, 512);
  arena.Reset();
  const std::span<uint8_t> again = arena.NewArray<uint8_t>(512);
  EXPECT_EQ(std::count(again.begin(), again.end(), 0), 512);
}

TEST(ArenaTest, UsesTheSameMemoryInEveryRun) {
  Arena arena;
  const auto run = [&] {
    std::vector<void*> places;
    for (size_t i = 0; i < 40; ++i) places.push_back(arena.Allocate(9000, 8));
    arena.Reset();
    return places;
  };
  const std::vector<void*> first = run();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run(), first);
}

TEST(ArenaTest, CountsWhatWasHandedOutSinceTheReset) {
  Arena arena;
  EXPECT_EQ(arena.used(), 0u);
  arena.Allocate(100, 1);
  EXPECT_EQ(arena.used(), 100u);
  for (int i = 0; i < 3; ++i) arena.Allocate(40 << 10, 1);
  EXPECT_GE(arena.used(), (120u << 10) + 100u);
  arena.Reset();
  EXPECT_EQ(arena.used(), 0u);
}

struct Logged {
  Logged(std::vector<int>& log, int name) : log_(log), name_(name) {}
  ~Logged() { log_.push_back(name_); }
  std::vector<int>& log_;
  int name_;
};

TEST(ArenaTest, DestroysNewestFirstAndOnce) {
  std::vector<int> log;
  {
    Arena arena;
    for (int i = 0; i < 3; ++i) arena.New<Logged>(log, i);
    arena.Reset();
    EXPECT_EQ(log, (std::vector<int>{2, 1, 0}));
    arena.Reset();
    EXPECT_EQ(log.size(), 3u);
    arena.New<Logged>(log, 7);
  }
  EXPECT_EQ(log, (std::vector<int>{2, 1, 0, 7}));
}

TEST(ArenaTest, CopiesBytesWithAGuard) {
  Arena arena;
  const std::vector<uint8_t> source = {1, 2, 3};
  const std::span<uint8_t> first = arena.CopyGuarded(source);
  arena.CopyGuarded(source)[2] = 9;
  EXPECT_TRUE(
      std::equal(first.begin(), first.end(), source.begin(), source.end()));
  EXPECT_TRUE(arena.CopyGuarded({}).empty());
}

TEST(ArenaTest, CopiesTextThatOutlivesItsSource) {
  Arena arena;
  std::string source = "alice";
  const std::string_view copy = arena.Copy(source);
  source.assign("xxxxx");
  EXPECT_EQ(copy, "alice");
  EXPECT_EQ(arena.Copy(""), "");
}

class ArenaDeathTest : public testing::Test {
 protected:
  void SetUp() override {
    if (&__asan_poison_memory_region == nullptr) GTEST_SKIP() << "no ASan";
  }
};

TEST_F(ArenaDeathTest, CatchesAViewThatOutlivesItsRun) {
  Arena arena;
  const std::string_view view = arena.Copy("a view into a run");
  const volatile char* text = view.data();
  EXPECT_EQ(text[0], 'a');
  arena.Reset();
  EXPECT_DEATH((void)text[0], "use-after-poison");
}

TEST_F(ArenaDeathTest, CatchesAViewIntoAnEarlierBlock) {
  Arena arena;
  const volatile char* text = arena.Copy("in the first block").data();
  for (int i = 0; i < 4; ++i) arena.Allocate(40 << 10, 8);
  arena.Reset();
  EXPECT_DEATH((void)text[0], "use-after-poison");
}

TEST_F(ArenaDeathTest, CatchesAReadBehindTheLastAllocation) {
  Arena arena;
  const volatile uint8_t* bytes = arena.NewArray<uint8_t>(64).data();
  EXPECT_DEATH((void)bytes[64], "use-after-poison");
}

TEST_F(ArenaDeathTest, CatchesAReadBehindAGuardedCopyOfAnySize) {
  Arena arena;
  const std::vector<uint8_t> source(40, 7);
  for (size_t size = 1; size < source.size(); ++size) {
    const volatile uint8_t* bytes =
        arena.CopyGuarded({source.data(), size}).data();
    arena.CopyGuarded(source);  // so that something follows
    EXPECT_EQ(bytes[size - 1], 7);
    if (size > 4 && size % 8 != 0) continue;  // each takes a process
    EXPECT_DEATH((void)bytes[size], "use-after-poison") << size;
  }
}

}  // namespace
}  // namespace formfuzz

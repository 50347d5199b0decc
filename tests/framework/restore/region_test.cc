// SPDX-License-Identifier: Apache-2.0
// A region comes back byte for byte, however it does so.
#include "framework/restore/region.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/recycled.h"

namespace formfuzz {
namespace {

class RegionTest : public testing::TestWithParam<Region::Method> {
 protected:
  Region region_{GetParam()};
};

TEST_P(RegionTest, RestoresWhatWasSaved) {
  constexpr size_t kSize = 300'000;
  auto* saved = static_cast<char*>(region_.Allocate(kSize, 8));
  for (size_t i = 0; i < kSize; ++i) saved[i] = static_cast<char>(i * 7);
  region_.Save();
  const size_t used = region_.used();
  for (int round = 0; round < 3; ++round) {
    for (size_t i = static_cast<size_t>(round); i < kSize; i += 5000) {
      saved[i] = 'x';
    }
    auto* later = static_cast<char*>(region_.Allocate(kSize, 8));
    std::memset(later, 'y', kSize);
    region_.Restore();
    EXPECT_EQ(region_.used(), used);
    for (size_t i = 0; i < kSize; ++i) {
      ASSERT_EQ(saved[i], static_cast<char>(i * 7)) << i;
    }
  }
}

TEST_P(RegionTest, AlignsAndRemembersSizes) {
  for (const size_t alignment : {1, 8, 16, 64, 4096}) {
    void* memory = region_.Allocate(alignment + 3, alignment);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % alignment, 0u);
    EXPECT_EQ(Region::SizeOf(memory), alignment + 3);
    EXPECT_TRUE(Region::Holds(memory));
  }
  const int outside = 0;
  EXPECT_FALSE(Region::Holds(&outside));
  EXPECT_FALSE(Region::Holds(nullptr));
}

TEST_P(RegionTest, TakesEveryKindOfAllocationWhileAScopeStands) {
  ASSERT_TRUE(HasRegionMemory());
  const RegionScope inside(&region_);
  const auto number = std::make_unique<int>(3);
  EXPECT_TRUE(Region::Holds(number.get()));
  const std::string text(100, 'x');
  EXPECT_TRUE(Region::Holds(text.data()));
  void* memory = std::malloc(10);
  std::memcpy(memory, "123456789", 10);
  memory = std::realloc(memory, 1000);
  EXPECT_TRUE(Region::Holds(memory));
  EXPECT_STREQ(static_cast<char*>(memory), "123456789");
  std::free(memory);
  const auto* zeros = static_cast<char*>(std::calloc(10, 10));
  EXPECT_TRUE(Region::Holds(zeros));
  EXPECT_EQ(std::string(zeros, 100), std::string(100, '\0'));
  {
    const HeapScope own;
    const auto kept = std::make_unique<int>(4);
    EXPECT_FALSE(Region::Holds(kept.get()));
  }
}

TEST_P(RegionTest, ContainersComeBack) {
  std::map<int, std::string>* names = nullptr;
  {
    const RegionScope inside(&region_);
    names = new std::map<int, std::string>();
    for (int i = 0; i < 500; ++i) (*names)[i] = std::string(40, 'a');
  }
  region_.Save();
  for (int round = 0; round < 3; ++round) {
    const RegionScope inside(&region_);
    EXPECT_EQ(names->size(), 500u);
    EXPECT_EQ(names->at(7), std::string(40, 'a'));
    names->erase(7);
    (*names)[900 + round] = std::string(400, 'b');
    (*names)[8] += "changed";
    const HeapScope judging;
    region_.Restore();
  }
  EXPECT_FALSE(names->contains(900));
}

struct Kept {
  void Clear() { numbers.clear(); }
  std::vector<int> numbers;
};

TEST_P(RegionTest, NothingIsRecycledInside) {
  {
    Recycled<Kept>()->numbers.assign(500, 1);
  }
  ASSERT_GE(Recycled<Kept>()->numbers.capacity(), 500u);
  {
    const RegionScope inside(&region_);
    Recycled<Kept> made;
    EXPECT_EQ(made->numbers.capacity(), 0u);
    const HeapScope judging;
    EXPECT_GE(Recycled<Kept>()->numbers.capacity(), 500u);
  }
  EXPECT_GE(Recycled<Kept>()->numbers.capacity(), 500u);
}

std::string NameOf(const testing::TestParamInfo<Region::Method>& row) {
  constexpr const char* kNames[] = {"ByCost", "Copy", "Remap"};
  return kNames[static_cast<size_t>(row.param)];
}
INSTANTIATE_TEST_SUITE_P(Methods, RegionTest,
                         testing::Values(Region::Method::kByCost,
                                         Region::Method::kCopy,
                                         Region::Method::kRemap),
                         NameOf);

}  // namespace
}  // namespace formfuzz

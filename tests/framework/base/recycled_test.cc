// SPDX-License-Identifier: Apache-2.0
// That room comes back, and nothing that was in it.
#include "framework/base/recycled.h"

#include <vector>

#include "gtest/gtest.h"

namespace formfuzz {
namespace {

struct Numbers {
  std::vector<int> list;
  void Clear() { list.clear(); }
};

TEST(RecycledTest, GivesRoomBackEmpty) {
  const int* room = nullptr;
  {
    Recycled<Numbers> first;
    first->list.assign(100, 7);
    room = first->list.data();
  }
  Recycled<Numbers> second;
  EXPECT_TRUE(second->list.empty());
  EXPECT_GE(second->list.capacity(), 100u);
  second->list.push_back(1);
  EXPECT_EQ(second->list.data(), room);
}

TEST(RecycledTest, GivesEachHolderItsOwn) {
  Recycled<Numbers> first;
  Recycled<Numbers> second;
  first->list.push_back(1);
  EXPECT_TRUE(second->list.empty());
}

}  // namespace
}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// Byte source and sink: inverse of each other, and total at the end.
#include "framework/input/byte_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "framework/input/byte_sink.h"

namespace formfuzz {
namespace {

using testing::ElementsAre;

std::vector<uint8_t> BytesOf(const ByteSink& sink) {
  return {sink.bytes().begin(), sink.bytes().end()};
}

TEST(ByteSourceTest, ReadsLittleEndian) {
  Arena arena;
  const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07};
  ByteSource in(bytes, arena);
  EXPECT_EQ(in.Fixed<1>(), 0x01u);
  EXPECT_EQ(in.Fixed<2>(), 0x0302u);
  EXPECT_EQ(in.Fixed<4>(), 0x07060504u);
  EXPECT_EQ(in.left(), 0u);
}

TEST(ByteSourceTest, GivesZeroOnceExhausted) {
  Arena arena;
  ByteSource in({}, arena);
  EXPECT_EQ(in.Fixed<1>(), 0u);
  EXPECT_EQ(in.Fixed<8>(), 0u);
  EXPECT_EQ(in.Masked(8, UINT64_MAX), 0u);
  EXPECT_TRUE(in.Take(10).empty());
  EXPECT_EQ(in.left(), 0u);
}

TEST(ByteSourceTest, ReadsWhatIsMissingOfAWordAsZero) {
  Arena arena;
  const uint8_t bytes[] = {0xaa, 0xbb, 0xcc};
  ByteSource in(bytes, arena);
  EXPECT_EQ(in.Fixed<8>(), 0xccbbaau);
  EXPECT_EQ(in.left(), 0u);
}

TEST(ByteSourceTest, MaskedReadsTheSameNearTheEndAsBefore) {
  Arena arena;
  const uint8_t bytes[] = {0x11, 0x22, 0xff, 0xff, 0xff,
                           0xff, 0xff, 0xff, 0x11, 0x22};
  ByteSource in(bytes, arena);
  EXPECT_EQ(in.Masked(2, 0xffff), 0x2211u);
  in.Take(6);
  EXPECT_EQ(in.left(), 2u);
  EXPECT_EQ(in.Masked(2, 0xffff), 0x2211u);
}

TEST(ByteSourceTest, TakesViewsIntoTheInput) {
  Arena arena;
  const uint8_t bytes[] = {1, 2, 3};
  ByteSource in(bytes, arena);
  const Bytes first = in.Take(2);
  EXPECT_EQ(first.data(), bytes);
  EXPECT_THAT(first, ElementsAre(1, 2));
  EXPECT_THAT(in.Take(99), ElementsAre(3));
}

TEST(ByteSinkTest, IsTheInverseOfTheSource) {
  ByteSink out;
  for (uint64_t i = 0; i < 1000; ++i) {
    out.Fixed<1>(i);
    out.Fixed<2>(i * 3);
    out.Fixed<4>(i * 0x10001);
    out.Fixed<8>(i * 0x0123456789abcdef);
    out.Put(AsBytes("xyz"));
  }
  Arena arena;
  ByteSource in(out.bytes(), arena);
  for (uint64_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(in.Fixed<1>(), i & 0xff);
    ASSERT_EQ(in.Fixed<2>(), i * 3);
    ASSERT_EQ(in.Fixed<4>(), i * 0x10001);
    ASSERT_EQ(in.Fixed<8>(), i * 0x0123456789abcdef);
    ASSERT_EQ(AsText(in.Take(3)), "xyz");
  }
  EXPECT_EQ(in.left(), 0u);
}

TEST(ByteSinkTest, WritesNoMoreThanTheWidth) {
  ByteSink out;
  out.Fixed<2>(0x123456789abcdef0);
  out.Fixed(1, 0x1ff);
  EXPECT_THAT(BytesOf(out), ElementsAre(0xf0, 0xde, 0xff));
}

TEST(ByteSinkTest, PatchesAndInsertsInTheMiddle) {
  ByteSink out;
  out.Put(AsBytes("adc"));
  out.Patch(1, 'b');
  out.Insert(0, '<');
  out.Insert(4, '>');
  EXPECT_EQ(AsText(out.bytes()), "<abc>");
}

TEST(ByteSinkTest, InsertsWhenThereIsNoRoomLeft) {
  ByteSink out;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    out.Insert(out.size() / 2, static_cast<uint8_t>('a' + i % 26));
    expected.insert(expected.size() / 2, 1, static_cast<char>('a' + i % 26));
    ASSERT_EQ(AsText(out.bytes()), expected);
  }
}

TEST(ByteSinkTest, IsEmptyAfterClearAndFillsAgain) {
  ByteSink out;
  out.Put(AsBytes("before"));
  out.Clear();
  EXPECT_EQ(out.size(), 0u);
  out.Put({});
  out.Fixed<1>(9);
  EXPECT_THAT(BytesOf(out), ElementsAre(9));
}

}  // namespace
}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// The parts of a session by themselves: replays, epochs, what waits to be
// sent, what is put together.
#include <vector>

#include "components/overlay/session/epoch.h"
#include "components/overlay/session/inbox.h"
#include "components/overlay/session/outbox.h"
#include "gtest/gtest.h"

namespace overlay {
namespace {

TEST(ReplayWindowTest, EveryCounterPassesOnce) {
  ReplayWindow window;
  for (const uint64_t counter : {0, 5, 3, 70, 69, 7}) {
    EXPECT_TRUE(window.WouldAccept(counter)) << counter;
    window.Note(counter);
    EXPECT_FALSE(window.WouldAccept(counter)) << counter;
  }
}

TEST(ReplayWindowTest, WhatIsFurtherBehindThanTheWindowIsRefused) {
  ReplayWindow window;
  window.Note(100);
  EXPECT_TRUE(window.WouldAccept(100 - ReplayWindow::kWidth + 1));
  EXPECT_FALSE(window.WouldAccept(100 - ReplayWindow::kWidth));
  window.Note(1'000'000);
  EXPECT_FALSE(window.WouldAccept(100));
  EXPECT_TRUE(window.WouldAccept(999'999));
}

Epoch EpochOf(uint32_t index) {
  Epoch epoch;
  epoch.local_index = index;
  return epoch;
}

TEST(EpochsTest, AProposedOneIsUsedOnceItIsConfirmed) {
  Epochs epochs;
  epochs.Adopt(EpochOf(1));
  epochs.Propose(EpochOf(2));
  EXPECT_EQ(epochs.current()->local_index, 1u);
  EXPECT_FALSE(epochs.Confirm(1));
  EXPECT_TRUE(epochs.Confirm(2));
  EXPECT_EQ(epochs.current()->local_index, 2u);
  EXPECT_EQ(epochs.previous()->local_index, 1u);
  EXPECT_TRUE(epochs.Knows(1));
}

// Two handshakes that cross leave each end with one that it began and one that
// it answered, and it must not forget the latter.
TEST(EpochsTest, OnlyThoseOfOtherStreamsAreForgotten) {
  Epochs epochs;
  epochs.Adopt(EpochOf(1));
  Epoch fresh = EpochOf(2);
  fresh.remote_stream = 7;
  epochs.Propose(fresh);
  fresh.local_index = 3;
  epochs.Adopt(fresh);
  epochs.ForgetOtherStreams(7);
  EXPECT_FALSE(epochs.Knows(1));
  EXPECT_TRUE(epochs.Knows(2));
  EXPECT_TRUE(epochs.Knows(3));
}

class StreamTest : public testing::Test {
 protected:
  std::vector<FragmentFrame> Due(int64_t now_ms) {
    std::vector<FragmentFrame> due;
    outbox_.SendDue(settings_, now_ms,
                    [&](const FragmentFrame& frame) { due.push_back(frame); });
    return due;
  }
  std::vector<size_t> DeliveredSizes() {
    std::vector<size_t> sizes;
    while (const auto message = inbox_.Next()) sizes.push_back(message->size());
    return sizes;
  }

  Settings settings_;
  Outbox outbox_;
  Inbox inbox_;
};

TEST_F(StreamTest, MessagesAreCutAndPutTogetherInAnyOrder) {
  ASSERT_TRUE(outbox_.Add(std::vector<uint8_t>(2500, 1)));
  ASSERT_TRUE(outbox_.Add(std::vector<uint8_t>(10, 2)));
  auto frames = Due(0);
  ASSERT_EQ(frames.size(), 4u);
  for (size_t i = frames.size(); i-- > 0;) {
    EXPECT_TRUE(inbox_.Take(frames[i]));
    EXPECT_TRUE(inbox_.Take(frames[i]));
  }
  EXPECT_EQ(DeliveredSizes(), (std::vector<size_t>{2500, 10}));
  EXPECT_EQ(inbox_.Ack().next, 2u);
}

TEST_F(StreamTest, PausesGrowUntilSomethingIsAcknowledged) {
  outbox_.Add(std::vector<uint8_t>(1, 1));
  EXPECT_EQ(Due(0).size(), 1u);
  EXPECT_EQ(outbox_.DeadlineMs(), settings_.repeat_first_ms);
  EXPECT_EQ(Due(settings_.repeat_first_ms - 1).size(), 0u);
  EXPECT_EQ(Due(settings_.repeat_first_ms).size(), 1u);
  EXPECT_EQ(outbox_.DeadlineMs(), 3 * settings_.repeat_first_ms);
}

TEST_F(StreamTest, AcknowledgementsAheadAreKept) {
  for (int i = 0; i < 3; ++i) outbox_.Add(std::vector<uint8_t>(1, 1));
  const auto frames = Due(0);
  inbox_.Take(frames[1]);
  inbox_.Take(frames[2]);
  EXPECT_TRUE(outbox_.Acknowledge(inbox_.Ack(), settings_, 1));
  EXPECT_EQ(outbox_.size(), 3u);
  const auto again = Due(settings_.repeat_first_ms);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].message, 0u);
  EXPECT_TRUE(outbox_.Acknowledge({3, 0}, settings_, 2));
  EXPECT_EQ(outbox_.size(), 0u);
}

TEST_F(StreamTest, WhatWasNeverSentCannotBeAcknowledged) {
  outbox_.Add(std::vector<uint8_t>(1, 1));
  EXPECT_FALSE(outbox_.Acknowledge({1, 0}, settings_, 0));
  EXPECT_EQ(outbox_.size(), 1u);
}

TEST_F(StreamTest, ANewBeginningKeepsWhatWasNeverSent) {
  for (uint32_t i = 0; i < kWindow + 2; ++i) {
    outbox_.Add(std::vector<uint8_t>(1, 1));
  }
  EXPECT_EQ(Due(0).size(), kWindow);
  EXPECT_EQ(outbox_.Restart(), kWindow);
  const auto frames = Due(0);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].message, 0u);
}

TEST_F(StreamTest, TheOutboxIsBounded) {
  for (size_t i = 0; i < kOutboxMessagesMax; ++i) {
    EXPECT_TRUE(outbox_.Add(std::vector<uint8_t>(1, 1)));
  }
  EXPECT_FALSE(outbox_.Add(std::vector<uint8_t>(1, 1)));
}

struct FragmentCase {
  const char* name;
  uint16_t total;
  uint16_t offset;
  size_t size;
  bool taken;
};

class FragmentTest : public testing::TestWithParam<FragmentCase> {};

TEST_P(FragmentTest, IsTakenWhereItFits) {
  Inbox inbox;
  const std::vector<uint8_t> bytes(GetParam().size, 7);
  EXPECT_EQ(inbox.Take({0, GetParam().total, GetParam().offset, bytes}),
            GetParam().taken);
}

INSTANTIATE_TEST_SUITE_P(
    Fragments, FragmentTest,
    testing::Values(FragmentCase{"whole", 10, 0, 10, true},
                    FragmentCase{"first", 1025, 0, 1024, true},
                    FragmentCase{"last", 1025, 1024, 1, true},
                    FragmentCase{"short", 1025, 0, 1000, false},
                    FragmentCase{"long", 1025, 1024, 2, false},
                    FragmentCase{"between", 1025, 1, 1024, false},
                    FragmentCase{"behind", 1024, 1024, 1, false},
                    FragmentCase{"too_large", 4097, 0, 1024, false},
                    FragmentCase{"of_nothing", 0, 0, 1, false}),
    [](const auto& row) { return row.param.name; });

TEST_F(StreamTest, AnotherTotalForTheSameMessageIsRefused) {
  const std::vector<uint8_t> bytes(1024, 7);
  EXPECT_TRUE(inbox_.Take({0, 2048, 0, bytes}));
  EXPECT_FALSE(inbox_.Take({0, 4096, 1024, bytes}));
}

TEST_F(StreamTest, OldMessagesAreNotTakenForLaterOnes) {
  const std::vector<uint8_t> bytes(1, 7);
  EXPECT_TRUE(inbox_.Take({0, 1, 0, bytes}));
  EXPECT_EQ(DeliveredSizes().size(), 1u);
  EXPECT_TRUE(inbox_.Take({0, 1, 0, bytes}));
  EXPECT_EQ(inbox_.held_bytes(), 0u);
  EXPECT_TRUE(inbox_.Take({1 + kWindow, 1, 0, bytes}));
  EXPECT_EQ(inbox_.held_bytes(), 0u);
}

}  // namespace
}  // namespace overlay

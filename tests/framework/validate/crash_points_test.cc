// SPDX-License-Identifier: Apache-2.0
// A small journal on a recorded disk: written right it survives every crash;
// each way of writing it wrong is caught.
#include "framework/validate/crash/crash_points.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <vector>

#include "absl/status/status.h"
#include "framework/base/digest.h"

namespace formfuzz {
namespace {

enum class Plant {
  kNone,
  kNoSync,           // acknowledged before it is durable
  kCountFirst,       // the count of records is written before the record
  kNoChecksum,       // half a record is taken for a whole one
  kInPlace,          // the old state is overwritten
  kForgetsToReopen,  // does not know a journal that ends in the middle
};

constexpr char kJournal[] = "journal";
constexpr size_t kRecord = 16;  // a number and its digest

std::string RecordOf(uint64_t number) {
  const uint64_t digest = Mix(number);
  std::string record(kRecord, '\0');
  std::memcpy(record.data(), &number, 8);
  std::memcpy(record.data() + 8, &digest, 8);
  return record;
}

// Appends numbers; its state is the last one.
template <Plant kPlant>
class Journal {
 public:
  explicit Journal(RecordedDisk& disk) : disk_(disk) { Keep(0); }

  void Keep(uint64_t number) {
    const std::string record = RecordOf(number);
    if (kPlant == Plant::kCountFirst) {
      Write("count", 0, std::string(1, static_cast<char>(++count_)));
      disk_.Sync("count");
    }
    Write(kJournal, kPlant == Plant::kInPlace ? 0 : end_, record);
    end_ += kRecord;
    if (kPlant != Plant::kNoSync) disk_.Sync(kJournal);
    disk_.Promise(number);
  }

  static absl::StatusOr<uint64_t> Reopen(const DiskImage& image) {
    const auto found = image.find(kJournal);
    const std::string journal = found == image.end() ? "" : found->second;
    if (kPlant == Plant::kForgetsToReopen && journal.size() % kRecord != 0) {
      return absl::DataLossError("the journal ends in the middle");
    }
    if (kPlant == Plant::kCountFirst &&
        journal.size() / kRecord <
            static_cast<size_t>(image.find("count")->second[0])) {
      return absl::DataLossError("the journal is shorter than its count");
    }
    uint64_t state = 0;
    for (size_t at = 0; at < journal.size(); at += kRecord) {
      uint64_t number = 0, digest = 0;
      std::memcpy(&number, journal.data() + at,
                  std::min<size_t>(8, journal.size() - at));
      if (journal.size() - at >= kRecord) {
        std::memcpy(&digest, journal.data() + at + 8, 8);
      }
      if (kPlant != Plant::kNoChecksum && digest != Mix(number)) break;
      state = number;
    }
    return state;
  }

 private:
  void Write(std::string_view path, uint64_t at, std::string_view bytes) {
    // In pieces: there are moments within a record to crash in.
    for (size_t i = 0; i < bytes.size(); i += 4) {
      disk_.Write(path, at + i, bytes.substr(i, 4));
    }
  }

  RecordedDisk& disk_;
  uint64_t end_ = 0;
  uint8_t count_ = 0;
};

template <Plant kPlant>
std::string JudgeJournal() {
  RecordedDisk disk;
  Journal<kPlant> journal(disk);
  for (const uint64_t number : {0x1111111111111111, 0x2222222222222222}) {
    journal.Keep(number);
  }
  CrashPoints points;
  return points.Judge(disk, [](const DiskImage& image) {
    return Journal<kPlant>::Reopen(image);
  });
}

TEST(CrashPointsTest, AJournalThatIsRightSurvives) {
  EXPECT_EQ(JudgeJournal<Plant::kNone>(), "");
}

TEST(CrashPointsTest, FindsWhatIsAcknowledgedBeforeItIsDurable) {
  EXPECT_EQ(JudgeJournal<Plant::kNoSync>(),
            "when power fails and takes all that is not synced before event "
            "10 of 15, it holds neither what was acknowledged last nor what "
            "was being done");
}

TEST(CrashPointsTest, FindsACountThatRunsAhead) {
  EXPECT_NE(JudgeJournal<Plant::kCountFirst>().find(
                "cannot be opened: the journal is shorter than its count"),
            std::string::npos);
}

TEST(CrashPointsTest, FindsHalfARecordTakenForAWholeOne) {
  EXPECT_NE(JudgeJournal<Plant::kNoChecksum>().find("it holds neither"),
            std::string::npos);
}

TEST(CrashPointsTest, FindsTheOldStateOverwritten) {
  EXPECT_NE(JudgeJournal<Plant::kInPlace>().find("it holds neither"),
            std::string::npos);
}

TEST(CrashPointsTest, FindsWhatCannotBeOpenedAnyMore) {
  EXPECT_NE(JudgeJournal<Plant::kForgetsToReopen>().find(
                "cannot be opened: the journal ends in the middle"),
            std::string::npos);
}

TEST(CrashPointsTest, TriesNoMoreImagesThanTold) {
  RecordedDisk disk;
  Journal<Plant::kNone> journal(disk);
  for (uint64_t i = 1; i < 100; ++i) journal.Keep(i);
  CrashPoints points(50, 7);
  const auto reopen = [](const DiskImage& image) {
    return Journal<Plant::kNone>::Reopen(image);
  };
  EXPECT_EQ(points.Judge(disk, reopen), "");
  EXPECT_LE(points.images_tried(), 55u);
  EXPECT_GE(points.images_tried(), 10u);
}

TEST(ImageAfterCrashTest, HoldsWhatEachCrashLeaves) {
  RecordedDisk disk(DiskImage{{"old", "x"}});
  disk.Write("a", 0, "1234");
  disk.Sync("a");
  disk.Write("a", 4, "56");
  disk.Write("b", 0, "7890");
  disk.Remove("old");
  const auto image = [&](CrashKind kind) {
    return ImageAfterCrash(disk, disk.events().size(), kind);
  };
  EXPECT_EQ(image(CrashKind::kProcessDies),
            (DiskImage{{"a", "123456"}, {"b", "7890"}}));
  EXPECT_EQ(image(CrashKind::kUnsyncedIsLost), (DiskImage{{"a", "1234"}}));
  EXPECT_EQ(image(CrashKind::kLastIsLost), (DiskImage{{"a", "123456"}}));
  EXPECT_EQ(image(CrashKind::kLastIsTorn),
            (DiskImage{{"a", "123456"}, {"b", "78"}}));
  EXPECT_EQ(ImageAfterCrash(disk, 0, CrashKind::kLastIsTorn),
            (DiskImage{{"old", "x"}}));
}

TEST(RecordedDiskTest, AnOffsetOutOfADamagedNumberIsTheComponentsMistake) {
  RecordedDisk disk;
  EXPECT_EXIT(disk.Write(kJournal, ~uint64_t{0}, "record"),
              testing::KilledBySignal(SIGABRT), "beyond 64 MiB");
}

}  // namespace
}  // namespace formfuzz

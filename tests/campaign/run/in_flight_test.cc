// SPDX-License-Identifier: Apache-2.0
// What a target was running, or nothing where the file does not say.

#include "campaign/run/in_flight.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "framework/finding/in_flight.h"

namespace formfuzz::campaign {
namespace {

class InFlightTest : public testing::Test {
 protected:
  InFlightTest() {
    file_->magic = InFlight::kMagic;
    file_->running = 1;
    file_->size = 3;
    file_->bytes[0] = 'a';
    file_->bytes[2] = 'c';
  }
  ~InFlightTest() override { std::filesystem::remove(path_); }

  std::optional<LastRun> Read(size_t size = sizeof(InFlight)) {
    std::ofstream(path_).write(reinterpret_cast<const char*>(file_.get()),
                               static_cast<std::streamsize>(size));
    return ReadInFlight(path_);
  }

  const std::string path_ =
      testing::TempDir() + "/in_flight_test-" + std::to_string(getpid());
  std::unique_ptr<InFlight> file_ = std::make_unique<InFlight>();
};

TEST_F(InFlightTest, ReadsTheBytes) {
  EXPECT_EQ(Read()->input, std::string("a\0c", 3));
  file_->size = 0;
  EXPECT_EQ(Read()->input, "");
  file_->size = InFlight::kBytesMax;
  EXPECT_EQ(Read()->input.size(), InFlight::kBytesMax);
}

TEST_F(InFlightTest, SaysWhetherAFindingWasWritten) {
  EXPECT_FALSE(Read()->written);
  file_->running = InFlight::kWritten;
  EXPECT_TRUE(Read()->written);
  EXPECT_EQ(Read()->input, std::string("a\0c", 3));
}

TEST_F(InFlightTest, NothingBetweenRuns) {
  file_->running = 0;
  EXPECT_FALSE(Read().has_value());
}

TEST_F(InFlightTest, NothingInFilesThatAreNotATargets) {
  EXPECT_FALSE(ReadInFlight("/no/such/file").has_value());
  EXPECT_FALSE(Read(sizeof(InFlight) - 1).has_value());
  EXPECT_FALSE(Read(0).has_value());
  file_->size = InFlight::kBytesMax + 1;
  EXPECT_FALSE(Read().has_value());
  file_->size = 3;
  file_->magic = 0;
  EXPECT_FALSE(Read().has_value());
}

}  // namespace
}  // namespace formfuzz::campaign

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

  std::optional<std::string> Read(size_t size = sizeof(InFlight)) {
    std::ofstream(path_).write(reinterpret_cast<const char*>(file_.get()),
                               static_cast<std::streamsize>(size));
    return ReadInFlight(path_);
  }

  const std::string path_ =
      testing::TempDir() + "/in_flight_test-" + std::to_string(getpid());
  std::unique_ptr<InFlight> file_ = std::make_unique<InFlight>();
};

TEST_F(InFlightTest, ReadsTheBytes) {
  EXPECT_EQ(Read(), std::string("a\0c", 3));
  file_->size = 0;
  EXPECT_EQ(Read(), "");
  file_->size = InFlight::kBytesMax;
  EXPECT_EQ(Read()->size(), InFlight::kBytesMax);
}

TEST_F(InFlightTest, NothingBetweenRuns) {
  file_->running = 0;
  EXPECT_EQ(Read(), std::nullopt);
}

TEST_F(InFlightTest, NothingInFilesThatAreNotATargets) {
  EXPECT_EQ(ReadInFlight("/no/such/file"), std::nullopt);
  EXPECT_EQ(Read(sizeof(InFlight) - 1), std::nullopt);
  EXPECT_EQ(Read(0), std::nullopt);
  file_->size = InFlight::kBytesMax + 1;
  EXPECT_EQ(Read(), std::nullopt);
  file_->size = 3;
  file_->magic = 0;
  EXPECT_EQ(Read(), std::nullopt);
}

}  // namespace
}  // namespace formfuzz::campaign

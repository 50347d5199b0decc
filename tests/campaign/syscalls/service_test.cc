// SPDX-License-Identifier: Apache-2.0
// Programs that serve: awaited, visited, stopped; profiled under load, and
// started again under their profile.

#include "campaign/syscalls/learn/service.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "campaign/process/executor.h"
#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/learn/verify.h"

namespace formfuzz::campaign {
namespace {

// Of each sandbox's own network: nothing else can have taken it.
constexpr char kPort[] = "4321";

class ServiceExecutorTest : public testing::Test {
 protected:
  void Start(std::vector<std::string> command, std::vector<std::string> peer,
             const std::string& at = kPort) {
    ProfiledService profiled;
    profiled.at = at;
    profiled.peer = std::move(peer);
    auto service = ServiceOf(profiled);
    ASSERT_TRUE(service.ok()) << service.status();
    ExecutorOptions options;
    options.command = std::move(command);
    options.kind = ExecutorKind::kSpawn;
    options.service = **service;
    // Nothing here is waited for so long, unless the machine is busy; but
    // datagrams have no end.
    options.service->address.ready_ms = 20'000;
    options.service->stop_ms = 20'000;
    const bool datagrams =
        options.service->address.kind == ServerAddress::Kind::kUdp;
    options.service->address.quiet_ms = datagrams ? 1'000 : 20'000;
    options.limits.wall_ms = 60'000;
    auto made = MakeExecutor(options);
    ASSERT_TRUE(made.ok()) << made.status();
    executor_ = *std::move(made);
  }
  Execution Run(std::vector<std::string> requests) {
    ProgramInput input;
    input.requests = std::move(requests);
    Execution execution;
    const absl::Status ran = executor_->Run(input, execution);
    EXPECT_TRUE(ran.ok()) << ran;
    return execution;
  }

  std::unique_ptr<Executor> executor_;
};

TEST_F(ServiceExecutorTest, AwaitsVisitsAndStops) {
  Start({FORMFUZZ_SERVER, kPort}, {});
  for (int run = 0; run < 3; ++run) {
    const Execution execution = Run({"one", "two", "", "four", "five", "six"});
    EXPECT_TRUE(execution.reached);
    EXPECT_EQ(execution.answered, 5U);
    EXPECT_EQ(execution.kind, ExitKind::kExited);
    EXPECT_EQ(execution.code, 3);
    EXPECT_EQ(execution.output, "stopped in order\n");
  }
}

TEST_F(ServiceExecutorTest, SendsAPeer) {
  Start({FORMFUZZ_SERVER, kPort}, {FORMFUZZ_SERVER, "client", kPort});
  const Execution execution = Run({});
  EXPECT_TRUE(execution.reached);
  EXPECT_EQ(execution.code, 3);
}

TEST_F(ServiceExecutorTest, TellsWhatNeverServes) {
  Start({FORMFUZZ_SERVER, "0"}, {});
  const Execution execution = Run({"one"});
  EXPECT_FALSE(execution.reached);
  EXPECT_EQ(execution.answered, 0U);
  EXPECT_EQ(execution.code, 2);
}

TEST_F(ServiceExecutorTest, ReachesUnixSockets) {
  constexpr char kSocket[] = "/fuzz/work/socket";
  Start({FORMFUZZ_SERVER, kSocket}, {}, kSocket);
  for (int run = 0; run < 2; ++run) {
    const Execution execution = Run({"one", "two"});
    EXPECT_TRUE(execution.reached);
    EXPECT_EQ(execution.answered, 2U);
    EXPECT_EQ(execution.code, 3);
  }
}

TEST_F(ServiceExecutorTest, ReachesDatagramServers) {
  Start({FORMFUZZ_SERVER, kPort, "datagrams"}, {}, std::string(kPort) + "/udp");
  const Execution execution = Run({"one", "two", "three"});
  EXPECT_TRUE(execution.reached);
  EXPECT_EQ(execution.answered, 3U);
  EXPECT_EQ(execution.code, 3);
}

TEST_F(ServiceExecutorTest, VisitsDaemons) {
  Start({FORMFUZZ_SERVER, kPort, "daemon"}, {});
  for (int run = 0; run < 2; ++run) {
    const Execution execution = Run({"one", "two"});
    EXPECT_TRUE(execution.reached);
    EXPECT_EQ(execution.answered, 2U);
  }
}

TEST(ServiceTest, ReadsAddresses) {
  using Kind = ServerAddress::Kind;
  const auto at = [](const char* text) {
    return ServiceOf({.at = text, .peer = {}, .stop_signal = 15});
  };
  EXPECT_EQ((*at("80"))->address.port, 80);
  EXPECT_EQ((*at("53/udp"))->address.kind, Kind::kUdp);
  EXPECT_EQ((*at("/run/x"))->address.kind, Kind::kUnix);
  EXPECT_FALSE(at("")->has_value());
  for (const char* bad : {"0", "65536", "80/sctp", "x", "-1", "localhost:80"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(at(bad).status())) << bad;
  }
}

LearnOptions OptionsOfServer() {
  LearnOptions options;
  options.command = {FORMFUZZ_SERVER, kPort};
  options.service.at = kPort;
  options.time_ms = 120'000;
  options.idle_ms = 0;
  options.run_ms = 60'000;
  return options;
}

TEST(ServiceTest, IsProfiledUnderLoadAndHoldsUnderItsProfile) {
  const LearnOptions options = OptionsOfServer();
  auto learner = Learner::Make(options);
  ASSERT_TRUE(learner.ok()) << learner.status();
  const auto swept = [&] {
    return std::ranges::any_of(
        (*learner)->discoveries().items(),
        [](const auto& item) { return item.first.number == SYS_getsid; });
  };
  // The word that it waits for is in its strings.
  ASSERT_TRUE((*learner)
                  ->Learn([&](const LearnProgress& now) {
                    return now.runs < 2000 && !swept();
                  })
                  .ok());
  ASSERT_TRUE(swept());
  Profile profile = ProfileOf(**learner, {}, options.command);
  EXPECT_EQ(profile.service.at, kPort);
  VerifyOptions verify;
  verify.rounds = 1;
  verify.held_out = 0;
  verify.run_ms = 60'000;
  verify.stops = false;
  const auto good = Verify(profile, (*learner)->trials(), verify);
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_TRUE(good->denials.empty());
  EXPECT_GT(good->reached_runs, 0U);
  EXPECT_GT(good->answers, 0U);
  std::erase_if(profile.entries, [](const ProfileEntry& entry) {
    return entry.name == "accept4";
  });
  const auto bad = Verify(profile, (*learner)->trials(), verify);
  ASSERT_TRUE(bad.ok()) << bad.status();
  ASSERT_FALSE(bad->denials.empty());
  EXPECT_EQ(bad->denials[0].name, "accept4");
  EXPECT_EQ(bad->answers, 0U);
}

TEST(ServiceTest, SaysThatAProgramWasNeverReached) {
  LearnOptions options = OptionsOfServer();
  options.service.at = "4322";
  auto learner = Learner::Make(options);
  ASSERT_TRUE(learner.ok()) << learner.status();
  const absl::Status learnt = (*learner)->Learn(nullptr);
  EXPECT_TRUE(absl::IsFailedPrecondition(learnt)) << learnt;
  EXPECT_NE(learnt.message().find("4322"), std::string::npos);
}

// Commands that nobody has sent are in the program's file.
TEST(ServiceDriverTest, SendsTheWordsOfTheProgramAsLines) {
  DrivingWords words;
  words.serves = true;
  words.requests = {"PING\r\n"};
  for (int i = 0; i < 500; ++i) {
    words.dictionary.Add(std::string("command_") +
                         static_cast<char>('a' + i % 26) +
                         static_cast<char>('a' + i / 26));
  }
  words.dictionary.Add("bgsave");
  Driver driver(words, 1);
  size_t runs = 0;
  bool sent = false;
  while (driver.planned() != 0 && !sent) {
    ++runs;
    for (const std::string& request : driver.Next().requests) {
      sent = sent || request.find("bgsave\r\n") != request.npos;
    }
  }
  EXPECT_TRUE(sent);
  EXPECT_LT(runs, 10u);
}

}  // namespace
}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Settings from words and files, the rules that stop a run, durations.
#include "campaign/loop/config/config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "campaign/loop/config/server_address.h"
#include "campaign/loop/run/stop_rules.h"

namespace formfuzz::campaign {
namespace {

std::string FileWith(const std::string& text) {
  const std::string path =
      testing::TempDir() + "/formfuzz-config-" +
      testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml";
  std::ofstream(path) << text;
  return path;
}

std::string ErrorOf(const std::string& text) {
  LoopConfig config;
  return std::string(ReadConfigFile(FileWith(text), config).message());
}

TEST(ConfigTest, HasTheDefaultsThatAreDocumented) {
  const LoopConfig config;
  EXPECT_EQ(config.timeout_ms, 5000u);
  EXPECT_TRUE(config.minimise_crashes);
  EXPECT_TRUE(config.deterministic);
  EXPECT_TRUE(config.havoc);
  EXPECT_TRUE(config.splice);
  EXPECT_TRUE(Validate(config).ok());
}

TEST(ConfigTest, ReadsEveryKindOfField) {
  LoopConfig config;
  const std::string path = FileWith(
      "time = \"2m\"\nruns = 77\nresidual = 1e-3\nhavoc = false\n"
      "schedule = \"rare\"\ninput = [\"a\", \"b\"]\ncrash-exit = [3, 4]\n");
  const absl::Status status = ReadConfigFile(path, config);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(config.time_ms, 120'000u);
  EXPECT_EQ(config.runs_max, 77u);
  EXPECT_DOUBLE_EQ(config.residual, 1e-3);
  EXPECT_FALSE(config.havoc);
  EXPECT_EQ(config.schedule, "rare");
  EXPECT_EQ(config.inputs, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.crash_exits, (std::vector<int>{3, 4}));
}

TEST(ConfigTest, KnowsWhereServersAreReached) {
  using Kind = ServerAddress::Kind;
  const auto tcp = ParseServerAddress("tcp:8080");
  ASSERT_TRUE(tcp.ok()) << tcp.status();
  EXPECT_EQ(tcp->kind, Kind::kTcp);
  EXPECT_EQ(tcp->port, 8080);
  EXPECT_EQ(ParseServerAddress("udp:53")->kind, Kind::kUdp);
  EXPECT_EQ(ParseServerAddress("unix:/run/a b")->path, "/run/a b");
  LoopConfig config;
  ASSERT_TRUE(SetField(config, "server", "tcp:1").ok());
  EXPECT_TRUE(Validate(config).ok());
  config.typed = true;
  EXPECT_FALSE(Validate(config).ok());
}

TEST(ConfigTest, NamesTheLineOfWhatIsWrong) {
  struct Row {
    const char* text;
    const char* place;
    const char* what;
  };
  const Row rows[] = {
      {"runs = 1\ntimeuot = 5\n", ":2:", "did you mean timeout?"},
      {"\n\nhavoc = \"perhaps\"\n", ":3:", "true or false"},
      {"runs = -4\n", ":1:", "whole number"},
      {"time = \"5 parsecs\"\n", ":1:", "duration"},
      {"schedule = \"lifo\"\n", ":1:", "entropic"},
      {"crash-exit = [1,\n 999]\n", ":2:", "whole number from 0 to 255"},
      {"server = \"tcp:\"\n", ":1:", "tcp:PORT"},
      {"server = \"tcp:70000\"\n", ":1:", "tcp:PORT"},
      {"server = \"unix:it.sock\"\n", ":1:", "unix:/PATH"},
      {"runs = { a = 1 }\n", ":1:", "expected a word"},
      {"runs = \n", ":1:", ""},
      {"residual = 2.0\n", ":1:", "chance"}};
  for (const Row& row : rows) {
    const std::string error = ErrorOf(row.text);
    EXPECT_NE(error.find(row.place), std::string::npos) << error;
    EXPECT_NE(error.find(row.what), std::string::npos) << error;
  }
}

TEST(ConfigTest, RefusesWhatDoesNotGoTogether) {
  LoopConfig idle;
  idle.havoc = idle.deterministic = false;
  EXPECT_FALSE(Validate(idle).ok());
  LoopConfig timed;
  timed.seed = 3;
  timed.feedback = "edges,time";
  EXPECT_FALSE(Validate(timed).ok());
}

TEST(ConfigTest, EveryFieldCanBeSetByItsName) {
  for (const ConfigField& field : ConfigFields()) {
    LoopConfig config;
    const char* text = field.kind == FieldKind::kSwitch     ? "true"
                       : field.kind == FieldKind::kDuration ? "3s"
                       : field.kind == FieldKind::kFraction ? "0.5"
                       : field.name == "schedule"           ? "fast"
                       : field.name == "feedback"           ? "output"
                       : field.name == "executor"           ? "spawn"
                       : field.name == "server"             ? "tcp:7"
                                                            : "7";
    EXPECT_TRUE(SetField(config, field.name, text).ok()) << field.name;
    EXPECT_FALSE(field.help.empty());
  }
}

TEST(StopRulesTest, EachRuleStopsByItself) {
  Statistics now;
  now.executions = 100'000;
  now.run_ns = 10'000'000'000;
  now.last_new_ns = 1'000'000'000;
  now.findings = 2;
  now.residual = 1e-5;
  LoopConfig none;
  none.findings_max = 0;
  EXPECT_EQ(ShouldStop(none, now), StopReason::kNone);
  LoopConfig config = none;
  config.findings_max = 2;
  EXPECT_EQ(ShouldStop(config, now), StopReason::kFinding);
  config = none;
  config.time_ms = 10'000;
  EXPECT_EQ(ShouldStop(config, now), StopReason::kTimeLimit);
  config = none;
  config.runs_max = 100'000;
  EXPECT_EQ(ShouldStop(config, now), StopReason::kRunsDone);
  config = none;
  config.idle_ms = 9000;
  EXPECT_EQ(ShouldStop(config, now), StopReason::kIdle);
  config = none;
  config.residual = 1e-4;
  EXPECT_EQ(ShouldStop(config, now), StopReason::kResidual);
  now.executions = kResidualRunsMin - 1;
  EXPECT_EQ(ShouldStop(config, now), StopReason::kNone);
}

}  // namespace
}  // namespace formfuzz::campaign

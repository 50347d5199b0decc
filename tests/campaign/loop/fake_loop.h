// SPDX-License-Identifier: Apache-2.0
// A loop with all its parts around a program that is a function; keeps what it
// kept and found for tests to look at.
#ifndef FORMFUZZ_TESTS_CAMPAIGN_LOOP_FAKE_LOOP_H_
#define FORMFUZZ_TESTS_CAMPAIGN_LOOP_FAKE_LOOP_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/run/fuzzer.h"
#include "tests/campaign/loop/fake_program.h"

namespace formfuzz::campaign {

inline LoopConfig Config(uint64_t runs) {
  LoopConfig config;
  config.seed = 1;
  config.runs_max = runs;
  return config;
}

// Everything that a fuzzer is put together from, for one program.
class Loop {
 public:
  Loop(const LoopConfig& config, FakeProgram& program,
       std::vector<Peers*> peers = {}, CorpusLimits limits = {})
      : corpus_(limits), form_(MakePlainForm()) {
    Mutators mutators;
    AddByteMutators(&mutators);
    AddSpliceMutators(&mutators);
    events_.OnNewCoverage.push_back([this](Bytes input, const Entry& entry) {
      kept_.push_back(std::string(AsText(input)) + "/" +
                      std::to_string(entry.depth));
    });
    auto made = Fuzzer::Make(
        config, {.executor = program,
                 .form = *form_,
                 .corpus = corpus_,
                 .words = words_,
                 .mutators = std::move(mutators),
                 .write_finding = [this](const SortedFailure& sorted)
                     -> absl::StatusOr<std::string> {
                   if (!sorted.replaces.empty()) found_.pop_back();
                   found_.push_back(sorted);
                   return "folder" + std::to_string(found_.size());
                 },
                 .peers = std::move(peers),
                 .events = events_});
    fuzzer_ = *std::move(made);
  }

  StopReason Run(const std::vector<std::string>& inputs = {}) {
    for (const std::string& input : inputs) {
      EXPECT_TRUE(fuzzer_->AddInput(AsBytes(input)).ok());
    }
    EXPECT_TRUE(fuzzer_->BeginWith(form_->Smallest()).ok());
    while (fuzzer_->stopping() == StopReason::kNone) {
      const absl::Status status = fuzzer_->Turn();
      EXPECT_TRUE(status.ok()) << status;
      if (!status.ok()) break;
    }
    return fuzzer_->stopping();
  }

  Fuzzer& fuzzer() { return *fuzzer_; }
  Corpus& corpus() { return corpus_; }
  const std::vector<std::string>& kept() const { return kept_; }
  const std::vector<SortedFailure>& found() const { return found_; }

 private:
  Corpus corpus_;
  std::unique_ptr<InputForm> form_;
  Dictionary words_;
  Events events_;
  std::vector<std::string> kept_;
  std::vector<SortedFailure> found_;
  std::unique_ptr<Fuzzer> fuzzer_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_TESTS_CAMPAIGN_LOOP_FAKE_LOOP_H_

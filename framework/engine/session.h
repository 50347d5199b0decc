// SPDX-License-Identifier: Apache-2.0
// One harness in one process: decodes inputs, plays them, mutates them.
//
// The scenario that the mutator built, or that ran last, is kept together
// with its bytes; when the engine hands over the same bytes they are not
// decoded again. Not thread-safe.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_SESSION_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_SESSION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "framework/change/scenario_mutator.h"
#include "framework/engine/fork/forked_play.h"
#include "framework/finding/finding.h"
#include "framework/validate/judge.h"
#include "framework/validate/rerun/examiner.h"

namespace formfuzz {

class Session {
 public:
  // For the coverage of states and edges, see StateCoverage.
  Session(const Recipe& recipe, std::span<uint8_t> counters,
          std::span<uint8_t> edges = {});

  // From now on every input is of this strategy.
  void PinStrategy(uint8_t strategy);
  // From now on the same bytes pass the same edges each time, as engines want
  // that measure it: nothing is kept decoded, and no run is repeated.
  void MakeRunsAlike() { runs_alike_ = true; }
  // What is changed comes from a corpus, which keeps long scenarios that are
  // worth it: changes may shorten them. Without one they could not grow.
  void ExpectCorpus() { has_corpus_ = true; }

  // Takes any bytes: an encoded scenario, or its text. Of more than 4 MiB the
  // first 4 MiB count.
  const Verdict& Execute(Bytes input);

  // In place, as LLVMFuzzerCustomMutator: returns the new size, at most
  // `size_max`.
  size_t Mutate(uint8_t* input, size_t size, size_t size_max, uint64_t seed,
                BytesMutator engine);
  // Into `out`, as LLVMFuzzerCustomCrossOver.
  size_t CrossOver(Bytes first, Bytes second, std::span<uint8_t> out,
                   uint64_t seed);

  // Decodes (or parses) without playing.
  void Load(Bytes input);
  // An error names line and column when text does not parse.
  absl::Status LoadText(std::string_view text);
  void LoadScenario(const Scenario& scenario);  // by its encoding
  const Verdict& PlayLoaded();
  // The same once, under another schedule than the scenario's.
  const Verdict& PlayUnder(Policy& policy);

  // Everything of a finding but frames and report; async-signal-unsafe.
  Finding MakeFinding(const Verdict& verdict) const;
  std::string Encoded() const;
  // What a verdict from outside (a signal) concerns: the step under way.
  size_t step() const { return judge_.step(); }

  const Recipe& recipe() const { return recipe_; }
  const Scenario& scenario() const { return scenario_; }
  const Ending& ending() const { return judge_.ending(); }
  const Trace& trace() const { return judge_.trace(); }
  const std::string& input() const { return kept_; }
  uint64_t states() const { return coverage_.distinct(); }
  uint64_t goals_reached() const { return judge_.goals_reached(); }
  Arena& arena() { return arena_; }
  FaultPlan& faults() { return judge_.faults(); }

  // Whether these are the bytes that were played or made last.
  bool Keeps(Bytes input) const {
    return has_kept_ && AreSame(input, AsBytes(kept_));
  }

 private:
  void SayUnread(const std::string& mistake);
  void MutateLoaded(Mutation& mutation);  // and encodes it
  size_t Store(std::span<uint8_t> out);
  const Verdict& PlayOnce();
  // Plays once more what has just passed; a difference is the verdict.
  const Verdict& Repeat();

  const Recipe& recipe_;
  StateCoverage coverage_;
  Judge judge_;
  Examiner examiner_;
  std::unique_ptr<ForkedPlay> forked_;  // null where nothing is forked
  ScenarioMutator mutator_;
  std::optional<uint8_t> pinned_;
  bool runs_alike_ = false;
  bool has_corpus_ = false;
  Arena arena_;
  Scenario scenario_;
  bool has_said_unread_ = false;
  bool has_kept_ = false;
  bool is_played_ = false;  // what is kept is what the judge played last
  std::string kept_;        // the bytes that scenario_ was decoded from
  ByteSink encoded_;
  Scenario other_;  // a crossover's second parent
  uint64_t plays_ = 0;
  Verdict nondeterministic_;  // what Repeat found
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_SESSION_H_

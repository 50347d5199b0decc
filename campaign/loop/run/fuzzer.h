// SPDX-License-Identifier: Apache-2.0
// The loop: picks a kept input, changes it in many ways, runs each, looks at
// what the run showed, keeps what is new, writes down what failed.
//
// One worker, one thread. With a seed, a program that behaves the same for the
// same input and no time limit, two runs do the same: time then has no say in
// what is picked.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_RUN_FUZZER_H_
#define FORMFUZZ_CAMPAIGN_LOOP_RUN_FUZZER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/corpus/corpus.h"
#include "campaign/loop/compare/known_comparisons.h"
#include "campaign/loop/compare/patience.h"
#include "campaign/loop/compare/replacements.h"
#include "campaign/loop/config/config.h"
#include "campaign/loop/feedback/feedback.h"
#include "campaign/loop/mutate/deterministic_walks.h"
#include "campaign/loop/mutate/havoc.h"
#include "campaign/loop/mutate/words/dictionary.h"
#include "campaign/loop/queue/scheduler.h"
#include "campaign/loop/run/events.h"
#include "campaign/loop/run/runner.h"
#include "campaign/loop/run/stop_rules.h"
#include "campaign/loop/share/peers.h"
#include "campaign/loop/triage/crash_sorter.h"

namespace formfuzz::campaign {

// What the loop is put together from; all outlives it.
struct FuzzerParts {
  Executor& executor;
  InputForm& form;
  Corpus& corpus;
  Dictionary& words;
  Mutators mutators;  // moved from
  CrashSorter::Write write_finding;
  std::vector<Peers*> peers;
  const Events& events;
};

class Fuzzer {
 public:
  static absl::StatusOr<std::unique_ptr<Fuzzer>> Make(const LoopConfig& config,
                                                      FuzzerParts parts);

  // Tries an input that somebody gave; it is kept if it shows something new.
  absl::Status AddInput(Bytes input);
  // The same for one that an earlier run kept: it is not made shorter again.
  absl::Status AddKept(Bytes input);
  // To be called after the last AddInput: sees to it that there is something
  // to begin with.
  absl::Status BeginWith(const std::vector<InputBytes>& otherwise);

  // One pick with all its mutations.
  absl::Status Turn();
  StopReason stopping() const { return stopping_; }

  const Statistics& statistics();
  const Havoc& havoc() const { return havoc_; }
  const FeedbackSet& feedback() const { return feedback_; }

 private:
  // What one execution came to, for as long as it takes to deal with it.
  struct Shown {
    bool fresh = false;
    uint64_t path = 0;
    std::vector<Feature> features;   // if fresh
    std::optional<Failure> failure;  // if it failed
  };
  struct Origin {
    uint32_t depth = 0;
    bool has_parent = false;
    EntryId parent = 0;
    bool imported = false;
  };

  // Comparisons that were never answered, or all that are worth it.
  enum class Answered { kFresh, kAll };
  // Of an entry's changes that lost their way.
  struct Repairs {
    const KnownComparisons& known;  // of the entry itself
    int looked = 0;
    int in_vain = 0;  // one after another
  };
  // Where the bytes were that a comparison was mended by.
  struct MendedAt {
    size_t from_start = 0;
    size_t from_end = 0;
  };

  Fuzzer(const LoopConfig& config, FeedbackSet feedback, FuzzerParts parts);

  // Looking (fuzzer.cc).
  Shown Look(const Execution& execution);
  std::optional<Failure> CountFailure(const Execution& execution);
  absl::Status DealWith(Bytes input, Shown shown, const Origin& origin,
                        bool* kept);
  absl::Status TryOne(Bytes input, const Origin& origin, bool* kept,
                      uint64_t* path);
  absl::Status Fail(Bytes input, const Failure& failure);
  absl::StatusOr<std::optional<Failure>> RunAgain(Bytes input);
  void LookAtClock();
  absl::Status CollectFromPeers();

  // Keeping (fuzzer_keep.cc).
  absl::Status Keep(Bytes input, std::vector<Feature> features,
                    const Origin& origin, bool* kept);
  absl::Status Calibrate(Bytes input, std::vector<Feature>* features,
                         Entry* entry);
  void Strike(const std::vector<Feature>& shown,
              const std::vector<Feature>& stable);
  absl::Status Trim(InputBytes& input, Entry* entry);
  absl::Status Enter(Entry entry, Bytes input, const Origin& origin);
  bool AnyFresh(const std::vector<Feature>& features) const;

  // What the program compares (fuzzer_compare.cc).
  void WillCompare(EntryId id);
  std::optional<EntryId> TakeFirst(std::deque<EntryId>& waiting) const;
  absl::Status CompareFresh();
  absl::Status CompareStage(EntryId id);
  absl::Status CompareWith(const InputBytes& base, EntryId id,
                           uint64_t own_path, Answered which);
  Origin OriginOf(EntryId id) const;
  absl::Status Trace(const InputBytes& input,
                     std::vector<Comparison>& comparisons);
  absl::Status Repair(const InputBytes& broken, const Origin& origin,
                      Repairs& repairs, bool* kept);
  absl::Status Pursue(const InputBytes& base, const Origin& origin,
                      KnownComparisons& known, int& left, bool* done);
  absl::Status Combine(const InputBytes& base,
                       const std::vector<Replacement>& replacements,
                       const Origin& origin);

  // Random changes made right again (fuzzer_mend.cc).
  void LearnMended(const Comparison& comparison, const Replacement& by,
                   size_t size);
  absl::Status MendStage(EntryId id);
  absl::StatusOr<bool> Mend(const std::vector<Comparison>& own,
                            InputBytes& input);
  bool MakeRight(const Comparison& comparison, InputBytes& input) const;

  // Stages (fuzzer_stages.cc).
  absl::Status Take(EntryId id);
  void EndIfWalked();
  absl::Status FlipGiven();
  absl::Status WalkStage(EntryId id);
  absl::Status HavocStage(EntryId id);
  absl::StatusOr<size_t> HavocBatch(EntryId id, size_t wanted);
  void PickOther();
  MutationScene Scene();
  bool goes_on() const { return answers_on() && !collect_due_; }
  // What an entry's run compared is answered before others are asked for news.
  bool answers_on() const {
    return stopping_ == StopReason::kNone && !current_gone_;
  }

  LoopConfig config_;
  FeedbackSet feedback_;
  FeatureCounts counts_;
  std::unique_ptr<Scheduler> scheduler_;
  Corpus& corpus_;
  InputForm& form_;
  Dictionary& words_;
  Runner runner_;
  Havoc havoc_;
  CrashSorter sorter_;
  std::vector<Peers*> peers_;
  const Events& events_;
  Random random_;

  // Of the present turn.
  EntryId current_ = 0;
  bool current_gone_ = false;
  InputBytes base_;
  InputBytes other_;
  std::vector<InputBytes> batch_;
  std::vector<uint64_t> used_;  // by the batch: which mutators
  std::vector<Bytes> views_;    // of the batch
  std::vector<Execution> executions_;
  DeterministicWalks walks_;
  std::deque<EntryId> given_;       // whose bits are not all flipped
  uint64_t flip_runs_ = 0;          // executions for these
  std::deque<EntryId> unseen_;      // whose comparisons nobody looked at
  std::deque<EntryId> uncompared_;  // of which not all were answered
  Patience patience_;
  uint64_t compared_runs_ = 0;                     // in CompareStage
  std::unordered_map<uint32_t, MendedAt> mended_;  // by place in the code
  uint32_t mends_in_vain_ = 0;                     // one after another

  std::unordered_map<Feature, uint8_t> strikes_;
  std::vector<uint32_t> path_hits_;  // by digest, folded
  std::vector<Feature> scratch_;
  Statistics statistics_;
  uint64_t start_ns_ = 0;
  uint64_t clock_runs_ = 0;  // executions and time in the program when the
  uint64_t clock_busy_ = 0;  // clock was looked at last
  uint64_t told_ns_ = 0;
  uint64_t collected_ns_ = 0;
  uint64_t favoured_at_ = 0;  // entries when it was decided who is
  bool collect_due_ = false;
  StopReason stopping_ = StopReason::kNone;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_RUN_FUZZER_H_

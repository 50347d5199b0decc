// SPDX-License-Identifier: Apache-2.0
// Answers the questions of a filter and notes what was asked. Three uses:
// learning (the unknown is let through and noted), injection (some calls fail
// with an error of ours) and enforcement (whatever is asked about is refused
// and noted).
//
// Notes of one run are bounded: kNotesMax different ones; times go on counting.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_CALL_WATCH_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_CALL_WATCH_H_

#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "campaign/process/call_watcher.h"
#include "campaign/syscalls/calls/call.h"
#include "campaign/syscalls/calls/call_set.h"
#include "campaign/syscalls/watch/modules.h"
#include "campaign/syscalls/watch/result_tracer.h"

namespace formfuzz::campaign {

// A call in one phase and class, as often as one run made it.
struct Note {
  Call call;  // the first one
  Stage stage = Stage::kMain;
  uint64_t times = 0;
  CallSite site;  // of the first one
};

class CallWatch : public CallWatcher {
 public:
  static constexpr size_t kNotesMax = 4096;

  // `known` outlives it, and may grow between runs.
  explicit CallWatch(const CallSet& known) : known_(known) {}

  // Before each run. In a zygote's run nothing counts until the fork is over;
  // a program that cannot say where main begins is there from the start.
  // Without marks the loader's calls are those that its own code makes.
  enum class Begins { kBeforeFork, kInLoader, kInMain, kUnmarked };
  void BeginRun(Begins begins);
  // Of the present run, in the order of their first calls.
  std::span<const Note> notes() const { return notes_; }
  uint64_t answers() const { return answers_; }

  // Calls that are asked about fail so instead of being made; the phase call
  // and calls before the program's own do not.
  void Inject(uint32_t number, int error) { errors_[number] = error; }
  void InjectNothing() { errors_.clear(); }
  // All that is asked about fails so; 0: nothing does.
  void RefuseWith(int error) { refusal_ = error; }
  // Programs start as they would without us: faster, and exactly so.
  void ForgoMarks() { marks_ = false; }
  bool WantsMarks() const override { return marks_; }
  // Follows the first process that asks; outlives this. nullptr: nobody does.
  void TraceBy(ResultTracer* tracer) { tracer_ = tracer; }
  // Call sites are not looked up: faster.
  void ForgoSites() { sites_ = false; }

  std::span<const sock_filter> Filter(const OwnCode& own) override;
  bool Outgrown() const override { return known_.version() != in_force_; }
  void Listen(UniqueFd listener, const uint32_t* stage) override;
  int listener() const override { return listener_.get(); }
  void Answer() override;

 private:
  struct Key {
    Stage stage;
    uint32_t arch;
    uint32_t number;
    CallClass values;
    auto operator<=>(const Key&) const = default;
  };
  bool Notice(const Call& call);
  void LookAtStage();
  void TakeMark(const Call& call);
  void MoveToStartUp();
  int ErrorFor(const Call& call) const;

  const CallSet& known_;
  uint64_t in_force_ = ~uint64_t{0};
  std::vector<sock_filter> filter_;
  UniqueFd listener_;
  const uint32_t* shared_stage_ = nullptr;  // of a forkserver's process
  std::map<uint32_t, int> errors_;
  int refusal_ = 0;
  ResultTracer* tracer_ = nullptr;
  bool sites_ = true;
  bool marks_ = true;

  // Of the run.
  bool counting_ = false;
  bool traced_ = false;
  bool by_module_ = false;
  Stage stage_ = Stage::kMain;
  pid_t server_ = 0;  // a forkserver, whose calls are not the program's
  std::vector<Note> notes_;
  std::map<Key, size_t> index_;
  Modules modules_;
  uint64_t answers_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_CALL_WATCH_H_

// SPDX-License-Identifier: Apache-2.0
// Runs concurrent tasks one at a time and deterministically: the same tasks
// under the same policy make the same run.
//
// A task is left only at a yield point (yield.h), where it waits, and where it
// ends. By itself a task that can go on does; the policy may decide otherwise.
// When nobody can go on, time moves to the next deadline; when there is none,
// the run has deadlocked. A task that passes kSpinMax yield points in a row
// while others are ready gives way, and is no choice until each of them waits,
// has ended or has spun as well: whatever the policy, spinning on an atomic
// ends.
//
// Memory is sequentially consistent: what weaker orders allow is not explored.
// One scheduler serves one run at a time; runs do not nest on one thread.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SCHEDULER_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SCHEDULER_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "framework/schedule/ending.h"
#include "framework/schedule/executor.h"
#include "framework/schedule/policy.h"
#include "framework/schedule/sync_object.h"
#include "framework/schedule/yield.h"

namespace formfuzz {

inline constexpr uint32_t kSpinMax = 1000;  // yield points before giving way
// Of one run: far more than 16 steps need, and reached in a millisecond.
inline constexpr uint32_t kYieldsMaxDefault = 50'000;

// The time that sleeping tasks wait for.
class TaskClock {
 public:
  virtual ~TaskClock() = default;
  virtual uint64_t NowMs() = 0;
  virtual void AdvanceToMs(uint64_t ms) = 0;
};

struct RunOptions {
  uint32_t yields_max = kYieldsMaxDefault;
  TaskClock* clock = nullptr;  // null: a clock of the run, which starts at 0
  bool yields = true;          // false: tasks are left only when they wait
  uint8_t reserved = 1;        // tasks below it begin by SpawnAs alone
  bool* flag = nullptr;        // of the thread, of which each task has its own
  // What each task calls where it runs, before anything else.
  std::function<void()> begin_task = nullptr;
};

class Scheduler final : private YieldListener, private TaskEntry {
 public:
  static constexpr uint64_t kNoDeadline = std::numeric_limits<uint64_t>::max();

  // The executor belongs to this scheduler alone from now on.
  explicit Scheduler(Executor& executor);
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Runs `main` as task 0, and what it spawns, until all have ended or nobody
  // can go on. Valid until the next Run.
  const Ending& Run(absl::FunctionRef<void()> main, Policy& policy,
                    const RunOptions& options = {});

  // Of the calling thread; null unless it runs a task.
  static Scheduler* Current() {
    return static_cast<Scheduler*>(internal::yield_listener);
  }

  // The rest is for tasks.

  uint8_t current() const { return current_; }
  // Where it is kept, for whoever looks at it often.
  const uint8_t* current_place() const { return &current_; }
  // Whether the component has started threads in this run.
  bool has_threads() const { return count_ > options_.reserved; }

  // Starts another task; it runs when it is its turn. At most
  // kRunningTasksMax in a run, ended ones included.
  uint8_t Spawn(std::function<void()> body);
  bool HasRoom() const { return count_ < kRunningTasksMax; }
  // The number that the next one spawned has.
  uint8_t NextSpawned() const { return count_; }
  bool WasSpawned(uint8_t task) const {
    return task >= options_.reserved && task < count_;
  }
  // The same as a task whose number was reserved.
  void SpawnAs(uint8_t task, std::function<void()> body);
  // Waits for the end of a task.
  void Join(uint8_t task);
  // The same, but no yield point; `usual` goes on meanwhile.
  void AwaitEnd(uint8_t task, uint8_t usual);
  // Who usually goes on when the current task ends.
  void PassOnTo(uint8_t task) { tasks_[current_].heir = task; }
  // From now on nothing is left to decide.
  void Settle() { settled_ = true; }
  bool HasEnded(uint8_t task) const { return tasks_[task].ended; }
  // Yield points reached so far.
  uint32_t yields() const { return yields_; }

  void Yield(const YieldSite& site) {
    const uint32_t yield = yields_++;
    if (yield < ask_at_) [[likely]]
      return;
    YieldSlowly(yield, site, current_, true);
  }
  // Lets `usual` go on unless the policy decides otherwise; if it cannot, the
  // next task that can. No preemption, whatever is chosen.
  void GiveWay(const YieldSite& site, uint8_t usual);
  // The same with the next ready task.
  void GiveWay(const YieldSite& site);

  // While it lives the current task goes on at every yield point, none of
  // which counts: what judges a state must not change it. It may still wait.
  class Undisturbed {
   public:
    explicit Undisturbed(Scheduler& scheduler)
        : scheduler_(scheduler), yields_(scheduler.yields_) {
      ++scheduler_.undisturbed_;
      scheduler_.PlanAsking();
    }
    ~Undisturbed() {
      --scheduler_.undisturbed_;
      scheduler_.yields_ = yields_;
      scheduler_.PlanAsking();
    }
    Undisturbed(const Undisturbed&) = delete;
    Undisturbed& operator=(const Undisturbed&) = delete;

   private:
    Scheduler& scheduler_;
    uint32_t yields_;
  };

  // The same for who does not know whether tasks run at all.
  class Still {
   public:
    Still() {
      if (Scheduler* scheduler = Current()) undisturbed_.emplace(*scheduler);
    }

   private:
    std::optional<Undisturbed> undisturbed_;
  };

  // Parks the task until the object wakes it, or time reaches the deadline:
  // false then.
  bool WaitOn(SyncObject& object, const YieldSite& site,
              uint64_t deadline_ms = kNoDeadline) {
    return WaitOn(object, site, deadline_ms, object.owner);
  }
  void WakeAll(SyncObject& object) {
    if (object.waiters == 0) return;
    Awake(object.waiters);
    object.waiters = 0;
  }
  // Whoever has been waiting longest.
  void WakeOne(SyncObject& object);

  // To be called before an object is used; clears what is of another run.
  void Meet(SyncObject& object) {
    if (object.run != run_) [[unlikely]]
      Adopt(object);
  }
  // What the task did happens before what whoever acquires the object does.
  void Release(SyncObject& object) {
    object.clock.Join(tasks_[current_].clock);
    tasks_[current_].clock.Tick(current_);
  }
  void Acquire(const SyncObject& object) {
    tasks_[current_].clock.Join(object.clock);
  }
  const VectorClock& clock_of_current() const { return tasks_[current_].clock; }
  uint64_t run() const { return run_; }
  // Of the last run, or of the one under way.
  const Ending& ending() const { return ending_; }
  // The first of a run is kept.
  void ReportRace(std::string message);

  uint64_t NowMs() { return clock_ == nullptr ? now_ms_ : clock_->NowMs(); }
  void SleepUntilMs(uint64_t deadline_ms, const YieldSite& site);

 private:
  struct Task {
    std::function<void()> body;
    SyncObject end{"end"};
    SyncObject* waits_for = nullptr;
    const YieldSite* site = nullptr;  // where it was left
    uint64_t deadline_ms = kNoDeadline;
    uint32_t waiting_since = 0;
    uint8_t heir = kNobody;
    bool ended = false;
    bool begun = false;
    bool timed_out = false;
    VectorClock clock;
  };

  void Reached(const YieldSite& site) override { Yield(site); }
  void RunTask(uint8_t task) noexcept override;

  void Begin(Policy& policy, const RunOptions& options);
  void Exit();
  void YieldSlowly(uint32_t yield, const YieldSite& site, uint8_t usual,
                   bool is_preemption);
  // Goes from the current task to one that is ready.
  void Leave(uint32_t yield, uint8_t usual, bool is_preemption);
  void Start(uint8_t id, std::function<void()> body);
  bool WaitOn(SyncObject& object, const YieldSite& site, uint64_t deadline_ms,
              uint8_t usual);
  bool WakeSleepers();
  // They can go on; a task that has been alone for too long gives way now.
  void Awake(uint32_t tasks) {
    ready_ |= tasks;
    if (undisturbed_ == 0) ask_at_ = std::min(ask_at_, gives_way_at_);
  }
  // The tasks to choose from; `spins`: the current one has for too long.
  uint32_t Rested(bool spins);
  void Record(uint32_t yield, uint8_t next, uint8_t usual);
  void SwitchTo(uint8_t task);
  [[noreturn]] void Stop(Ending::Kind kind);
  void Adopt(SyncObject& object);
  void PlanAsking();
  void AppendWait(uint8_t task, std::string& text) const;
  std::string TellDeadlock() const;
  std::string TellLivelock() const;
  uint8_t AwaitedBy(uint8_t task) const;

  Executor& executor_;
  Policy* policy_ = nullptr;
  TaskClock* clock_ = nullptr;
  absl::FunctionRef<void()>* main_ = nullptr;
  RunOptions options_;
  uint64_t now_ms_ = 0;
  uint64_t run_ = 0;

  uint32_t undisturbed_ = 0;  // such guards that live
  uint32_t yields_ = 0;
  uint32_t waits_ = 0;         // so far: who has waited longest
  uint32_t ask_at_ = 0;        // before this yield point nothing is decided
  uint32_t gives_way_at_ = 0;  // where the current task has spun for too long
  uint32_t ready_ = 0;         // bit i: task i can go on
  uint32_t spun_ = 0;          // bit i: task i gave way, and others did not yet
  bool settled_ = false;
  uint8_t current_ = kOutside;
  uint8_t count_ = 0;  // tasks of this run
  uint16_t objects_ = 0;
  std::array<Task, kRunningTasksMax> tasks_;
  Ending ending_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SCHEDULER_H_

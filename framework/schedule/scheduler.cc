// SPDX-License-Identifier: Apache-2.0
// Who is ready and who goes on.
#include "framework/schedule/scheduler.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <utility>

#include "framework/base/check.h"
#include "framework/schedule/task_bit.h"

namespace formfuzz {
namespace {

constexpr YieldSite kJoin("task.join");
constexpr size_t kPassagesMax = 4096;  // of one run; more are not recorded

const char* NameOf(const YieldSite* site) {
  return site == nullptr ? nullptr : site->name;
}
uint32_t HashOf(const YieldSite* site) {
  return site == nullptr ? 0 : site->hash;
}

// What the scheduler itself does is nobody's.
class OwnWork {
 public:
  explicit OwnWork(bool* flag) : flag_(flag) {
    if (flag_ != nullptr) before_ = std::exchange(*flag_, false);
  }
  ~OwnWork() {
    if (flag_ != nullptr) *flag_ = before_;
  }
  OwnWork(const OwnWork&) = delete;
  OwnWork& operator=(const OwnWork&) = delete;

 private:
  bool* flag_;
  bool before_ = false;
};

// Different for all runs of the process, so that objects tell them apart.
uint64_t NextRun() {
  static std::atomic<uint64_t> runs{0};
  return runs.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

Scheduler::Scheduler(Executor& executor) : executor_(executor) {
  executor_.Bind(*this);
  ending_.passages.reserve(kPassagesMax);
}

const Ending& Scheduler::Run(absl::FunctionRef<void()> main, Policy& policy,
                             const RunOptions& options) {
  FORMFUZZ_CHECK(internal::yield_listener == nullptr,
                 "a run of tasks inside a run of tasks");
  Begin(policy, options);
  main_ = &main;
  Start(0, [this] { (*main_)(); });
  internal::yield_listener = this;
  SwitchTo(0);
  internal::yield_listener = nullptr;
  for (uint8_t task = 0; task < count_; ++task) {
    if (tasks_[task].ended) continue;
    if (tasks_[task].begun) executor_.Abandon(task);
    // What an abandoned body refers to is on its stack, which is kept.
    if (!tasks_[task].begun) tasks_[task].body = nullptr;
  }
  executor_.EndRun();
  policy_ = nullptr;
  return ending_;
}

void Scheduler::Begin(Policy& policy, const RunOptions& options) {
  policy_ = &policy;
  options_ = options;
  clock_ = options.clock;
  now_ms_ = 0;
  run_ = NextRun();
  yields_ = waits_ = undisturbed_ = spun_ = 0;
  ready_ = 0;
  settled_ = false;
  objects_ = 0;
  count_ = options.reserved;
  for (uint8_t task = 0; task < count_; ++task) {
    tasks_[task].ended = true;
    tasks_[task].waits_for = nullptr;
    tasks_[task].deadline_ms = kNoDeadline;
  }
  current_ = kOutside;
  ending_.kind = Ending::Kind::kFinished;
  ending_.message.clear();
  ending_.race.clear();
  ending_.passages.clear();
  policy.Begin();
}

uint8_t Scheduler::Spawn(std::function<void()> body) {
  FORMFUZZ_CHECK(count_ < kRunningTasksMax,
                 "more than 16 tasks and threads in one run");
  const uint8_t id = count_++;
  Start(id, std::move(body));
  return id;
}

void Scheduler::SpawnAs(uint8_t task, std::function<void()> body) {
  FORMFUZZ_CHECK(task < options_.reserved && tasks_[task].ended,
                 "SpawnAs wants a reserved task that has not begun");
  Start(task, std::move(body));
}

void Scheduler::Start(uint8_t id, std::function<void()> body) {
  Task& task = tasks_[id];
  task.body = std::move(body);
  task.waits_for = nullptr;
  task.site = nullptr;
  task.deadline_ms = kNoDeadline;
  task.heir = kNobody;
  task.ended = task.begun = false;
  task.end.run = run_;
  task.end.owner = id;
  task.end.waiters = 0;
  task.end.clock.Clear();
  task.clock.Clear();
  if (current_ != kOutside) {
    task.clock = tasks_[current_].clock;
    tasks_[current_].clock.Tick(current_);
  }
  task.clock.Tick(id);
  Awake(Bit(id));
}

void Scheduler::Join(uint8_t task) {
  Yield(kJoin);
  AwaitEnd(task, task);
}

void Scheduler::AwaitEnd(uint8_t task, uint8_t usual) {
  while (!tasks_[task].ended) {
    WaitOn(tasks_[task].end, kJoin, kNoDeadline, usual);
  }
  Acquire(tasks_[task].end);
}

void Scheduler::RunTask(uint8_t task) noexcept {
  internal::yield_listener = this;  // of a thread, if tasks run on threads
  tasks_[task].begun = true;
  if (options_.begin_task) options_.begin_task();
  tasks_[task].body();
  tasks_[task].body = nullptr;
  Exit();
}

void Scheduler::Exit() {
  Task& task = tasks_[current_];
  task.ended = true;
  task.site = nullptr;
  ready_ &= ~Bit(current_);
  Release(task.end);
  WakeAll(task.end);
  for (uint8_t other = 0; other < count_; ++other) {
    if (!tasks_[other].ended) return Leave(yields_++, task.heir, false);
  }
  ending_.yields = yields_;
  SwitchTo(kOutside);
}

void Scheduler::GiveWay(const YieldSite& site, uint8_t usual) {
  YieldSlowly(yields_++, site, usual, false);
}

void Scheduler::GiveWay(const YieldSite& site) {
  GiveWay(site, NextReady(ready_, current_));
}

void Scheduler::YieldSlowly(uint32_t yield, const YieldSite& site,
                            uint8_t usual, bool is_preemption) {
  if (undisturbed_ > 0) return;
  tasks_[current_].site = &site;
  Leave(yield, usual, is_preemption);
}

void Scheduler::Leave(uint32_t yield, uint8_t usual, bool is_preemption) {
  if (yield >= options_.yields_max) Stop(Ending::Kind::kLivelocked);
  while (ready_ == 0) {
    if (!WakeSleepers()) Stop(Ending::Kind::kDeadlocked);
  }
  const bool spins = yield >= gives_way_at_ && (ready_ & ~Bit(current_)) != 0;
  const uint32_t ready = Rested(spins);
  if (usual >= count_ || (ready & Bit(usual)) == 0) {
    usual = NextReady(ready, current_);
  }
  uint8_t next = usual;
  if (!spins && ready != Bit(usual) && !settled_ &&
      (options_.yields || !is_preemption)) {
    next = policy_->Choose({yield, ready, current_, usual, is_preemption});
  }
  if (next != current_ || next != usual) Record(yield, next, usual);
  if (next == current_) return PlanAsking();
  SwitchTo(next);
}

uint32_t Scheduler::Rested(bool spins) {
  if (spins) spun_ |= Bit(current_);
  if ((ready_ & ~spun_) == 0) spun_ = spins ? Bit(current_) : 0;
  return ready_ & ~spun_;
}

void Scheduler::Record(uint32_t yield, uint8_t next, uint8_t usual) {
  if (ending_.passages.size() == kPassagesMax) return;
  const YieldSite* left = tasks_[current_].site;
  const YieldSite* gone = tasks_[next].site;
  ending_.passages.push_back({yield, current_, next, next != usual,
                              next != usual && usual == current_, NameOf(left),
                              NameOf(gone),
                              uint64_t{HashOf(left)} << 32 | HashOf(gone)});
}

void Scheduler::SwitchTo(uint8_t task) {
  const uint8_t from = std::exchange(current_, task);
  gives_way_at_ = yields_ + kSpinMax;
  PlanAsking();
  const OwnWork own(options_.flag);
  executor_.Switch(from, task);
}

void Scheduler::PlanAsking() {
  if (undisturbed_ > 0) {
    ask_at_ = std::numeric_limits<uint32_t>::max();
    return;
  }
  const uint32_t asked = options_.yields ? policy_->AskAgainAt(yields_)
                                         : std::numeric_limits<uint32_t>::max();
  // Who is alone spins as long as it likes, until somebody is awake.
  const bool is_alone = (ready_ & ~Bit(current_)) == 0;
  const uint32_t spun = is_alone && yields_ > gives_way_at_
                            ? std::numeric_limits<uint32_t>::max()
                            : gives_way_at_;
  ask_at_ = std::min({asked, spun, options_.yields_max});
}

void Scheduler::Stop(Ending::Kind kind) {
  const OwnWork own(options_.flag);
  ending_.kind = kind;
  ending_.yields = yields_;
  ending_.message =
      kind == Ending::Kind::kDeadlocked ? TellDeadlock() : TellLivelock();
  SwitchTo(kOutside);
  FORMFUZZ_CHECK(false, "a task that was abandoned goes on");
}

bool Scheduler::WaitOn(SyncObject& object, const YieldSite& site,
                       uint64_t deadline_ms, uint8_t usual) {
  Task& task = tasks_[current_];
  task.site = &site;
  task.waits_for = &object;
  task.deadline_ms = deadline_ms;
  task.timed_out = false;
  task.waiting_since = waits_++;
  object.waiters |= Bit(current_);
  ready_ &= ~Bit(current_);
  Leave(yields_++, usual, false);
  task.waits_for = nullptr;
  task.deadline_ms = kNoDeadline;
  return !task.timed_out;
}

void Scheduler::WakeOne(SyncObject& object) {
  if (object.waiters == 0) return;
  uint8_t first = kNobody;
  for (uint8_t task = 0; task < count_; ++task) {
    if ((object.waiters & Bit(task)) == 0) continue;
    if (first == kNobody ||
        tasks_[task].waiting_since < tasks_[first].waiting_since) {
      first = task;
    }
  }
  object.waiters &= ~Bit(first);
  Awake(Bit(first));
}

// Time passes only while nobody can go on.
bool Scheduler::WakeSleepers() {
  uint64_t first_ms = kNoDeadline;
  for (uint8_t task = 0; task < count_; ++task) {
    first_ms = std::min(first_ms, tasks_[task].deadline_ms);
  }
  if (first_ms == kNoDeadline) return false;
  if (clock_ != nullptr) {
    clock_->AdvanceToMs(first_ms);
  } else {
    now_ms_ = std::max(now_ms_, first_ms);
  }
  for (uint8_t task = 0; task < count_; ++task) {
    Task& sleeper = tasks_[task];
    if (sleeper.deadline_ms > first_ms) continue;
    sleeper.deadline_ms = kNoDeadline;
    sleeper.timed_out = true;
    sleeper.waits_for->waiters &= ~Bit(task);
    Awake(Bit(task));
  }
  return true;
}

void Scheduler::SleepUntilMs(uint64_t deadline_ms, const YieldSite& site) {
  if (deadline_ms <= NowMs()) return GiveWay(site);
  SyncObject sleep("time");
  Meet(sleep);
  WaitOn(sleep, site, deadline_ms);
}

void Scheduler::Adopt(SyncObject& object) {
  object.run = run_;
  object.ordinal = objects_++;
  object.owner = kNobody;
  object.sharers = object.waiters = 0;
  object.clock.Clear();
}

void Scheduler::ReportRace(std::string message) {
  if (!ending_.race.empty()) return;
  const OwnWork own(options_.flag);
  ending_.race = std::move(message);
}

}  // namespace formfuzz

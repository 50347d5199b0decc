// SPDX-License-Identifier: Apache-2.0
// The search runs in the child; a death in it is recorded by a child of that,
// which still has the policy in its memory.
#include "framework/replay/minimise/schedule_search.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <span>
#include <utility>

#include "framework/base/check.h"
#include "framework/engine/death.h"
#include "framework/schedule/search/drawn_policy.h"
#include "framework/schedule/search/switch_policy.h"

namespace formfuzz {

struct ScheduleSearch::Slot {
  static constexpr uint32_t kMostMax = 3;  // preemptions that are looked at
  static constexpr size_t kCertificateMax = 4096;
  static constexpr size_t kStepsMax = 255;  // of any scenario

  bool found;
  bool complete;
  bool strayed;
  uint32_t preemptions;
  uint32_t most;  // that runs were made with
  uint64_t runs[kMostMax + 1];
  size_t switch_count;
  Switch switches[kSwitchesMax];
  size_t step_count;
  uint8_t order[kStepsMax];
  char certificate[kCertificateMax];
};

namespace {

using Slot = ScheduleSearch::Slot;

// Switches are moved by so many yield points at most, in so many runs.
constexpr uint16_t kMovedMost = 64;
constexpr int kMovedRunsMax = 2000;

SearchResult ResultIn(const Slot& slot) {
  SearchResult result;
  result.found = slot.found;
  result.complete = slot.complete;
  result.strayed = slot.strayed;
  result.preemptions = slot.preemptions;
  result.runs.assign(slot.runs, slot.runs + slot.most + 1);
  result.switches.assign(slot.switches, slot.switches + slot.switch_count);
  return result;
}

bool IsOf(const Finding& finding, const IsolatedResult& failure) {
  return NameOf(finding.verdict.kind) == failure.kind &&
         SignatureOf(finding) == failure.signature;
}

void PutSwitches(std::span<const Switch> switches, Slot& slot) {
  slot.switch_count = switches.size();
  std::copy(switches.begin(), switches.end(), slot.switches);
}

// Of a run, if they can be listed.
using Switches = std::optional<std::span<const Switch>>;

// Takes the switches of a run that fails as is looked for.
class SwitchesSink final : public FindingSink {
 public:
  // `switches`: of the run under way.
  SwitchesSink(Slot& slot, const IsolatedResult& failure,
               std::function<Switches()> switches)
      : slot_(slot), failure_(failure), switches_(std::move(switches)) {}

  bool Record(const Finding& finding) override {
    if (slot_.found || !IsOf(finding, failure_)) return true;
    const Switches switches = switches_();
    if (!switches.has_value()) return true;
    PutSwitches(*switches, slot_);
    slot_.found = true;
    return true;
  }

 private:
  Slot& slot_;
  const IsolatedResult& failure_;
  std::function<Switches()> switches_;
};

void PlayUnder(Policy& policy, Session& session, FindingSink& sink) {
  BeginWatchedRun();
  const Verdict& verdict = session.PlayUnder(policy);
  EndWatchedRun();
  if (!verdict.passed()) sink.Record(session.MakeFinding(verdict));
}

// Those from `first` on, so much earlier; false where one before them is not
// before them any more.
bool MoveUp(size_t first, uint16_t by, std::vector<Switch>& switches) {
  if (first == switches.size()) return true;
  const int earliest = first == 0 ? 0 : switches[first - 1].yield + 1;
  if (switches[first].yield - by < earliest) return false;
  for (size_t i = first; i < switches.size(); ++i) switches[i].yield -= by;
  return true;
}

// Calls `found` until it is true: with `switches`, in order, those from one on
// moved up, or moved up into the place of one that is left out.
void ForEachMoved(std::span<const Switch> switches,
                  absl::FunctionRef<bool(const std::vector<Switch>&)> found) {
  std::vector<Switch> moved;
  for (uint16_t by = 0; by <= kMovedMost; ++by) {
    for (size_t first = 0; first < switches.size(); ++first) {
      moved.assign(switches.begin(), switches.end());
      if (by > 0 && MoveUp(first, by, moved) && found(moved)) return;
      moved.assign(switches.begin(), switches.end());
      moved.erase(moved.begin() + static_cast<ptrdiff_t>(first));
      if (MoveUp(first, by, moved) && found(moved)) return;
    }
  }
}

// Takes what the child records: the failure that is looked for, or another.
class FoundSink final : public FindingSink {
 public:
  FoundSink(Slot& slot, const IsolatedResult& failure)
      : slot_(slot), failure_(failure) {}

  void Watch(const Session& session, const ExhaustivePolicy& policy) {
    session_ = &session;
    policy_ = &policy;
    slot_.most = std::min(policy.most(), Slot::kMostMax);
    ++slot_.runs[slot_.most];
  }
  bool Record(const Finding& finding) override {
    if (policy_ == nullptr || slot_.found || !IsOf(finding, failure_)) {
      return true;
    }
    const std::vector<Switch> switches = policy_->switches();
    if (switches.size() > kSwitchesMax) return true;
    slot_.preemptions = policy_->preemptions();
    PutSwitches(switches, slot_);
    NoteOrder(session_->trace());
    slot_.found = true;
    const std::string text = CertificateOf(ResultIn(slot_), session_->ending());
    text.copy(slot_.certificate, Slot::kCertificateMax - 1);
    return true;
  }

 private:
  void NoteOrder(const Trace& trace) {
    slot_.step_count = std::min(trace.steps.size(), Slot::kStepsMax);
    std::iota(slot_.order, slot_.order + slot_.step_count, uint8_t{0});
    // 0 is that it never began; less one, it is last.
    const auto began = [&](uint8_t step) {
      return std::pair(trace.steps[step].began - 1, step);
    };
    std::ranges::sort(slot_.order, slot_.order + slot_.step_count, {}, began);
  }

  Slot& slot_;
  const IsolatedResult& failure_;
  const Session* session_ = nullptr;
  const ExhaustivePolicy* policy_ = nullptr;  // of the run under way
};

}  // namespace

ScheduleSearch::ScheduleSearch(Isolation& isolation) : isolation_(isolation) {
  void* memory = mmap(nullptr, sizeof(Slot), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  FORMFUZZ_CHECK(memory != MAP_FAILED, "no memory to share with a child");
  slot_ = static_cast<Slot*>(memory);
}

ScheduleSearch::~ScheduleSearch() { munmap(slot_, sizeof(Slot)); }

ScheduleFound ScheduleSearch::Run(Bytes input, const IsolatedResult& failure,
                                  const SearchLimits& limits) {
  std::memset(static_cast<void*>(slot_), 0, sizeof *slot_);
  FoundSink found(*slot_, failure);
  isolation_.Call(found, [&](Session& session, FindingSink&) {
    session.Load(input);
    const auto fails = [&](Policy& policy) {
      found.Watch(session, static_cast<ExhaustivePolicy&>(policy));
      PlayUnder(policy, session, found);
      return slot_->found;
    };
    const SearchResult result = SearchExhaustively(fails, limits);
    slot_->complete = result.complete;
    slot_->strayed = result.strayed;
  });
  ScheduleFound answer{ResultIn(*slot_),
                       slot_->certificate,
                       {slot_->order, slot_->order + slot_->step_count}};
  if (!answer.result.found) {
    answer.certificate = CertificateOf(answer.result, Ending());
  }
  return answer;
}

std::optional<std::vector<Switch>> ScheduleSearch::Move(
    Bytes input, std::span<const Switch> switches,
    const IsolatedResult& failure) {
  if (switches.empty()) return std::nullopt;
  std::memset(static_cast<void*>(slot_), 0, sizeof *slot_);
  SwitchPolicy known;
  known.Follow(switches);
  std::span<const Switch> tried;
  SwitchesSink sink(*slot_, failure, [&] { return Switches(tried); });
  isolation_.Call(sink, [&](Session& session, FindingSink&) {
    session.Load(input);
    int runs = 0;
    ForEachMoved(known.in_order(), [&](const std::vector<Switch>& moved) {
      tried = moved;
      SwitchPolicy policy;
      policy.Follow(moved);
      PlayUnder(policy, session, sink);
      return slot_->found || ++runs == kMovedRunsMax;
    });
  });
  return SwitchesFound();
}

std::optional<std::vector<Switch>> ScheduleSearch::List(
    Bytes input, const Draw& draw, const IsolatedResult& failure) {
  std::memset(static_cast<void*>(slot_), 0, sizeof *slot_);
  DrawnPolicy policy;
  policy.Follow(draw);
  SwitchesSink sink(*slot_, failure, [&]() -> Switches {
    if (!policy.listed_all()) return std::nullopt;
    return policy.taken();
  });
  isolation_.Call(sink, [&](Session& session, FindingSink&) {
    session.Load(input);
    PlayUnder(policy, session, sink);
  });
  return SwitchesFound();
}

std::optional<std::vector<Switch>> ScheduleSearch::SwitchesFound() const {
  if (!slot_->found) return std::nullopt;
  return std::vector<Switch>(slot_->switches,
                             slot_->switches + slot_->switch_count);
}

}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// What is said when nobody can go on, or somebody does not stop.
#include <bit>

#include "framework/base/text.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/task_bit.h"

namespace formfuzz {
// Who must act before the task goes on, where that is one task.
uint8_t Scheduler::AwaitedBy(uint8_t task) const {
  const SyncObject* object = tasks_[task].waits_for;
  if (object == nullptr) return kNobody;
  if (object->owner < count_) return object->owner;
  if (object->sharers != 0) {
    return static_cast<uint8_t>(std::countr_zero(object->sharers));
  }
  return kNobody;
}

void Scheduler::AppendWait(uint8_t task, std::string& text) const {
  const SyncObject& object = *tasks_[task].waits_for;
  text += Concat("task ", unsigned{task}, " waits for ");
  const uint8_t awaited = AwaitedBy(task);
  if (awaited != kNobody && &tasks_[awaited].end == &object) {
    text += Concat("the end of task ", unsigned{awaited});
    return;
  }
  text += Concat(object.kind, " ", object.ordinal, " (",
                 tasks_[task].site->name, ")");
  if (awaited == kNobody) {
    text += ", which nobody will bring about";
  } else if (tasks_[awaited].ended) {
    text += Concat(", held by task ", unsigned{awaited}, ", which has ended");
  } else {
    text += Concat(", held by task ", unsigned{awaited});
  }
}

// The cycle first, where there is one, then everybody else.
std::string Scheduler::TellDeadlock() const {
  uint32_t waiting = 0;
  for (uint8_t task = 0; task < count_; ++task) {
    if (!tasks_[task].ended) waiting |= Bit(task);
  }
  uint32_t told = 0;
  std::string text;
  const auto tell = [&](uint8_t task) {
    if (!text.empty()) text += "; ";
    AppendWait(task, text);
    told |= Bit(task);
  };
  for (uint8_t start = 0; start < count_ && told == 0; ++start) {
    uint8_t at = AwaitedBy(start);
    for (uint8_t hops = 0; hops < count_ && at < count_ && at != start;
         ++hops) {
      at = AwaitedBy(at);
    }
    if (at != start) continue;
    do {
      tell(at);
      at = AwaitedBy(at);
    } while (at != start);
  }
  for (uint8_t task = 0; task < count_; ++task) {
    if ((waiting & ~told & Bit(task)) != 0) tell(task);
  }
  return text;
}

std::string Scheduler::TellLivelock() const {
  const YieldSite* site = tasks_[current_].site;
  return Concat("after ", options_.yields_max, " yield points task ",
                unsigned{current_}, " still runs, at ",
                site == nullptr ? "its beginning" : site->name);
}

}  // namespace formfuzz

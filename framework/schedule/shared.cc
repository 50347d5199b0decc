// SPDX-License-Identifier: Apache-2.0
// The check of one access against the last ones of all tasks.
#include "framework/schedule/shared.h"

#include <bit>
#include <string_view>

#include "framework/base/text.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/task_bit.h"

namespace formfuzz {
namespace {

// Paths differ between machines, findings should not.
std::string PlaceOf(std::source_location where) {
  std::string_view file = where.file_name();
  file = file.substr(file.rfind('/') + 1);
  return Concat(file, ":", where.line());
}

}  // namespace

bool SharedAccesses::Enter() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return false;
  scheduler->Yield(site_);
  if (run_ != scheduler->run()) {
    run_ = scheduler->run();
    writer_ = kNobody;
    readers_ = 0;
  }
  return true;
}

void SharedAccesses::Judge(const Access& earlier, uint8_t by, const char* verbs,
                           std::source_location where) const {
  Scheduler& scheduler = *Scheduler::Current();
  if (by == scheduler.current()) return;
  if (earlier.tick <= scheduler.clock_of_current().of(by)) return;
  const bool wrote = verbs[0] == 'w';
  const bool writes = verbs[1] == 'w';
  scheduler.ReportRace(Concat(
      site_.name, ": ", wrote ? "written" : "read", " by task ", unsigned{by},
      " at ", PlaceOf(earlier.where), " and ", writes ? "written" : "read",
      " by task ", unsigned{scheduler.current()}, " at ", PlaceOf(where),
      ", and nothing orders the two"));
}

void SharedAccesses::Read(std::source_location where) {
  if (!Enter()) return;
  if (writer_ != kNobody) Judge(write_, writer_, "wr", where);
  const Scheduler& scheduler = *Scheduler::Current();
  const uint8_t self = scheduler.current();
  readers_ |= Bit(self);
  reads_[self] = {scheduler.clock_of_current().of(self), where};
}

void SharedAccesses::Write(std::source_location where) {
  if (!Enter()) return;
  if (writer_ != kNobody) Judge(write_, writer_, "ww", where);
  for (uint32_t left = readers_; left != 0; left &= left - 1) {
    const auto reader = static_cast<uint8_t>(std::countr_zero(left));
    Judge(reads_[reader], reader, "rw", where);
  }
  const Scheduler& scheduler = *Scheduler::Current();
  writer_ = scheduler.current();
  write_ = {scheduler.clock_of_current().of(writer_), where};
  readers_ = 0;
}

}  // namespace formfuzz

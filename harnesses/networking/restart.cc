// SPDX-License-Identifier: Apache-2.0
// Nodes that write down what they know, and are made anew, with it or without.
#include "harnesses/networking/subject.h"

namespace formfuzz {

Outcome Networking::SaveRecords(Who who) {
  world_.CatchUp();
  records_[IndexOf(who)] = world_.node(who).Save();
  recorded_[IndexOf(who)] = RecordedOf(who);
  run_.Expect(!world_.node(who).Load(records_[IndexOf(who)]).ok() &&
                  world_.node(who).Save() == records_[IndexOf(who)],
              "RecordsAreForNewNodes");
  return Settle(Outcome::Ok());
}

// What it had not handed over is gone with it.
void Networking::BeginAnew(Who who) {
  world_.CatchUp();
  WatchSessions();
  Disturb();
  restarted_ = true;
  LedgerFrom(who).GivenUp(world_.ViewOf(who).queued, 0,
                          MessageLedger::MayGiveUp::kAll);
}

// The node that takes its place knows no more than was recorded.
void Networking::ForgetNode(Who who, const Recorded& recorded) {
  const size_t index = IndexOf(who);
  wants_[index] = recorded.wanted;
  may_hear_the_end_[index] = false;
  answered_from_[index].clear();
  heard_from_[index].clear();
  if (recorded.hint) heard_from_[index].push_back(*recorded.hint);
  ended_[index].reset();
}

// Without fresh records it no longer knows which handshakes it has seen, and
// mallory gets no credit for sending one again.
Outcome Networking::Restart(Who who, Left with) {
  const bool with_records = with == Left::kRecords;
  BeginAnew(who);
  std::string& records = records_[IndexOf(who)];
  const bool fresh = with_records && records.empty();
  const Recorded recorded = fresh ? RecordedOf(who) : recorded_[IndexOf(who)];
  if (fresh) records = world_.node(who).Save();
  if (!fresh) {
    overheard_.Forget(IndexOf(who));
    stamps_[IndexOf(who)] = 0;
  }
  world_.Restart(who, with_records ? records : std::string());
  ForgetNode(who, with_records ? recorded : Recorded());
  served_[IndexOf(who)].Begin(world_.now_ms());
  run_.Expect(!with_records || (RecordedOf(who) == recorded &&
                                world_.node(who).Save() == records),
              "RecordsAreKept");
  if (fresh) records.clear();
  return Settle(Outcome::Ok());
}

// It finds the other where it is told to, if at all, until it is told of a
// relay.
Outcome Networking::RestartWithoutRelay(Who who, bool hint) {
  BeginAnew(who);
  overheard_.Forget(IndexOf(who));
  stamps_[IndexOf(who)] = 0;
  Recorded told;
  if (hint) told.hint = world_.LocalOf(OtherOf(who));
  world_.RestartWithoutRelay(who, told.hint);
  ForgetNode(who, told);
  served_[IndexOf(who)].End();
  run_.Expect(RecordedOf(who) == told, "KnownPlacesAreTried", "as told");
  return Settle(Outcome::Ok());
}

}  // namespace formfuzz

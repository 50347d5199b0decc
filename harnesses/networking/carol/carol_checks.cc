// SPDX-License-Identifier: Apache-2.0
// Carol as one who looks for a path: she asks, from where she said that she is
// and from elsewhere, and answers where she likes.
#include <algorithm>
#include <array>
#include <utility>

#include "harnesses/networking/subject.h"

namespace formfuzz {

using overlay::Bytes;
using overlay::Endpoint;

namespace {

// A message in the words of RFC 8489, by no writer of the component's.
class StunText {
 public:
  StunText(overlay::StunType type, const overlay::Transaction& transaction) {
    out_.U16(static_cast<uint16_t>(type)).U16(0).U32(overlay::kStunCookie);
    out_.Put(transaction);
  }
  overlay::Writer& out() { return out_; }

  // With MESSAGE-INTEGRITY, for which the length is as long as it will be.
  Bytes End(Bytes password, const overlay::Crypto& crypto) {
    const size_t length =
        out_.size() + 4 + overlay::kIntegrityBytes - overlay::kStunHeadBytes;
    bytes_[2] = static_cast<uint8_t>(length >> 8);
    bytes_[3] = static_cast<uint8_t>(length);
    const auto integrity = crypto.IntegrityOf(password, out_.written());
    out_.U16(0x0008).U16(overlay::kIntegrityBytes).Put(integrity);
    return out_.written();
  }

 private:
  std::array<uint8_t, 128> bytes_{};
  overlay::Writer out_{bytes_};
};

}  // namespace

void Networking::NoteTaken(Who to, Bytes frames, uint32_t end) {
  overlay::Reader in(frames);
  while (in.left() > 0) {
    const overlay::Frame frame = *overlay::ReadFrame(in);
    if (const auto* ack = std::get_if<overlay::AckFrame>(&frame)) {
      SaidToCarol(to).Acknowledged(*ack, end, world_.now_ms());
    }
  }
}

// A path is kept that is named again, or was never named; what is no longer
// named is none.
void Networking::NotePlaces(Who to, Bytes frames, const View& before,
                            const View& after) {
  CarolPaths& paths = carol_paths_[IndexOf(to)];
  paths.NoteOwn(after.own);
  overlay::Reader in(frames);
  size_t count = 0;
  bool replaced = false;
  overlay::CandidateList list;
  const bool named_before = before.direct && paths.Names(*before.direct);
  while (in.left() > 0) {
    const overlay::Frame frame = *overlay::ReadFrame(in);
    const auto* named = std::get_if<overlay::CandidatesFrame>(&frame);
    ++count;
    if (named == nullptr) continue;
    replaced = paths.Named(*named);
    list = named->candidates;
  }
  if (count != 1 || !replaced || !before.direct) return;
  const Endpoint path = *before.direct;
  const bool kept = list.Holds(path) || CarolPaths::IsElsewhere(path);
  const int64_t since_ms = world_.now_ms() - overlay::Settings().path_valid_ms;
  run_.Expect(!kept || !paths.HasAnswered(path, since_ms + 1) ||
                  after.direct.has_value(),
              "PathsSurviveLists");
  run_.Expect(kept || !named_before || after.direct != path,
              "PlacesNotNamedAreLeft");
}

Outcome Networking::CarolChecks(Who to, uint8_t place, uint8_t others) {
  world_.CatchUp();
  if (world_.ViewOfCarol(to).state != overlay::PeerState::kUp ||
      world_.exhausted()) {
    return Settle(Outcome::Refused("no_session"));
  }
  const uint64_t before = StateOf(to);
  const auto& places = carol_paths_[IndexOf(to)].places();
  if (place < places.size()) CarolAsks(to, places[place].endpoint);
  for (uint8_t i = 0; i < others; ++i) CarolAsks(to, CarolPaths::Elsewhere(i));
  run_.Expect(StateOf(to) == before, "PeersAreKeptApart");
  return Settle(Outcome::Ok());
}

// She is answered, and asked back at once where she said that she is, unless
// that was just done (RFC 8445, 7.3.1.4), or is a path; as is the first that
// comes from elsewhere in a session.
void Networking::CarolAsks(Who to, const Endpoint& from) {
  const View view = world_.ViewOfCarol(to);
  CarolPaths& paths = carol_paths_[IndexOf(to)];
  paths.NoteOwn(view.own);
  const bool is_first = paths.IsFirstNewcomer(from);
  overlay::Transaction transaction{};
  overlay::Writer(transaction).U64(0x6361726f6c).U32(from.port);
  StunText text(overlay::StunType::kRequest, transaction);
  text.out().U16(0x0006).U16(8).U32(view.own.name).U32(from.port);
  text.out().U16(0x0024).U16(4).U32(1);
  carol_waits_ = from;
  world_.Inject(to, from, text.End(view.own.password, world_.crypto()));
  run_.Expect(!carol_waits_.has_value(), "HonestChecksAreAnswered");
  carol_waits_.reset();
  const int64_t since_ms = world_.now_ms() - overlay::Settings().check_first_ms;
  // A full list has no room for all that she names beside older paths.
  const bool is_full = view.candidates >= 2 * overlay::kCandidatesMax;
  run_.Expect(!paths.Names(from) || paths.HasAnswered(from, 0) ||
                  paths.WasAsked(from, since_ms) || is_full,
              "WhoAsksIsAskedBack");
  run_.Expect(!is_first || paths.WasAsked(from, world_.now_ms()) || is_full,
              "WhoAsksIsAskedBack", "a newcomer");
}

// It makes a path, which is used unless there is a better one.
Outcome Networking::CarolAnswers(Who to, uint8_t place, bool elsewhere) {
  world_.CatchUp();
  CarolPaths& paths = carol_paths_[IndexOf(to)];
  const auto& places = paths.places();
  const bool named = !elsewhere && place < places.size();
  const Endpoint from =
      named ? places[place].endpoint : CarolPaths::Elsewhere(place);
  const View seen = world_.ViewOfCarol(to);
  if (seen.state != overlay::PeerState::kUp) {
    return Settle(Outcome::Refused("no_session"));
  }
  const auto question = paths.TakeQuestion(from, world_.now_ms());
  if (!question.has_value()) return Settle(Outcome::Refused("unasked"));
  StunText text(overlay::StunType::kSuccess, *question);
  const Endpoint local = world_.LocalOf(to);
  text.out().U16(0x0020).U16(8).U8(0).U8(1);
  text.out().U16(static_cast<uint16_t>(local.port ^ 0x2112));
  text.out().U32(local.address ^ overlay::kStunCookie);
  carol_answered_ = true;
  const uint64_t before = StateOf(to);
  world_.Inject(to, from,
                text.End(paths.credentials().password, world_.crypto()));
  run_.Expect(StateOf(to) == before, "PeersAreKeptApart");
  const View after = world_.ViewOfCarol(to);
  if (after.answered_ms == world_.now_ms()) {
    paths.NoteCounted(from, seen.answered_ms != after.answered_ms,
                      after.answered_ms);
  }
  const auto path = after.direct;
  if (named) {
    run_.Expect(path.has_value(), "HonestAnswersCount");
    run_.Expect(!path.has_value() || !paths.KnowsKindOf(*path) ||
                    paths.KindOf(*path) <= paths.KindOf(from),
                "TheBestPathIsUsed");
  }
  return Settle(Outcome::Ok());
}

}  // namespace formfuzz

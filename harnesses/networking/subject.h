// SPDX-License-Identifier: Apache-2.0
// What one scenario of networking acts on: alice and bob, who send each other
// messages by an overlay, the internet between them, mallory, who sees all of
// it and may send what she likes from where she likes, and carol, whom both
// know, and who has keys and no manners.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_SUBJECT_H_
#define FORMFUZZ_HARNESSES_NETWORKING_SUBJECT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/formfuzz.h"
#include "generators/overlay/packet.h"
#include "harnesses/networking/carol/carol_paths.h"
#include "harnesses/networking/mallory/overheard.h"
#include "harnesses/networking/mallory/tampering.h"
#include "harnesses/networking/message_ledger.h"
#include "harnesses/networking/notes.h"
#include "harnesses/networking/pace.h"
#include "harnesses/networking/relay/relay_clients.h"
#include "harnesses/networking/relay/served.h"
#include "harnesses/networking/said/said.h"
#include "harnesses/networking/world.h"

namespace formfuzz {

// Where what mallory makes up claims to be from.
enum class Source : uint8_t { kMallory, kRelay, kOther };

// What is left of a node that is made anew.
enum class Left : uint8_t { kRecords, kNothing };

// Who can reach whom.
enum class Cut : uint8_t { kOther, kRelay, kBoth, kNothing };

class Networking final : public WorldWatch {
 public:
  explicit Networking(Run& run);

  const World& world() const { return world_; }

  // Steps of users.
  Outcome Connect(Who who);
  Outcome Disconnect(Who who);
  Outcome Send(Who who, uint16_t size);
  // Short ones, as many as there is room for.
  Outcome SendMany(Who who, uint8_t messages);
  Outcome Pass(uint32_t ms);
  // What a node wrote down is from now, or from when it was last saved.
  Outcome SaveRecords(Who who);
  Outcome Restart(Who who, Left with);

  // Steps of the world.
  Outcome Place(Who who, const PlaceSpec& place);
  Outcome SetAddresses(Who who, uint8_t more);
  Outcome PlaceBoth(const PlaceSpec& place);
  Outcome Rebind(Who who);
  Outcome SetLink(Who who, const Link& link, uint8_t seed);
  Outcome SetCut(Who who, Cut cut);
  Outcome Heal();
  Outcome UseRelay(Who who);
  // Anew, and told of no relay, but perhaps where the other is.
  Outcome RestartWithoutRelay(Who who, bool hint);
  Outcome StrangerRegisters(uint8_t number);
  Outcome AddPeer(Who who, Newcomer newcomer);

  // Steps of mallory.
  Outcome Replay(Who to, const ReplaySpec& replay);
  Outcome Forge(Who to, const ForgerySpec& forgery);
  Outcome Intercept(Who to, const InterceptSpec& interception);
  // The next one of the kind arrives only when it is released.
  Outcome Hold(Who to, SeenKind of, uint8_t skip);
  Outcome Release();
  Outcome ReplayToRelay(SeenKind of, uint8_t back, RelayReplay from);
  Outcome Inject(Who to, Source from, const PacketSpec& packet);
  Outcome TellRelay(Source from, const PacketSpec& packet);
  // As whom, without the key of that.
  Outcome Impersonate(Who to, Claimed as);
  // With a key of its own.
  Outcome StrangerSaysHello(Who to, uint8_t number);
  // What a node wrote down has changed before it is read again.
  Outcome DamageRecords(Who who, Tamper tamper, uint16_t at);

  // Steps of carol, and with her.
  Outcome CarolSaysHello(Who to);
  // Wrapped as if it came by the relay.
  Outcome CarolSaysHelloRelayed(Who to, Source by);
  Outcome CarolLeaves(Who to);
  Outcome DisconnectCarol(Who who);
  Outcome CarolSays(Who to, std::span<const FrameSpec> frames);
  // Up to so many messages beyond all that wait for it.
  Outcome CarolAcknowledges(Who to, int32_t beyond, uint8_t bits);
  Outcome CarolMisses(Who to, uint8_t which);
  // Where she is, at so many addresses, in a list that is so much newer than
  // the last; and that she knows where they are.
  Outcome CarolNames(Who to, int32_t newer, uint8_t count, uint16_t port);
  Outcome CarolHasSeen(Who to, int32_t number);
  Outcome SendToCarol(Who who, uint16_t size);
  // She asks whether she reaches them, from one of the places that she named,
  // or from so many others.
  Outcome CarolChecks(Who to, uint8_t place, uint8_t others);
  // And that they reach her, when they have asked there.
  Outcome CarolAnswers(Who to, uint8_t place, bool elsewhere);

  // Rules, judged after every step. Empty while they hold.
  std::string DeliversInOrderOnce() const { return delivery_trouble_; }
  std::string StrangersAreNotAmplified() const;
  bool NoncesAreNeverReused() const { return !world_.nonces().reused(); }
  bool MessagesAreNeverReadable() const { return !readable_; }
  bool TimersAdvance() const { return !world_.spins(); }
  bool EphemeralsAreFresh() const { return !ephemeral_again_; }
  bool ChecksAreRare() const { return !checks_in_a_row_; }
  // Where nothing comes back, repetitions become rare.
  bool SilenceIsRespected() const { return !hasty_; }
  // While the network is whole, and nobody leaves or begins anew.
  bool SessionsStayUp() const { return !session_lost_; }

  // By then whatever either sealed is taken, and need not be sent again.
  bool HonestPacketsAreHeard() const { return !unheard_; }
  // In the same calm nothing goes by the relay once both have a direct path.
  bool PathsStayUp() const { return !path_lost_; }
  // The relay sends to whoever has registered from there of late.
  bool TheSilentAreForgotten() const { return !sent_to_silent_; }

  std::string CarolIsHeardRight() const { return carol_trouble_; }

  // Judged at the end, when the network is whole again.
  bool EverythingArrives();
  bool ViewsAgree();
  bool DirectWherePossible();

  // Goals.
  bool WasDirect() const { return was_direct_; }
  bool WasRelayed() const { return was_relayed_; }
  bool WasRenewed() const { return was_renewed_; }
  bool GaveUp() const { return gave_up_; }

  void OnMessage(Who at, overlay::Bytes message) override;
  void OnGivenUp(Who at, size_t messages) override;
  void OnMessageOfCarol(Who at, overlay::Bytes message) override;
  void OnRelaySent(const overlay::Endpoint& to,
                   overlay::Bytes datagram) override;
  void OnSent(Who by, const overlay::Endpoint& to,
              overlay::Bytes datagram) override;
  void OnMallory(Who at, size_t bytes) override;
  void OnHeard(Who at, const overlay::Endpoint& from,
               overlay::Bytes datagram) override;
  void OnRelayHeard(const overlay::Endpoint& from,
                    overlay::Bytes datagram) override;
  void OnArrival(Who at, const overlay::Endpoint& from,
                 std::vector<uint8_t> datagram) override;
  void OnRelayArrival(const overlay::Endpoint& from,
                      std::vector<uint8_t> datagram) override;
  bool Intercepted(Who at, const overlay::Endpoint& from,
                   const std::vector<uint8_t>& datagram) override;

 private:
  using View = overlay::PeerView;
  struct Interception {
    Who to;
    InterceptSpec as;
    bool holds;
  };
  // What records say of the other member.
  struct Recorded {
    bool wanted = false;
    uint64_t stamp_seen = 0;
    std::optional<overlay::Endpoint> hint;
    bool operator==(const Recorded&) const = default;
  };
  // Bytes that a stranger sent, and that were sent to it.
  struct Traffic {
    uint64_t in = 0;
    uint64_t out = 0;
  };
  void JudgeSent(const overlay::Endpoint& to, overlay::Bytes datagram);
  void JudgeAnswer(Who by, overlay::Bytes datagram);
  // What they say to each other and to carol.
  bool IsForCarol(const Sent& sent) const;
  void NoteSaid(const Sent& sent, bool to_carol);
  void JudgeStamp(Who by);
  void JudgeSaid(Who who, const View& view);
  void JudgeRenewal(Who who, const View& view);
  void JudgeServed(Who who);
  overlay::Key KeyOf(Newcomer newcomer, Who who) const;
  void JudgePassedOn(const overlay::Endpoint& from, overlay::Bytes datagram);
  void JudgeMemory(const View& view);  // of one peer
  Said& SaidToCarol(Who who) { return said_[IndexOf(who)][1]; }
  // A packet of carol's was taken that holds these.
  void NoteTaken(Who to, overlay::Bytes frames, uint32_t end);
  void NotePlaces(Who to, overlay::Bytes frames, const View& before,
                  const View& after);
  void CarolAsks(Who to, const overlay::Endpoint& from);
  void NotePace(const Sent& sent);
  void NoteBegun(const Sent& sent, const View& view);
  void BeginAnew(Who who);
  void ForgetNode(Who who, const Recorded& recorded);
  std::array<ToldCarol, kMembers> ToldToCarol() const;
  void JudgePlaces(Who to, std::span<const FrameSpec> frames,
                   const View& before, const View& after);
  // Where they are is said to her again and again until she has seen it.
  void JudgeTold(const std::array<ToldCarol, kMembers>& before, uint32_t ms);
  void NotePlace(const overlay::Endpoint& from, Notes<HeardFrom>& known) const;
  // A datagram by the relay to the other member, or to the relay's client.
  void NoteDetour(const Sent& sent);
  void NoteRelayed(const overlay::Endpoint& to, overlay::Bytes datagram);
  // Whether something happened since the last look that may end a session.
  bool IsDisturbed() const {
    return world_.sleeps() != sleeps_ || world_.exhausted() ||
           run_.faults().fired() != fired_;
  }
  Recorded RecordedOf(Who who) const {
    const View view = world_.ViewOf(who);
    return {view.wanted, view.stamp_seen, view.hint};
  }
  void NoteEphemeral(const Sent& sent);
  // The session last seen, to tell a renewal of its keys.
  struct Session {
    uint32_t epoch = 0;
    uint32_t sessions = 0;
  };
  // Time for what a disturbance left to be noticed, and mended.
  static constexpr int64_t kCalmAfterMs = 120'000;

  MessageLedger& LedgerFrom(Who sender) { return ledgers_[IndexOf(sender)]; }
  absl::Status Offer(Who who, uint16_t size);
  // Until the present; then looks at what became of it.
  Outcome Settle(Outcome outcome);
  // Something happened that may end a session.
  void Disturb();
  std::array<View, kMembers> WatchSessions();  // as they are now
  void ObservePlaces(const std::array<View, kMembers>& views);
  void JudgeHint(Who who, const View& view);
  void JudgeEnd(Who who, const View& view);
  void JudgeWanted(Who who, const View& view);
  void CarolBegins(Who to);
  bool IsOvertaken(Who at, const overlay::SealedPacket& packet);
  void NoteHeard(Who at, const overlay::Endpoint& from,
                 overlay::Bytes datagram);
  uint64_t StateOf(Who who) const;
  // Changed, to the member, from there: that changes nothing.
  void SendForged(Who to, const overlay::Endpoint& from,
                  const InterceptSpec& as, std::vector<uint8_t> datagram);
  overlay::Endpoint EndpointOf(Source source, Who to);
  void JudgeRelayAnswer(overlay::Bytes told, bool answered);
  void PutIntoRelay(const overlay::Endpoint& from, overlay::Bytes datagram);
  bool SomebodyWants() const;
  bool IsQuiet();
  bool IsPossibleByChance();

  Run& run_;
  std::array<MessageLedger, kMembers> ledgers_{MessageLedger(0),
                                               MessageLedger(1)};
  // With mallory: of each member, and of the relay.
  std::array<Traffic, kMembers + 1> strangers_;
  // Messages of carol's present stream that arrived.
  std::array<uint32_t, kMembers> carol_count_{};
  std::string carol_trouble_;
  // The highest number of her places that they were told, in her stream.
  std::array<uint32_t, kMembers> carol_number_{};
  std::array<CarolPaths, kMembers> carol_paths_;
  std::array<Served, kMembers> served_;
  RelayClients clients_;
  uint64_t strangers_said_ = 0;
  std::optional<overlay::Endpoint> carol_waits_;    // for an answer there
  bool carol_answered_ = false;                     // she may have a path
  std::array<std::array<Said, 2>, kMembers> said_;  // to the other, to carol
  // Of each, the handshakes that it began, and since when, in calm, keys of
  // these have sealed more than they should.
  std::array<Notes<uint32_t>, kMembers> begun_;
  std::array<Repetition, kMembers> hellos_;
  std::array<std::optional<Overused>, kMembers> overused_;
  // She may have said that she has seen their candidates.
  std::array<bool, kMembers> carol_saw_{};
  std::array<PaceOfQuestions, kMembers> paces_;
  std::array<Silence, kMembers> silences_;
  bool hasty_ = false;
  std::array<bool, kMembers> wants_{};  // each the other one, when asked
  // It has been left, and may have the keys to read that.
  std::array<bool, kMembers> may_hear_the_end_{};
  std::array<uint64_t, kMembers> stamps_{};  // of the last handshake of each
  std::array<Session, kMembers> sessions_;
  bool checks_in_a_row_ = false;
  // Of each, the question to the STUN server that it sent last.
  std::array<overlay::Transaction, kMembers> asked_{};
  bool impaired_ = false;     // links, until all are healed
  int64_t calm_from_ms_ = 0;  // sessions that are up stay up from then on
  bool both_up_ = false;      // when looked at last, in calm
  bool both_direct_ = false;  // besides
  bool path_lost_ = false;
  bool sent_to_silent_ = false;
  bool session_lost_ = false;
  bool unheard_ = false;
  Notes<NewestHeard> newest_;
  size_t sleeps_ = 0;  // of the world, and faults that fired: when looked last
  size_t fired_ = 0;
  std::array<std::string, kMembers> records_;
  std::array<Recorded, kMembers> recorded_;
  Notes<HeardFrom> registered_;
  // Of each, where direct packets came from; and how many it sealed for the
  // other, and the sessions that it had had when it last ended one.
  std::array<Notes<overlay::Endpoint>, kMembers> heard_from_;
  std::array<Notes<HeardFrom>, kMembers> answered_from_;  // STUN
  std::array<uint64_t, kMembers> sealed_{};
  std::array<std::optional<uint32_t>, kMembers> ended_;
  std::vector<overlay::Key> ephemerals_;  // of handshakes that were sent
  bool ephemeral_again_ = false;
  Overheard overheard_;
  std::optional<Interception> interception_;
  std::optional<Overheard::Seen> held_;  // on its way
  std::string delivery_trouble_;
  uint64_t relay_sent_ = 0;
  uint64_t relay_sent_before_ = 0;   // it had what it hears now
  std::vector<uint8_t> relay_said_;  // last
  // Sums of what mallory gave it to pass on.
  std::vector<uint32_t> put_in_;
  bool readable_ = false;
  bool gave_up_ = false;
  bool restarted_ = false;     // somebody, who then has another stream
  bool disconnected_ = false;  // somebody, and all that waited is given up
  bool moved_ = false;         // to another place, after they had met
  bool was_direct_ = false;
  bool was_relayed_ = false;
  bool was_renewed_ = false;
  World world_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_SUBJECT_H_

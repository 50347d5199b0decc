// SPDX-License-Identifier: Apache-2.0
// The overlay between two members: through NATs, past mallory, over links that
// fail and come back.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generators/overlay/conditions.h"
#include "harnesses/networking/subject.h"

namespace formfuzz {
namespace {

using Subject = Networking;

auto AnyMember() { return EnumOf<Who>(); }
// The one that the other one mostly begins with.
auto MostlyBob() { return MostlyFirst<Who>(1, Who::kBob); }

auto MessageSizes() {
  return ElementOf<uint16_t>(
      {16, 1, 1000, 1024, 1025, 2048, 4096, 300, 8, 4097, 0});
}

auto Pauses() {
  return ElementOf<uint32_t>(
      {1'000, 100, 20, 1, 300, 3'000, 10'000, 15'000, 25'000, 51'000, 121'000});
}

// What timers of nodes and NATs wait for.
auto LongPauses() {
  return ElementOf<uint32_t>({25'000, 51'000, 121'000, 15'000, 181'000});
}

auto Places() {
  return StructOf<PlaceSpec>(EnumOf<PlaceKind>(), NatBehaviours());
}

auto Replays(SeenKind usual) {
  return StructOf<ReplaySpec>(MostlyFirst<SeenKind>(2, usual),
                              InRange<uint8_t>(0, 31), BoolDomain(),
                              BoolDomain());
}

// Of what is on its way.
auto Interceptions() {
  return StructOf<InterceptSpec>(
      MostlyFirst<SeenKind>(1, SeenKind::kCheckAnswer), InRange<uint8_t>(0, 3),
      EnumOf<Tamper>(), InRange<uint16_t>(0, 1023));
}

auto Forgeries() {
  return StructOf<ForgerySpec>(EnumOf<SeenKind>(), InRange<uint8_t>(0, 15),
                               EnumOf<Tamper>(), InRange<uint16_t>(0, 1023),
                               BoolDomain());
}

// What belongs together, so that scenarios get somewhere.
using Names = std::vector<std::string_view>;
using Sequences = std::vector<std::pair<std::string, Names>>;

Sequences OfMembers() {
  return {
      {"meet", {"connect", "pass", "send", "pass"}},
      {"meet_behind_nats", {"place", "place", "connect", "pass"}},
      {"meet_behind_like_nats", {"place_both", "connect", "pass", "idle"}},
      {"move", {"connect", "pass", "place", "pass"}},
      {"rebind", {"place", "connect", "pass", "rebind", "send", "idle"}},
      {"rebind_behind_nats",
       {"place", "place", "connect", "pass", "rebind", "idle"}},
      {"repeat", {"connect", "send", "pass", "replay", "replay"}},
      {"repeat_later", {"send", "pass", "restart", "replay"}},
      {"repeat_much_later",
       {"connect", "pass", "send_many", "pass", "replay_sealed",
        "replay_sealed"}},
      {"repeat_answers", {"pass", "replay_answers", "idle"}},
      {"register_again", {"pass", "replay_to_relay", "replay_to_relay"}},
      {"intercept", {"connect", "intercept", "pass", "pass"}},
      {"late",
       {"connect", "send", "pass", "hold", "send", "pass", "restart", "send",
        "pass", "release"}},
      {"ask_again", {"connect", "pass", "replay", "pass"}},
      {"forge", {"connect", "pass", "forge", "forge"}},
      {"make_up", {"connect", "pass", "inject", "inject_stun"}},
      {"answer_first", {"restart", "inject_stun", "inject_stun"}},
      {"register", {"tell_relay", "ask_relay"}},
      {"silence", {"stranger_registers", "idle", "idle", "stranger_registers"}},
      {"newcomer", {"stranger_says_hello", "add_peer", "stranger_says_hello"}},
      {"move_house", {"connect", "pass", "addresses", "pass", "addresses"}},
      {"wear_out_keys",
       {"connect", "pass", "send_many", "pass", "send_many", "pass",
        "send_many", "idle"}},
      {"lose", {"connect", "pass", "link", "send", "send", "send", "pass"}},
      {"restart", {"connect", "send", "pass", "restart", "send", "pass"}},
      {"meet_again", {"connect", "pass", "send", "restart", "pass"}},
      {"without_relay",
       {"restart_without_relay", "connect", "pass", "send", "pass"}},
      {"relay_comes_late",
       {"restart_without_relay", "restart_without_relay", "connect", "pass",
        "use_relay", "pass"}},
      {"cut", {"connect", "pass", "cut", "send", "idle", "heal"}},
      {"cut_long",
       {"connect", "pass", "cut", "send", "idle", "idle", "idle", "heal"}}};
}

Sequences OfCarol() {
  return {
      {"carol", {"carol_says_hello", "carol_says", "carol_says"}},
      {"carol_talks",
       {"carol_says_hello", "carol_says", "carol_says", "carol_says"}},
      {"reply", {"carol_says_hello", "send_to_carol", "carol_acknowledges"}},
      {"answer_carol_late",
       {"carol_says_hello", "send_to_carol", "send_to_carol", "pass",
        "carol_acknowledges", "pass"}},
      {"carol_misses",
       {"carol_says_hello", "send_to_carol", "send_to_carol", "send_to_carol",
        "pass", "carol_misses", "pass"}},
      {"call_two", {"send_to_carol", "connect", "pass"}},
      {"carol_moves", {"carol_says_hello", "carol_names", "carol_names"}},
      {"carol_asks", {"carol_says_hello", "carol_names", "carol_checks"}},
      {"carol_answers",
       {"carol_says_hello", "carol_names", "carol_answers", "carol_names"}},
      {"carol_comes_from_elsewhere",
       {"carol_says_hello", "carol_names", "carol_checks", "carol_answers",
        "carol_names"}},
      {"carol_answers_once",
       {"carol_says_hello", "carol_names", "pass", "carol_answers", "pass"}},
      {"later", {"carol_says_hello", "carol_names", "pass", "carol_checks"}},
      {"carol_comes_back",
       {"carol_says_hello", "carol_names", "carol_checks", "carol_leaves",
        "carol_says_hello", "carol_names", "carol_checks"}},
      {"carol_waits", {"carol_says_hello", "carol_has_seen", "pass"}}};
}

auto Workflows() {
  Sequences all = OfMembers();
  const Sequences more = OfCarol();
  all.insert(all.end(), more.begin(), more.end());
  return OptionOf<Names>(all);
}

FORMFUZZ_HARNESS(networking, Networking)
    .Step("connect", &Subject::Connect, AnyMember())
    .Step("send", &Subject::Send, AnyMember(), Arg("bytes", MessageSizes()))
    .Step("send_many", &Subject::SendMany, AnyMember(),
          Arg("messages", ElementOf<uint8_t>({64, 16, 4, 32})))
    .Step("pass", &Subject::Pass, Arg("ms", Pauses()))
    .Step("idle", &Subject::Pass, Arg("ms", LongPauses()))
    .Step("disconnect", &Subject::Disconnect, AnyMember())
    .Step("save", &Subject::SaveRecords, AnyMember())
    .Step("restart", &Subject::Restart, MostlyBob(),
          Arg("with", EnumOf<Left>()))
    .Step("place", &Subject::Place, AnyMember(), Arg("at", Places()))
    .Step("place_both", &Subject::PlaceBoth, Arg("at", Places()))
    .Step("rebind", &Subject::Rebind, AnyMember())
    .Step("link", &Subject::SetLink, AnyMember(), Arg("is", Links()),
          Arg("seed", Arbitrary<uint8_t>()))
    .Step("cut", &Subject::SetCut, AnyMember(), Arg("from", EnumOf<Cut>()))
    .Step("heal", &Subject::Heal)
    .Step("replay", &Subject::Replay, Arg("to", MostlyBob()),
          Arg("as", Replays(SeenKind::kHandshake)))
    .Step("replay_sealed", &Subject::Replay, Arg("to", AnyMember()),
          Arg("as", Replays(SeenKind::kSealed)))
    .Step("forge", &Subject::Forge, Arg("to", AnyMember()),
          Arg("as", Forgeries()))
    .Step("intercept", &Subject::Intercept, Arg("to", AnyMember()),
          Arg("as", Interceptions()))
    .Step("hold", &Subject::Hold, Arg("to", AnyMember()),
          Arg("of", MostlyFirst<SeenKind>(2, SeenKind::kSealed)),
          Arg("skip", InRange<uint8_t>(0, 3)))
    .Step("release", &Subject::Release)
    .Step("replay_to_relay", &Subject::ReplayToRelay,
          Arg("of", MostlyFirst<SeenKind>(2, SeenKind::kRegistration)),
          Arg("back", InRange<uint8_t>(0, 15)),
          Arg("from", EnumOf<RelayReplay>()))
    .Step("inject", &Subject::Inject, Arg("to", AnyMember()),
          Arg("from", EnumOf<Source>()), Arg("packet", PacketSpecs()))
    .Step("inject_stun", &Subject::Inject, Arg("to", AnyMember()),
          Arg("from", MostlyFirst<Source>(1, Source::kRelay)),
          Arg("packet", PacketSpecs(PacketShape::kStunSuccess, 12)))
    .Step("tell_relay", &Subject::TellRelay, Arg("from", EnumOf<Source>()),
          Arg("packet", PacketSpecs(PacketShape::kRegistration)))
    .Step("ask_relay", &Subject::TellRelay, Arg("from", EnumOf<Source>()),
          Arg("packet", PacketSpecs(PacketShape::kStunRequest, 12)))
    .Step("carol_says_hello", &Subject::CarolSaysHello, Arg("to", AnyMember()))
    .Step("carol_says", &Subject::CarolSays, Arg("to", AnyMember()),
          Arg("frames", SpanOf(FrameSpecs()).WithMinSize(1).WithMaxSize(6)))
    .Step("carol_acknowledges", &Subject::CarolAcknowledges,
          Arg("to", AnyMember()),
          Arg("beyond", ElementOf<int32_t>({1, 0, 2, -1, 15, 16, 17, 31,
                                            0x7fffffff, -0x7fffffff})),
          Arg("bits", ElementOf<uint8_t>({0, 1, 3, 255})))
    .Step("carol_misses", &Subject::CarolMisses, Arg("to", AnyMember()),
          Arg("which", InRange<uint8_t>(0, 3)))
    .Step("carol_names", &Subject::CarolNames, Arg("to", AnyMember()),
          Arg("newer", ElementOf<int32_t>({1, -1, 0, 2})),
          Arg("count", ElementOf<uint8_t>({1, 8, 2, 0, 9})),
          Arg("port", ElementOf<uint16_t>({41'000, 0, 1})))
    .Step("carol_has_seen", &Subject::CarolHasSeen, Arg("to", AnyMember()),
          Arg("number", ElementOf<int32_t>({0, 1, 2, -1})))
    .Step("send_to_carol", &Subject::SendToCarol, AnyMember(),
          Arg("bytes", MessageSizes()))
    .Step("carol_checks", &Subject::CarolChecks, Arg("to", AnyMember()),
          Arg("place", ElementOf<uint8_t>({0, 1, 7, 255})),
          Arg("others", ElementOf<uint8_t>({1, 0, 4, 20})))
    .Step("carol_answers", &Subject::CarolAnswers, Arg("to", AnyMember()),
          Arg("place", ElementOf<uint8_t>({0, 1, 2, 3, 7, 19})),
          Arg("elsewhere", BoolDomain()))
    .Step("addresses", &Subject::SetAddresses, AnyMember(),
          Arg("more", ElementOf<uint8_t>({0, 1, 2})))
    .Step("damage_records", &Subject::DamageRecords, AnyMember(),
          Arg("as", EnumOf<Tamper>()), Arg("at", InRange<uint16_t>(0, 1023)))
    .Step("replay_answers", &Subject::Replay, Arg("to", AnyMember()),
          Arg("as", Replays(SeenKind::kRegistration)))
    .Step("use_relay", &Subject::UseRelay, AnyMember())
    .Step("restart_without_relay", &Subject::RestartWithoutRelay, MostlyBob(),
          Arg("hint", BoolDomain()))
    .Step("stranger_registers", &Subject::StrangerRegisters,
          Arg("number", InRange<uint8_t>(0, 3)))
    .Step("add_peer", &Subject::AddPeer, AnyMember(),
          Arg("as", EnumOf<Newcomer>()))
    .Step("impersonate", &Subject::Impersonate, Arg("to", AnyMember()),
          Arg("as", EnumOf<Claimed>()))
    .Step("stranger_says_hello", &Subject::StrangerSaysHello,
          Arg("to", AnyMember()), Arg("number", InRange<uint8_t>(0, 1)))
    .Step("carol_says_hello_relayed", &Subject::CarolSaysHelloRelayed,
          Arg("to", AnyMember()), Arg("by", EnumOf<Source>()))
    .Step("carol_leaves", &Subject::CarolLeaves, Arg("to", AnyMember()))
    .Step("disconnect_carol", &Subject::DisconnectCarol, AnyMember())
    .Strategy("nat_traversal",
              {"connect", "send", "pass", "idle", "disconnect", "place",
               "place_both", "rebind", "cut", "heal", "addresses", "use_relay",
               "restart_without_relay"})
    .Strategy("packet_handling", {"connect",
                                  "send",
                                  "send_many",
                                  "pass",
                                  "idle",
                                  "disconnect",
                                  "save",
                                  "restart",
                                  "place",
                                  "replay",
                                  "replay_sealed",
                                  "replay_answers",
                                  "forge",
                                  "intercept",
                                  "hold",
                                  "release",
                                  "replay_to_relay",
                                  "inject",
                                  "inject_stun",
                                  "tell_relay",
                                  "ask_relay",
                                  "carol_says_hello",
                                  "carol_says",
                                  "carol_acknowledges",
                                  "carol_misses",
                                  "carol_names",
                                  "carol_has_seen",
                                  "carol_checks",
                                  "carol_answers",
                                  "send_to_carol",
                                  "addresses",
                                  "damage_records",
                                  "use_relay",
                                  "stranger_registers",
                                  "add_peer",
                                  "impersonate",
                                  "stranger_says_hello",
                                  "carol_says_hello_relayed",
                                  "carol_leaves",
                                  "disconnect_carol"})
    .Strategy("hostile_peer",
              {"carol_says_hello", "carol_says", "carol_names",
               "carol_has_seen", "carol_acknowledges", "carol_misses",
               "carol_checks", "carol_answers", "send_to_carol", "pass",
               "carol_says_hello_relayed", "carol_leaves", "disconnect_carol"})
    .Strategy("connection_reliability",
              {"connect", "send", "pass", "idle", "disconnect", "save",
               "restart", "place", "rebind", "link", "cut", "heal", "use_relay",
               "hold", "release", "stranger_registers", "add_peer",
               "restart_without_relay"})
    .Sequences(Workflows())
    .Faults({MockUdpNetwork::kSend})
    .Invariant("DeliversInOrderOnce", &Subject::DeliversInOrderOnce)
    .Invariant("StrangersAreNotAmplified", &Subject::StrangersAreNotAmplified)
    .Invariant("NoncesAreNeverReused", &Subject::NoncesAreNeverReused)
    .Invariant("MessagesAreNeverReadable", &Subject::MessagesAreNeverReadable)
    .Invariant("TimersAdvance", &Subject::TimersAdvance)
    .Invariant("EphemeralsAreFresh", &Subject::EphemeralsAreFresh)
    .Invariant("ChecksAreRare", &Subject::ChecksAreRare)
    .Invariant("SilenceIsRespected", &Subject::SilenceIsRespected)
    .Invariant("SessionsStayUp", &Subject::SessionsStayUp)
    .Invariant("HonestPacketsAreHeard", &Subject::HonestPacketsAreHeard)
    .Invariant("PathsStayUp", &Subject::PathsStayUp)
    .Invariant("TheSilentAreForgotten", &Subject::TheSilentAreForgotten)
    .Invariant("CarolIsHeardRight", &Subject::CarolIsHeardRight)
    .RecoversWithin(150'000, "EverythingArrives", &Subject::EverythingArrives)
    .RecoversWithin(150'000, "ViewsAgree", &Subject::ViewsAgree)
    .RecoversWithin(150'000, "DirectWherePossible",
                    &Subject::DirectWherePossible)
    .StepsMax(48)
    .Goal("a direct path carried a session", &Subject::WasDirect)
    .Goal("the relay carried a session", &Subject::WasRelayed)
    .Goal("keys were renewed", &Subject::WasRenewed)
    .Goal("messages were given up", &Subject::GaveUp);

}  // namespace
}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// Every pair of NATs: connected directly exactly where that is possible, by
// the relay elsewhere. And what the seeds of networking must come to.
#include <filesystem>
#include <string>
#include <vector>

#include "framework/base/file.h"
#include "gtest/gtest.h"
#include "harnesses/networking/direct_path.h"
#include "harnesses/networking/subject.h"
#include "tests/harnesses/playing_test.h"

namespace formfuzz {
namespace {

constexpr NatScope kScopes[] = {NatScope::kEndpointIndependent,
                                NatScope::kAddressDependent,
                                NatScope::kAddressAndPortDependent};

std::string NameOf(const PlaceSpec& place) {
  if (place.kind == PlaceKind::kPublic) return "public";
  constexpr const char* kNames[] = {"EI", "AD", "APD"};
  return std::string(kNames[static_cast<size_t>(place.nat.mapping)]) +
         " mapping, " + kNames[static_cast<size_t>(place.nat.filtering)] +
         " filtering, ports " +
         std::to_string(static_cast<int>(place.nat.ports)) +
         (place.nat.hairpins ? ", hairpins" : "");
}

// Places of one kind behind every NAT there is.
std::vector<PlaceSpec> AllPlaces(PlaceKind kind, bool hairpins) {
  std::vector<PlaceSpec> places;
  for (const NatScope mapping : kScopes) {
    for (const NatScope filtering : kScopes) {
      for (const NatPorts ports : {NatPorts::kPreserved, NatPorts::kSequential,
                                   NatPorts::kScattered}) {
        places.push_back(
            {kind, {mapping, filtering, ports, hairpins, 120'000}});
      }
    }
  }
  return places;
}

class NatMatrixTest : public testing::Test {
 protected:
  NatMatrixTest() {
    run_.faults().SetPoints({std::string(MockUdpNetwork::kSend)});
  }

  struct Came {
    bool up = false;
    bool direct = false;
    bool arrived = false;
  };
  // To what two members come who connect, and send each other something.
  Came Connect(const PlaceSpec& alice, const PlaceSpec& bob) {
    const std::vector<Fault> none;
    run_.Begin(none);
    Networking subject(run_);
    subject.Place(Who::kAlice, alice);
    subject.Place(Who::kBob, bob);
    subject.Connect(Who::kAlice);
    subject.Send(Who::kAlice, 100);
    subject.Send(Who::kBob, 2000);
    subject.Pass(40'000);
    const auto up = [&](Who who) {
      return subject.world().ViewOf(who).state == overlay::PeerState::kUp;
    };
    const auto direct = [&](Who who) {
      return subject.world().ViewOf(who).direct.has_value();
    };
    EXPECT_EQ(direct(Who::kAlice), direct(Who::kBob))
        << NameOf(alice) << " | " << NameOf(bob);
    EXPECT_EQ(subject.DeliversInOrderOnce(), "");
    return {up(Who::kAlice) && up(Who::kBob), direct(Who::kAlice),
            subject.EverythingArrives()};
  }
  void Check(const PlaceSpec& alice, const PlaceSpec& bob) {
    const Came came = Connect(alice, bob);
    ++pairs_;
    EXPECT_TRUE(came.up) << NameOf(alice) << " | " << NameOf(bob);
    EXPECT_TRUE(came.arrived) << NameOf(alice) << " | " << NameOf(bob);
    EXPECT_EQ(came.direct, DirectPathIsPossible(alice, bob))
        << NameOf(alice) << " | " << NameOf(bob);
    (came.direct ? direct_ : relayed_) += 1;
  }

  StateCoverage coverage_;
  formfuzz::Run run_{coverage_};
  size_t pairs_ = 0;
  size_t direct_ = 0;
  size_t relayed_ = 0;
};

TEST_F(NatMatrixTest, MembersBehindTheirOwnNats) {
  auto places = AllPlaces(PlaceKind::kOwnNat, false);
  for (const PlaceSpec& place : AllPlaces(PlaceKind::kOwnNat, true)) {
    places.push_back(place);
  }
  places.push_back({});
  for (const PlaceSpec& alice : places) {
    for (const PlaceSpec& bob : places) Check(alice, bob);
  }
  EXPECT_EQ(pairs_, 3025u);
  EXPECT_GT(direct_, 1200u);
  EXPECT_GT(relayed_, 800u);
}

TEST_F(NatMatrixTest, MembersBehindOneNat) {
  for (const PlaceKind kind :
       {PlaceKind::kSharedNat, PlaceKind::kIsolatedNat}) {
    for (const bool hairpins : {false, true}) {
      for (const PlaceSpec& place : AllPlaces(kind, hairpins)) {
        Check(place, place);
      }
    }
  }
  EXPECT_EQ(pairs_, 108u);
  EXPECT_GT(relayed_, 27u);
}

using NetworkingTest = PlayingTest;

TEST_F(NetworkingTest, SeedsHoldAndReachEveryGoal) {
  size_t seeds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(FORMFUZZ_CORPORA) + "/networking/seed")) {
    const auto text = ReadFile(entry.path().string(), 1 << 20);
    ASSERT_TRUE(text.ok()) << entry.path();
    SCOPED_TRACE(entry.path());
    Play(*text);
    ++seeds;
  }
  EXPECT_GE(seeds, 8u);
  for (size_t i = 0; i < Harness().goals.size(); ++i) {
    EXPECT_TRUE(judge_.goals_reached() >> i & 1) << Harness().goals[i].name;
  }
}

TEST_F(NetworkingTest, CarolNeedsASession) {
  EXPECT_EQ(Play("scenario networking strategy packet_handling\n"
                 "carol_says to alice frames [{shape: keep_alive}]\n"
                 "carol_says_hello to alice\n"
                 "carol_says to alice frames [{shape: keep_alive}]\n"),
            (std::vector<std::string>{"no_session", "ok", "ok"}));
}

}  // namespace
}  // namespace formfuzz

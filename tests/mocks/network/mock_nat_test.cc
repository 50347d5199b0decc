// SPDX-License-Identifier: Apache-2.0
// What RFC 4787 calls the behaviours of NATs is what they do.
#include "mocks/network/mock_nat.h"

#include "gtest/gtest.h"

namespace formfuzz {
namespace {

using overlay::Endpoint;

constexpr Endpoint kInside{0x0a000001, 5000};
constexpr Endpoint kOne{0xc6336401, 1000};
constexpr Endpoint kOneOtherPort{0xc6336401, 1001};
constexpr Endpoint kOther{0xc6336402, 1000};

MockNat NatWith(NatScope mapping, NatScope filtering) {
  MockNat nat(0xcb007101);
  nat.Become({mapping, filtering, NatPorts::kSequential, false, 30'000});
  return nat;
}

struct ScopeCase {
  const char* name;
  NatScope scope;
  bool same_for_other_port;
  bool same_for_other_address;
};

class ScopeTest : public testing::TestWithParam<ScopeCase> {};

TEST_P(ScopeTest, MappingsAreReusedAsFarAsTheScopeSays) {
  MockNat nat = NatWith(GetParam().scope, NatScope::kEndpointIndependent);
  const Endpoint first = nat.Outbound(kInside, kOne, 0);
  EXPECT_EQ(nat.Outbound(kInside, kOne, 1), first);
  EXPECT_EQ(nat.Outbound(kInside, kOneOtherPort, 2) == first,
            GetParam().same_for_other_port);
  EXPECT_EQ(nat.Outbound(kInside, kOther, 3) == first,
            GetParam().same_for_other_address);
}

TEST_P(ScopeTest, FiltersLetInAsFarAsTheScopeSays) {
  MockNat nat = NatWith(NatScope::kEndpointIndependent, GetParam().scope);
  const Endpoint outside = nat.Outbound(kInside, kOne, 0);
  EXPECT_EQ(nat.Inbound(outside.port, kOne, 1), kInside);
  EXPECT_EQ(nat.Inbound(outside.port, kOneOtherPort, 1).has_value(),
            GetParam().same_for_other_port);
  EXPECT_EQ(nat.Inbound(outside.port, kOther, 1).has_value(),
            GetParam().same_for_other_address);
}

INSTANTIATE_TEST_SUITE_P(
    Scopes, ScopeTest,
    testing::Values(ScopeCase{"endpoint_independent",
                              NatScope::kEndpointIndependent, true, true},
                    ScopeCase{"address_dependent", NatScope::kAddressDependent,
                              true, false},
                    ScopeCase{"address_and_port_dependent",
                              NatScope::kAddressAndPortDependent, false,
                              false}),
    [](const auto& row) { return row.param.name; });

TEST(MockNatTest, MappingsLiveByWhatGoesOut) {
  MockNat nat =
      NatWith(NatScope::kEndpointIndependent, NatScope::kEndpointIndependent);
  const Endpoint outside = nat.Outbound(kInside, kOne, 0);
  nat.Outbound(kInside, kOne, 29'999);
  EXPECT_TRUE(nat.Inbound(outside.port, kOne, 59'998).has_value());
  EXPECT_FALSE(nat.Inbound(outside.port, kOne, 59'999).has_value());
}

TEST(MockNatTest, PortsArePreservedWhereTheyAreFree) {
  MockNat nat(0xcb007101);
  nat.Become({.ports = NatPorts::kPreserved});
  EXPECT_EQ(nat.Outbound(kInside, kOne, 0).port, kInside.port);
  const Endpoint neighbour{kInside.address + 1, kInside.port};
  EXPECT_NE(nat.Outbound(neighbour, kOne, 0).port, kInside.port);
}

TEST(MockNatTest, RebindingForgetsAndMovesPorts) {
  MockNat nat(0xcb007101);
  nat.Become({.ports = NatPorts::kPreserved});
  const Endpoint before = nat.Outbound(kInside, kOne, 0);
  nat.Rebind();
  EXPECT_FALSE(nat.Inbound(before.port, kOne, 1).has_value());
  EXPECT_NE(nat.Outbound(kInside, kOne, 1).port, before.port);
}

TEST(MockNatTest, TheTableIsBounded) {
  MockNat nat = NatWith(NatScope::kAddressAndPortDependent,
                        NatScope::kEndpointIndependent);
  for (uint16_t port = 1; port < 1000; ++port) {
    nat.Outbound(kInside, {kOne.address, port}, 0);
  }
  EXPECT_LE(nat.mapping_count(), MockNat::kMappingsMax);
}

}  // namespace
}  // namespace formfuzz

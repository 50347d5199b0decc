// SPDX-License-Identifier: Apache-2.0
// Signers, tampering and account ids: laws, defaults, reach.
#include "generators/identity.h"

#include <array>
#include <set>

#include "framework/domain/laws.h"
#include "gtest/gtest.h"

namespace formfuzz {
namespace {

TEST(IdentityTest, DomainsObeyTheLaws) {
  EXPECT_EQ(CheckDomainLaws(SignedByDomain()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(AccountIds()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(OwnerIds()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(NewAccountIds()), absl::OkStatus());
}

TEST(IdentityTest, NoBytesAreAliceWithNothingWrong) {
  Arena arena;
  EXPECT_EQ(SmallestOf(SignedByDomain(), arena), SignedBy());
}

TEST(IdentityTest, MostBytesTamperWithNothing) {
  Arena arena;
  size_t tampered = 0;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::array<uint8_t, 2> bytes = {0, static_cast<uint8_t>(byte)};
    ByteSource in(bytes, arena);
    tampered += SignedByDomain().Decode(in).tamper != Tamper::kNone;
  }
  EXPECT_EQ(tampered, kTampers - 1);
}

TEST(IdentityTest, MutationReachesEverySignerAndEveryTampering) {
  Arena arena;
  Random random(1);
  Mutation mutation(random, arena);
  std::set<Signer> signers;
  std::set<Tamper> tampers;
  SignedBy by;
  for (int i = 0; i < 5000; ++i) {
    SignedByDomain().Mutate(by, mutation);
    signers.insert(by.signer);
    tampers.insert(by.tamper);
  }
  EXPECT_EQ(signers.size(), kSigners);
  EXPECT_EQ(tampers.size(), kTampers);
}

TEST(IdentityTest, EveryActorIsFoundByItsId) {
  for (size_t i = 0; i < kActors; ++i) EXPECT_EQ(ActorIndex(kActorIds[i]), i);
  EXPECT_EQ(ActorIndex("ALICE"), kActors);
  EXPECT_EQ(ActorIndex(""), kActors);
}

TEST(IdentityTest, PartsAreNobodysIds) {
  for (const std::string_view part :
       {"@owner", "@invited", "@guest", "@newcomer"}) {
    ASSERT_TRUE(PartNamed(part).has_value()) << part;
    EXPECT_GE(*PartNamed(part), Signer::kOwner);
    EXPECT_EQ(ActorIndex(part), kActors);
  }
  for (const std::string_view id : kActorIds) EXPECT_FALSE(PartNamed(id));
}

}  // namespace
}  // namespace formfuzz

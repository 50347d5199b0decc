// SPDX-License-Identifier: Apache-2.0
// The reasoning, side by side with the rules of ICE:
//
// A host is *fixed* if the peer sees it where the STUN server does: it is in
// public, or its mapping does not depend on the destination.
//
// Both fixed: each knows where to send, and by sending opens its own filter.
//
// One fixed: the other's checks come from a port that nobody could foretell,
// so the fixed one must let in a known address from an unknown port. It then
// asks back at that port, where it is expected.
//
// None fixed: a first check can only arrive at the port that the STUN server
// saw, whose filter knows the STUN server alone: it must let in anybody. What
// comes back does so from a third port, which the filter of the one who asked
// must let in. An answer counts only if it comes from where the question went;
// where both mappings depend on the port, every packet comes from yet another.
#include "harnesses/networking/direct_path.h"

namespace formfuzz {
namespace {

struct Side {
  bool fixed;
  NatScope mapping;
  NatScope filtering;
};

Side SideOf(const PlaceSpec& place) {
  if (place.kind == PlaceKind::kPublic) {
    return {true, NatScope::kEndpointIndependent,
            NatScope::kEndpointIndependent};
  }
  const NatScope mapping = place.nat.mapping;
  return {mapping == NatScope::kEndpointIndependent, mapping,
          place.nat.filtering};
}

// Checks of `to` come to be answered though neither is fixed.
bool AnybodyGetsIn(const Side& to, const Side& from) {
  return to.filtering == NatScope::kEndpointIndependent &&
         from.filtering != NatScope::kAddressAndPortDependent;
}

bool IsShared(const PlaceSpec& place) {
  return place.kind == PlaceKind::kSharedNat ||
         place.kind == PlaceKind::kIsolatedNat;
}

}  // namespace

bool DirectPathIsPossible(const PlaceSpec& one, const PlaceSpec& other) {
  if (IsShared(one) && IsShared(other)) {
    const bool apart = one.kind == PlaceKind::kIsolatedNat ||
                       other.kind == PlaceKind::kIsolatedNat;
    if (!apart) return true;
    if (!one.nat.hairpins) return false;
  }
  const Side a = SideOf(one);
  const Side b = SideOf(other);
  if (a.fixed && b.fixed) return true;
  if (a.fixed || b.fixed) {
    return (a.fixed ? a : b).filtering != NatScope::kAddressAndPortDependent;
  }
  if (a.mapping == NatScope::kAddressAndPortDependent &&
      b.mapping == NatScope::kAddressAndPortDependent) {
    return false;
  }
  return AnybodyGetsIn(a, b) || AnybodyGetsIn(b, a);
}

}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// What networks are like: how NATs behave, and what links do to datagrams.
//
// Zero bytes are a NAT that lets everybody in, and a link that does what links
// do worst: it loses a part of what is sent.
#ifndef FORMFUZZ_GENERATORS_OVERLAY_CONDITIONS_H_
#define FORMFUZZ_GENERATORS_OVERLAY_CONDITIONS_H_

#include "framework/domain/choices.h"
#include "framework/domain/combinators.h"
#include "framework/domain/numbers.h"
#include "framework/domain/structs.h"
#include "mocks/network/mock_udp_network.h"

namespace formfuzz {

// Timeouts are no shorter than what a member keeps its mappings alive by.
inline auto NatBehaviours() {
  return StructOf<NatBehaviour>(
      EnumOf<NatScope>(), EnumOf<NatScope>(), EnumOf<NatPorts>(), BoolDomain(),
      ElementOf<uint32_t>({120'000, 30'000, 300'000}));
}

inline auto Links() {
  const auto percent = [](std::initializer_list<uint8_t> some) {
    return ElementOf<uint8_t>(some);
  };
  return StructOf<Link>(percent({30, 0, 1, 10, 60, 100}),
                        percent({1, 2, 5, 20}), percent({0, 5, 50, 100}),
                        percent({0, 1, 10, 50}),
                        ElementOf<uint16_t>({10, 0, 1, 100, 400, 2'000}),
                        ElementOf<uint16_t>({0, 5, 50, 500}),
                        ElementOf<uint16_t>({0, 1, 10, 100}),
                        ElementOf<uint16_t>({1500, 1280, 1100, 576, 100}),
                        Map([](bool closed) { return !closed; }, BoolDomain()),
                        Map([](bool closed) { return !closed; }, BoolDomain()));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_OVERLAY_CONDITIONS_H_

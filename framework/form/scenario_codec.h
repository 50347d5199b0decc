// SPDX-License-Identifier: Apache-2.0
// The binary form of a scenario: what engines store and mutate.
//
//   0      format version (1)
//   1      strategy                       modulo their number
//   2..5   swarm mask, little-endian      bit i: kind i is off
//   6 7 8  number of faults, switches, clock advances
//   9..    steps: kind, task, size of the arguments (1 byte up to 127, else
//          two, the first with its top bit set, high bits first), arguments
//   tail   clock advances (5 bytes each), switches (3), faults (6), so that
//          the faults end the input
//
// A fault: point (6 bits), scope (4), high bits of the hit (6); kind (3),
// trigger (5); low bits of the hit (8); parameter (16); numbers little-endian,
// low bits first.
//
// The sections at the tail are found from the end, so inserting a step shifts
// none of them; the size of the arguments keeps a change inside one step from
// shifting the next. Any bytes decode.
#ifndef FORMFUZZ_FRAMEWORK_FORM_SCENARIO_CODEC_H_
#define FORMFUZZ_FRAMEWORK_FORM_SCENARIO_CODEC_H_

#include "framework/scenario/scenario.h"

namespace formfuzz {

inline constexpr size_t kScenarioHeaderBytes = 9;
inline constexpr size_t kArgumentBytesMax = 0x7fff;  // of one step

// Views in the result point into `bytes` and the arena.
void DecodeScenario(const Recipe& recipe, Bytes bytes, Arena& arena,
                    Scenario& scenario);

// Appends to `out`. Decodes to an equal scenario.
void EncodeScenario(const Recipe& recipe, const Scenario& scenario,
                    ByteSink& out);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FORM_SCENARIO_CODEC_H_

// SPDX-License-Identifier: Apache-2.0
// Header, steps and tails, as the header file lays them out.
#include "framework/form/scenario_codec.h"

#include <algorithm>
#include <bit>

namespace formfuzz {
namespace {

constexpr size_t kFaultBytes = 6;
constexpr size_t kSwitchBytes = 3;
constexpr size_t kAdvanceBytes = 5;

// Cuts up to `count` records off the end of `bytes`, whole ones only.
Bytes CutTail(Bytes& bytes, size_t count, size_t record_bytes) {
  const size_t fit = std::min(count, bytes.size() / record_bytes);
  const Bytes tail = bytes.last(fit * record_bytes);
  bytes = bytes.first(bytes.size() - tail.size());
  return tail;
}

void DecodeFaults(const Recipe& recipe, Bytes tail, Arena& arena,
                  Scenario& scenario) {
  if (recipe.fault_points.empty()) return;
  for (ByteSource in(tail, arena); in.left() > 0;) {
    const uint64_t place = in.Fixed<2>();
    const uint64_t what = in.Fixed<1>();
    const uint64_t hit = in.Fixed<1>() | place >> 10 << 8;
    scenario.faults.push_back(
        {static_cast<uint16_t>(place % 64 % recipe.fault_points.size()),
         static_cast<FaultKind>(what % kFaultKinds), static_cast<uint16_t>(hit),
         static_cast<uint16_t>(in.Fixed<2>()),
         static_cast<FaultTrigger>(what / kFaultKinds % kFaultTriggers),
         static_cast<uint8_t>((place >> 6) % 16 %
                              (recipe.fault_scopes.size() + 1))});
  }
}

// A record whose task is one of these says how switches are drawn; there is no
// other then.
//   110ddsss  by priorities, of depth d + 1 among 16 << s yield points
//   111.....  by random walk
constexpr uint64_t kByPriorities = 0xc0;
constexpr uint64_t kByRandomWalk = 0xe0;

Draw DrawOf(uint64_t seed, uint64_t code) {
  Draw draw{.by = DrawnBy::kRandomWalk, .seed = static_cast<uint16_t>(seed)};
  if (code >= kByRandomWalk) return draw;
  draw.by = DrawnBy::kPriorities;
  draw.depth = static_cast<uint8_t>(1 + (code >> 3 & 3));
  draw.scale = static_cast<uint8_t>(code & 7);
  return draw;
}

uint64_t CodeOf(const Draw& draw) {
  if (draw.by == DrawnBy::kRandomWalk) return kByRandomWalk;
  return kByPriorities | (draw.depth - 1u) << 3 | draw.scale;
}

void DecodeSwitches(size_t tasks, Bytes tail, Arena& arena,
                    Scenario& scenario) {
  if (tasks < 2) return;
  for (ByteSource in(tail, arena); in.left() > 0;) {
    const auto yield = static_cast<uint16_t>(in.Fixed<2>());
    const uint64_t task = in.Fixed<1>();
    if (task >= kByPriorities) {
      scenario.switches.clear();
      scenario.draw = DrawOf(yield, task);
      return;
    }
    scenario.switches.push_back({yield, static_cast<uint8_t>(task % tasks)});
  }
}

void DecodeAdvances(Bytes tail, Arena& arena, Scenario& scenario) {
  for (ByteSource in(tail, arena); in.left() > 0;) {
    const auto before = static_cast<uint8_t>(in.Fixed<1>());
    scenario.advances.push_back({before, static_cast<uint32_t>(in.Fixed<4>())});
  }
}

// The allowed kind that a byte means: itself, or the next allowed after it.
uint8_t KindOf(uint64_t raw, size_t kinds, uint64_t allowed) {
  const auto wanted = static_cast<int>(raw < kinds ? raw : raw % kinds);
  const uint64_t from_wanted = allowed >> wanted << wanted;
  return static_cast<uint8_t>(
      std::countr_zero(from_wanted != 0 ? from_wanted : allowed));
}

size_t DecodeSize(ByteSource& in) {
  const uint64_t first = in.Fixed<1>();
  return first < 0x80 ? first : (first & 0x7f) << 8 | in.Fixed<1>();
}

void DecodeSteps(const Recipe& recipe, Bytes bytes, Arena& arena,
                 Scenario& scenario) {
  const uint64_t allowed = AllowedKinds(recipe, scenario);
  if (allowed == 0) return;
  const uint8_t tasks = recipe.strategies[scenario.strategy].tasks;
  HandleTracker tracker;
  ByteSource in(bytes, arena);
  while (in.left() > 0 && scenario.steps.size() < recipe.steps_max) {
    const uint8_t kind = KindOf(in.Fixed<1>(), recipe.kinds.size(), allowed);
    const auto task = static_cast<uint8_t>(in.Fixed<1>() % tasks);
    const Bytes own = in.Take(DecodeSize(in));
    ByteSource arguments(own, arena, &tracker.counts());
    scenario.steps.push_back(
        {kind, task, recipe.kinds[kind]->Decode(arguments)});
    tracker.Pass(recipe, scenario.steps.back());
  }
}

void EncodeStep(const Recipe& recipe, const Step& step, ByteSink& out) {
  out.Fixed<1>(step.kind);
  out.Fixed<1>(step.task);
  const size_t size_at = out.size();
  out.Fixed<1>(0);
  recipe.kinds[step.kind]->Encode(step.arguments, out);
  const size_t size = out.size() - size_at - 1;
  FORMFUZZ_CHECK(size <= kArgumentBytesMax,
                 "a step with more than 32767 bytes of arguments");
  if (size < 0x80) {
    out.Patch(size_at, static_cast<uint8_t>(size));
  } else {
    out.Patch(size_at, static_cast<uint8_t>(0x80 | size >> 8));
    out.Insert(size_at + 1, static_cast<uint8_t>(size));
  }
}

void EncodeSchedule(const Scenario& scenario, ByteSink& out) {
  if (scenario.draw) {
    out.Fixed<2>(scenario.draw.seed);
    out.Fixed<1>(CodeOf(scenario.draw));
    return;
  }
  for (const Switch& entry : scenario.switches) {
    out.Fixed<2>(entry.yield);
    out.Fixed<1>(entry.task);
  }
}

void EncodeFault(const Fault& fault, ByteSink& out) {
  out.Fixed<2>(uint64_t{fault.point} | uint64_t{fault.scope} << 6 |
               uint64_t{fault.hit} >> 8 << 10);
  out.Fixed<1>(static_cast<uint64_t>(fault.kind) +
               static_cast<uint64_t>(fault.trigger) * kFaultKinds);
  out.Fixed<1>(fault.hit & 0xffu);
  out.Fixed<2>(fault.parameter);
}

}  // namespace

void DecodeScenario(const Recipe& recipe, Bytes bytes, Arena& arena,
                    Scenario& scenario) {
  scenario.Clear();
  ByteSource header(bytes.first(std::min(bytes.size(), kScenarioHeaderBytes)),
                    arena);
  header.Fixed<1>();  // the only version there is
  const uint64_t strategy = header.Fixed<1>() % recipe.strategies.size();
  scenario.strategy = static_cast<uint8_t>(strategy);
  scenario.off = static_cast<uint32_t>(header.Fixed<4>());
  const size_t faults = std::min(header.Fixed<1>(), uint64_t{kFaultsMax});
  const size_t switches = std::min(header.Fixed<1>(), uint64_t{kSwitchesMax});
  const size_t advances = std::min(header.Fixed<1>(), uint64_t{kAdvancesMax});
  if (bytes.size() <= kScenarioHeaderBytes) return;
  Bytes rest = bytes.subspan(kScenarioHeaderBytes);
  DecodeFaults(recipe, CutTail(rest, faults, kFaultBytes), arena, scenario);
  DecodeSwitches(recipe.strategies[strategy].tasks,
                 CutTail(rest, switches, kSwitchBytes), arena, scenario);
  DecodeAdvances(CutTail(rest, advances, kAdvanceBytes), arena, scenario);
  DecodeSteps(recipe, rest, arena, scenario);
}

void EncodeScenario(const Recipe& recipe, const Scenario& scenario,
                    ByteSink& out) {
  out.Fixed<1>(kScenarioFormatVersion);
  out.Fixed<1>(scenario.strategy);
  out.Fixed<4>(scenario.off);
  out.Fixed<1>(scenario.faults.size());
  out.Fixed<1>(scenario.draw ? 1 : scenario.switches.size());
  out.Fixed<1>(scenario.advances.size());
  for (const Step& step : scenario.steps) EncodeStep(recipe, step, out);
  for (const ClockAdvance& advance : scenario.advances) {
    out.Fixed<1>(advance.before);
    out.Fixed<4>(advance.ms);
  }
  EncodeSchedule(scenario, out);
  for (const Fault& fault : scenario.faults) {
    EncodeFault(fault, out);
  }
}

}  // namespace formfuzz

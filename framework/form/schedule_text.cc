// SPDX-License-Identifier: Apache-2.0
// Two kinds of lines.
#include "framework/form/schedule_text.h"

#include <string_view>

namespace formfuzz {
namespace {

void PrintDraw(const Draw& draw, TextSink& out) {
  const bool walks = draw.by == DrawnBy::kRandomWalk;
  out.Put(walks ? "schedule random " : "schedule priorities ");
  out.PutNumber(uint64_t{draw.seed});
  if (!walks) {
    out.Put(" depth ").PutNumber(uint64_t{draw.depth});
    out.Put(" of ").PutNumber(uint64_t{draw.yields()});
  }
  out.Put("\n");
}

}  // namespace

void PrintSchedule(const Scenario& scenario, SwitchRemark remark,
                   TextSink& out) {
  if (scenario.draw) PrintDraw(scenario.draw, out);
  for (size_t i = 0; i < scenario.switches.size(); ++i) {
    const Switch& entry = scenario.switches[i];
    out.Put("switch at ").PutNumber(static_cast<uint64_t>(entry.yield));
    out.Put(" to ").PutNumber(static_cast<uint64_t>(entry.task));
    remark(i, out);
    out.Put("\n");
  }
}

bool ReadSwitch(TextSource& in, uint8_t tasks, Scenario& scenario) {
  uint64_t yield = 0;
  uint64_t task = 0;
  if (!in.TryWord("at")) return in.Fail("'at'");
  if (!in.ParseUnsigned(0, 65535, &yield)) return false;
  if (!in.TryWord("to")) return in.Fail("'to'");
  if (!in.ParseUnsigned(0, tasks - 1u, &task)) return false;
  if (scenario.switches.size() == kSwitchesMax) {
    return in.Fail("no more than 64 switches");
  }
  if (tasks > 1) {
    scenario.draw = Draw();
    scenario.switches.push_back(
        {static_cast<uint16_t>(yield), static_cast<uint8_t>(task)});
  }
  return true;
}

bool ReadDraw(TextSource& in, uint8_t tasks, Scenario& scenario) {
  static constexpr std::string_view kWords[] = {"priorities", "random"};
  size_t by = 0;
  uint64_t seed = 0;
  uint64_t depth = 1;
  uint64_t yields = 16;
  if (!in.ParseOption(kWords, &by)) return false;
  if (!in.ParseUnsigned(0, UINT16_MAX, &seed)) return false;
  if (by == 0) {
    if (!in.TryWord("depth")) return in.Fail("'depth'");
    if (!in.ParseUnsigned(1, Draw::kDepthMax, &depth)) return false;
    if (!in.TryWord("of")) return in.Fail("'of'");
    if (!in.ParseUnsigned(1, 16u << Draw::kScaleMax, &yields)) return false;
  }
  if (tasks < 2) return true;
  scenario.switches.clear();
  scenario.draw = {by == 0 ? DrawnBy::kPriorities : DrawnBy::kRandomWalk,
                   static_cast<uint8_t>(depth),
                   Draw::ScaleFor(static_cast<uint32_t>(yields)),
                   static_cast<uint16_t>(seed)};
  return true;
}

}  // namespace formfuzz

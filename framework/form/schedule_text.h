// SPDX-License-Identifier: Apache-2.0
// The lines of a scenario's text that are its schedule:
//
//   switch at 12 to 1
//   schedule priorities 4711 depth 3 of 64
//   schedule random 4711
#ifndef FORMFUZZ_FRAMEWORK_FORM_SCHEDULE_TEXT_H_
#define FORMFUZZ_FRAMEWORK_FORM_SCHEDULE_TEXT_H_

#include <cstdint>

#include "framework/form/scenario_text.h"
#include "framework/input/text_sink.h"
#include "framework/input/text_source.h"
#include "framework/scenario/scenario.h"

namespace formfuzz {

void PrintSchedule(const Scenario& scenario, SwitchRemark remark,
                   TextSink& out);

// After the line's first word; `tasks` of the strategy. What is read last
// counts, if some is drawn and some is listed.
bool ReadSwitch(TextSource& in, uint8_t tasks, Scenario& scenario);
bool ReadDraw(TextSource& in, uint8_t tasks, Scenario& scenario);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FORM_SCHEDULE_TEXT_H_

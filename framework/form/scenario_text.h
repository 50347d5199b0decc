// SPDX-License-Identifier: Apache-2.0
// The text form of a scenario: what people read, write and review.
//
//   scenario vm_management strategy transfer_race
//   off snapshot, revert                 kinds switched off (swarm)
//   fault store.commit error at 2        the third time it is reached
//   switch at 14 to 1                    at yield point 14, to task 1
//   1  vm1 = create by alice {vcpus: 2}
//   wait 60000                           the clock, in ms, before what follows
//   2  @1 start vm vm1 by bob            @1: by task 1; @0 is not written
//
// Numbers in front are for people and may be left out; so may `vm1 =`. What
// follows `->` is an outcome that a trace printed and is passed over, so a
// printed trace is a scenario again. `#` starts a comment.
#ifndef FORMFUZZ_FRAMEWORK_FORM_SCENARIO_TEXT_H_
#define FORMFUZZ_FRAMEWORK_FORM_SCENARIO_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "framework/scenario/scenario.h"

namespace formfuzz {

// What every text form begins with; no encoded scenario does.
inline constexpr std::string_view kScenarioTextMark = "scenario ";

// Appends what to say behind the line of a step: an outcome, a verdict.
using StepRemark = absl::FunctionRef<void(size_t step, TextSink& out)>;

// The same behind the line of a switch, by its index.
using SwitchRemark = StepRemark;

// One step without its number and task; `makes`: the ordinal of what it makes.
std::string PrintStep(const Recipe& recipe, const Step& step, uint16_t makes);

std::string PrintScenario(const Recipe& recipe, const Scenario& scenario);
std::string PrintScenario(const Recipe& recipe, const Scenario& scenario,
                          StepRemark remark);
std::string PrintScenario(const Recipe& recipe, const Scenario& scenario,
                          StepRemark remark, SwitchRemark switch_remark);

// InvalidArgument with "LINE:COLUMN: expected …, found …". Arguments live in
// the arena. Under kMigrate unknown steps, fields and names are passed over.
absl::Status ParseScenario(const Recipe& recipe, std::string_view text,
                           Arena& arena, Scenario& scenario,
                           Leniency leniency = Leniency::kStrict);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FORM_SCENARIO_TEXT_H_

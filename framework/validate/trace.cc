// SPDX-License-Identifier: Apache-2.0
// Digest and text of a trace.
#include "framework/validate/trace.h"

#include "framework/form/scenario_text.h"

namespace formfuzz {

uint64_t DigestOf(const Trace& trace) {
  Digest digest;
  for (const TraceStep& step : trace.steps) {
    digest.Add(step.outcome.label()).Add(step.state).Add(step.now_ms);
  }
  return digest.Add(trace.faults_fired).value();
}

std::string PrintTrace(const Recipe& recipe, const Scenario& scenario,
                       const Trace& trace, const Verdict& verdict) {
  const auto remark = [&](size_t index, TextSink& out) {
    const bool failed = !verdict.passed() && index == verdict.step;
    if (index < trace.steps.size()) {
      const TraceStep& step = trace.steps[index];
      out.Put("  -> ").Put(step.outcome.label());
      if (step.predicted.has_value() && *step.predicted != step.outcome) {
        out.Put(" (model: ").Put(step.predicted->label()).Put(")");
      }
    } else {
      out.Put(failed ? "  -> did not return" : "  -> not reached");
    }
    if (!failed) return;
    out.Put("   <- ");
    if (!verdict.validator.empty()) out.Put(verdict.validator);
    const std::string_view message = verdict.message;
    if (!message.empty())
      out.Put(": ").Put(message.substr(0, message.find('\n')));
  };
  std::string text = PrintScenario(recipe, scenario, remark);
  if (!verdict.passed() && verdict.step >= scenario.steps.size()) {
    text += Concat("# at the end   <- ", verdict.validator, ": ",
                   verdict.message, "\n");
  }
  return text;
}

}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// Digest and text of a trace.
#include "framework/validate/trace.h"

#include "framework/base/text.h"
#include "framework/form/scenario_text.h"
#include "framework/validate/story/timeline.h"

namespace formfuzz {

uint64_t DigestOf(const Trace& trace) {
  Digest digest;
  for (const TraceStep& step : trace.steps) {
    digest.Add(step.outcome.label()).Add(step.state).Add(step.now_ms);
    if (step.ended > 0) digest.Add(step.began).Add(step.ended);
  }
  for (const Passage& passage : trace.passages) {
    digest.Add(passage.yield).Add(passage.to);
  }
  return digest.Add(trace.faults_fired).value();
}

namespace {

// Of several tasks: the other steps that were under way meanwhile.
void PutOverlaps(const Trace& trace, size_t index, TextSink& out) {
  const TraceStep& step = trace.steps[index];
  const char* separator = "   | during ";
  for (size_t i = 0; i < trace.steps.size(); ++i) {
    const TraceStep& other = trace.steps[i];
    if (i == index || other.ended == 0 || step.ended == 0) continue;
    if (other.ended < step.began || step.ended < other.began) continue;
    out.Put(separator).PutNumber(i + 1);
    separator = ", ";
  }
}

void PutOutcome(const Trace& trace, size_t index, bool failed, TextSink& out) {
  if (index >= trace.steps.size() || !trace.steps[index].returned) {
    const bool began =
        index < trace.steps.size() && trace.steps[index].began > 0;
    out.Put(failed || began ? "  -> did not return" : "  -> not reached");
    return;
  }
  const TraceStep& step = trace.steps[index];
  out.Put("  -> ").Put(step.outcome.label());
  if (step.predicted.has_value() && *step.predicted != step.outcome) {
    out.Put(" (model: ").Put(step.predicted->label()).Put(")");
  }
  PutOverlaps(trace, index, out);
}

}  // namespace

std::string TellSwitch(const Trace& trace, const Switch& entry) {
  for (const Passage& passage : trace.passages) {
    if (passage.yield != entry.yield || passage.to != entry.task) continue;
    return Concat(
        passage.from == passage.to ? "stays in task " : "leaves task ",
        unsigned{passage.from}, " at ",
        passage.left == nullptr ? "its end" : passage.left);
  }
  return "changes nothing";
}

std::string PrintTrace(const Recipe& recipe, const Scenario& scenario,
                       const Trace& trace, const Verdict& verdict) {
  const auto remark = [&](size_t index, TextSink& out) {
    const bool failed = !verdict.passed() && index == verdict.step;
    PutOutcome(trace, index, failed, out);
    if (!failed) return;
    out.Put("   <- ");
    if (!verdict.validator.empty()) out.Put(verdict.validator);
    const std::string_view message = verdict.message;
    if (!message.empty()) {
      out.Put(": ").Put(message.substr(0, message.find('\n')));
    }
  };
  std::string text =
      PrintScenario(recipe, scenario, remark, [&](size_t index, TextSink& out) {
        out.Put("   # ").Put(TellSwitch(trace, scenario.switches[index]));
      });
  if (!verdict.passed() && verdict.step >= scenario.steps.size()) {
    text += Concat("# at the end   <- ", verdict.validator, ": ",
                   verdict.message, "\n");
  }
  return text + PrintTimeline(recipe, scenario, trace, verdict);
}

}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// Each line of the text form becomes one call.
#include "framework/finding/reproducer_source.h"

#include <cctype>
#include <string_view>

#include "framework/base/text.h"
#include "framework/form/scenario_text.h"
#include "framework/validate/story/timeline.h"

namespace formfuzz {
namespace {

// Between a line and its remark: printed scenarios are printable.
constexpr char kRemark = '\x01';

std::string_view TakeLine(std::string_view& text, char end) {
  const size_t size = text.find(end);
  const std::string_view line = text.substr(0, size);
  text.remove_prefix(size == std::string_view::npos ? text.size() : size + 1);
  return line;
}

// A name that GoogleTest takes.
std::string Identifier(std::string_view name) {
  std::string identifier;
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (plain || !identifier.empty()) identifier += plain ? c : '_';
  }
  return identifier.empty() ? "Scenario" : identifier;
}

std::string Literal(std::string_view text) {
  constexpr std::string_view kRawEnd = ")\"";
  const bool is_plain = text.find_first_of("\"\\") == std::string_view::npos;
  if (is_plain) return Concat("\"", text, "\"");
  if (text.find(kRawEnd) == std::string_view::npos) {
    return Concat("R\"(", text, ")\"");
  }
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') literal += '\\';
    literal += c;
  }
  return literal + "\"";
}

// "7  @2 start vm vm1" becomes StepOf(2, "start vm vm1").
std::string StepCall(std::string_view line) {
  line.remove_prefix(line.find("  ") + 2);
  if (!line.starts_with('@')) return Concat("Step(", Literal(line), ")");
  line.remove_prefix(1);
  const std::string_view task = TakeLine(line, ' ');
  return Concat("StepOf(", task, ", ", Literal(line), ")");
}

std::string SwitchCall(std::string_view numbers) {
  const std::string_view yield = TakeLine(numbers, ' ');
  numbers.remove_prefix(numbers.rfind(' ') + 1);
  return Concat("SwitchAt(", yield, ", ", numbers, ")");
}

std::string CallFor(std::string_view line) {
  const std::string_view whole = line;
  const std::string_view word = TakeLine(line, ' ');
  if (word == "off") return Concat("Off(", Literal(line), ")");
  if (word == "fault") return Concat("Fault(", Literal(line), ")");
  if (word == "schedule") return Concat("Schedule(", Literal(line), ")");
  if (word == "wait") return Concat("Wait(", line, ")");
  if (word != "switch") return StepCall(whole);
  TakeLine(line, ' ');  // "at"
  return SwitchCall(line);
}

std::string TellStep(const Trace& trace, const Verdict& verdict, size_t step) {
  const bool returned = step < trace.steps.size() && trace.steps[step].returned;
  std::string text = returned ? std::string(trace.steps[step].outcome.label())
                              : "does not return";
  if (!returned && verdict.step != step) text = "not reached";
  if (!verdict.passed() && verdict.step == step) {
    text += Concat("  <- ", verdict.validator);
  }
  return text;
}

std::string Head(const Recipe& recipe, const Verdict& verdict) {
  std::string_view message = verdict.message;
  message = message.substr(0, message.find('\n'));
  return Concat(
      "// ", recipe.name, ": ", NameOf(verdict.kind), " ", verdict.validator,
      message.empty() ? "" : Concat("\n//   ", message),
      "\n//\n"
      "// Fails while the defect is there, and passes once it is gone. Linked "
      "with the\n// objects of the harness: ",
      recipe.name, "_harness.\n");
}

std::string AsComment(std::string_view timeline) {
  std::string comment = timeline.empty() ? "" : "//\n";
  while (!timeline.empty()) {
    const std::string_view line = TakeLine(timeline, '\n');
    comment += Concat("//", line.substr(1), "\n");
  }
  return comment;
}

}  // namespace

std::string ReproducerSource(const Recipe& recipe, const Scenario& scenario,
                             const Trace& trace, const Verdict& verdict) {
  const std::string printed = PrintScenario(
      recipe, scenario,
      [&](size_t step, TextSink& out) {
        out.Put({&kRemark, 1}).Put(TellStep(trace, verdict, step));
      },
      [&](size_t index, TextSink& out) {
        out.Put({&kRemark, 1}).Put(TellSwitch(trace, scenario.switches[index]));
      });
  std::string source =
      Concat(Head(recipe, verdict),
             AsComment(PrintTimeline(recipe, scenario, trace, verdict)),
             "#include <gtest/gtest.h>\n\n"
             "#include \"framework/replay/reproducer.h\"\n\n"
             "TEST(",
             Identifier(recipe.name), ", ", Identifier(verdict.validator),
             ") {\n  formfuzz::Reproducer scenario(\"", recipe.name, "\", \"",
             recipe.strategies[scenario.strategy].name, "\");\n");
  std::string_view rest = printed;
  TakeLine(rest, '\n');  // the title
  while (!rest.empty()) {
    std::string_view remark = TakeLine(rest, '\n');
    const std::string_view line = TakeLine(remark, kRemark);
    source += Concat("  scenario.", CallFor(line), ";",
                     remark.empty() ? "" : "  // ", remark, "\n");
  }
  return source +
         "  EXPECT_EQ(scenario.Play(), \"passed\") << scenario.story();\n}\n";
}

}  // namespace formfuzz

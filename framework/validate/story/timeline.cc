// SPDX-License-Identifier: Apache-2.0
// Beginnings and ends of steps, and passages between tasks, merged by the
// yield points that had been reached.
#include "framework/validate/story/timeline.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

#include "framework/base/text.h"
#include "framework/form/scenario_text.h"

namespace formfuzz {
namespace {

constexpr size_t kWidthMax = 96;   // of all columns together
constexpr size_t kColumnMin = 18;  // more tasks make longer lines
constexpr size_t kLinesMax = 4;    // of one step; what is longer is cut
constexpr size_t kRowsMax = 120;   // who goes round and round fills more

enum class What : uint8_t { kBegins, kEnds, kPasses };

struct Event {
  uint32_t yield;
  What what;
  uint32_t order;  // among what happens between the same two yield points
  size_t index;    // of the step, or of the passage

  bool operator<(const Event& other) const { return Key() < other.Key(); }

 private:
  // A passage is at its yield point, behind the steps that it follows.
  std::tuple<uint32_t, bool, uint32_t> Key() const {
    return {yield, what == What::kPasses, order};
  }
};

std::vector<Event> EventsOf(const Trace& trace) {
  std::vector<Event> events;
  for (size_t i = 0; i < trace.steps.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    if (step.began == 0) continue;
    events.push_back({step.began_yield, What::kBegins, step.began, i});
    if (step.ended == 0) continue;
    events.push_back({step.ended_yield, What::kEnds, step.ended, i});
  }
  for (size_t i = 0; i < trace.passages.size(); ++i) {
    const auto order = static_cast<uint32_t>(i);
    events.push_back({trace.passages[i].yield, What::kPasses, order, i});
  }
  std::sort(events.begin(), events.end());
  return events;
}

// Broken at spaces where that leaves no short lines; the rest is indented.
std::vector<std::string> Wrapped(std::string_view text, size_t width) {
  constexpr std::string_view kIndent = "    ";
  std::vector<std::string> lines;
  std::string line;
  while (line.size() + text.size() > width && lines.size() + 1 < kLinesMax) {
    const size_t room = width - line.size();
    size_t cut = text.rfind(' ', room);
    if (cut == std::string_view::npos || cut < room / 2) cut = room;
    lines.push_back(Concat(line, text.substr(0, cut)));
    text.remove_prefix(text[cut] == ' ' ? cut + 1 : cut);
    line = kIndent;
  }
  line += text;
  if (line.size() > width) line.replace(width - 3, std::string::npos, "...");
  lines.push_back(std::move(line));
  return lines;
}

class Timeline {
 public:
  Timeline(const Recipe& recipe, const Scenario& scenario, const Trace& trace,
           const Verdict& verdict)
      : recipe_(recipe), scenario_(scenario), trace_(trace), verdict_(verdict) {
    HandleTracker tracker;
    for (const Step& step : scenario.steps) {
      makes_.push_back(tracker.Pass(recipe, step));
    }
  }

  std::string Print() {
    if (!AssignColumns()) return "";
    for (size_t task = 0; task < kTasksMax; ++task) {
      if (column_[task] < columns_) Put(task, Concat("task ", task));
    }
    FlushRow();
    for (const Event& event : EventsOf(trace_)) {
      if (event.what == What::kPasses) PutPassage(trace_.passages[event.index]);
      if (event.what == What::kBegins) PutBegin(event.index);
      if (event.what == What::kEnds) PutEnd(event.index);
    }
    if (rows_ > kRowsMax) {
      text_ += Concat("# ", rows_ - kRowsMax, " more lines\n");
    }
    return std::move(text_);
  }

 private:
  // Only tasks whose steps began have one; false for fewer than two.
  bool AssignColumns() {
    std::array<bool, kTasksMax> used{};
    for (size_t i = 0; i < trace_.steps.size(); ++i) {
      if (trace_.steps[i].began > 0) used[scenario_.steps[i].task] = true;
    }
    for (size_t task = 0; task < kTasksMax; ++task) {
      column_[task] = used[task] ? columns_++ : kTasksMax;
    }
    if (columns_ < 2) return false;
    width_ = std::max(kColumnMin, kWidthMax / columns_ - 3);
    row_.resize(columns_);
    return true;
  }

  void PutBegin(size_t index) {
    const Step& step = scenario_.steps[index];
    in_step_[step.task] = true;
    PutWrapped(step.task,
               Concat(index + 1, " ", PrintStep(recipe_, step, makes_[index])));
  }

  void PutEnd(size_t index) {
    const Step& step = scenario_.steps[index];
    in_step_[step.task] = false;
    PutWrapped(step.task, Concat("  -> ", trace_.steps[index].outcome.label()));
    if (verdict_.passed() || verdict_.step != index) return;
    PutWrapped(step.task, Concat("  <- ", verdict_.validator));
  }

  // What a task does between its steps is nobody's business.
  void PutPassage(const Passage& passage) {
    const char* site = passage.left == nullptr ? "its end" : passage.left;
    if (passage.from < kTasksMax && in_step_[passage.from] &&
        passage.from != passage.to) {
      PutWrapped(passage.from,
                 passage.preempted
                     ? Concat("  leaves at ", site, ", yield ", passage.yield)
                     : Concat("  waits at ", site));
    }
    if (passage.to < kTasksMax && in_step_[passage.to] &&
        passage.from != passage.to) {
      PutWrapped(passage.to, "  goes on");
    }
  }

  // Rows with one cell, of several lines where the text is too long for one.
  void PutWrapped(size_t task, std::string_view text) {
    for (const std::string& line : Wrapped(text, width_)) {
      Put(task, line);
      FlushRow();
    }
  }

  void Put(size_t task, std::string text) {
    if (column_[task] < columns_) row_[column_[task]] = std::move(text);
  }
  void FlushRow() {
    if (++rows_ > kRowsMax) return;
    std::string line = "#";
    for (size_t column = 0; column < columns_; ++column) {
      line += column == 0 ? " " : "| ";
      row_[column].resize(width_ + 1, ' ');
      line += row_[column];
      row_[column].clear();
    }
    text_.append(line, 0, line.find_last_not_of(' ') + 1);
    text_ += '\n';
  }

  const Recipe& recipe_;
  const Scenario& scenario_;
  const Trace& trace_;
  const Verdict& verdict_;
  std::vector<uint16_t> makes_;  // by step
  std::array<size_t, kTasksMax> column_{};
  size_t columns_ = 0;
  size_t width_ = 0;
  size_t rows_ = 0;
  std::array<bool, kTasksMax> in_step_{};
  std::vector<std::string> row_;
  std::string text_;
};

}  // namespace

std::string PrintTimeline(const Recipe& recipe, const Scenario& scenario,
                          const Trace& trace, const Verdict& verdict) {
  return Timeline(recipe, scenario, trace, verdict).Print();
}

}  // namespace formfuzz

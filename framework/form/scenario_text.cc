// SPDX-License-Identifier: Apache-2.0
// Printing, and a reader with one function a kind of line.
#include "framework/form/scenario_text.h"

#include <algorithm>
#include <vector>

#include "framework/form/schedule_text.h"

namespace formfuzz {
namespace {

void PrintOff(const Recipe& recipe, const Scenario& scenario, TextSink& out) {
  bool first = true;
  for (size_t i = 0; i < recipe.kinds.size() && i < 32; ++i) {
    if ((scenario.off >> i & 1) == 0) continue;
    out.Put(first ? "off " : ", ").Put(recipe.kinds[i]->name());
    first = false;
  }
  if (!first) out.Put("\n");
}

void PrintFault(const Recipe& recipe, const Fault& fault, TextSink& out) {
  out.Put("fault ").Put(recipe.fault_points[fault.point]).Put(" ");
  out.Put(kFaultKindWords[static_cast<size_t>(fault.kind)]).Put(" ");
  out.Put(kFaultTriggerWords[static_cast<size_t>(fault.trigger)]).Put(" ");
  out.PutNumber(uint64_t{fault.hit} + FirstOf(fault.trigger));
  if (fault.parameter != 0) {
    out.Put(" with ").PutNumber(static_cast<uint64_t>(fault.parameter));
  }
  if (fault.scope != 0) {
    out.Put(" below ").Put(recipe.fault_scopes[fault.scope - 1u]);
  }
  out.Put("\n");
}

void PrintHeader(const Recipe& recipe, const Scenario& scenario,
                 SwitchRemark remark, TextSink& out) {
  out.Put(kScenarioTextMark).Put(recipe.name);
  out.Put(" strategy ").Put(recipe.strategies[scenario.strategy].name);
  out.Put("\n");
  PrintOff(recipe, scenario, out);
  for (const Fault& fault : scenario.faults) PrintFault(recipe, fault, out);
  PrintSchedule(scenario, remark, out);
}

void PrintAdvances(const Scenario& scenario, size_t before, size_t last,
                   TextSink& out) {
  for (const ClockAdvance& advance : scenario.advances) {
    const bool here =
        advance.before == before || (before == last && advance.before > last);
    if (!here) continue;
    out.Put("wait ").PutNumber(uint64_t{advance.ms}).Put("\n");
  }
}

void PutStep(const Recipe& recipe, const Step& step, uint16_t makes,
             TextSink& out) {
  const StepKind& kind = *recipe.kinds[step.kind];
  if (makes != kNoHandle) {
    out.Put(kind.makes_name()).PutNumber(makes + 1).Put(" = ");
  }
  out.Put(kind.name());
  kind.Print(step.arguments, out);
}

// Reads one text form; each function takes one kind of line.
class Reader {
 public:
  Reader(const Recipe& recipe, TextSource& in, Scenario& scenario)
      : recipe_(recipe), in_(in), scenario_(scenario) {}

  bool Read() {
    scenario_.Clear();
    if (!ReadTitle()) return false;
    while (in_.NextLine()) {
      if (!ReadLine()) return false;
      const bool done = in_.AtLineEnd() || in_.TryPunctuation("->");
      if (!done && !in_.lenient()) return in_.Fail("the end of the line");
    }
    // What made them may be a step that is no more.
    if (in_.lenient()) DropDanglingHandles(recipe_, scenario_.steps);
    return CheckOff();
  }

 private:
  bool ReadTitle() {
    if (!in_.TryWord("scenario")) return in_.Fail("'scenario'");
    word_ = in_;
    if (in_.TryWord() != recipe_.name && !in_.lenient()) {
      return FailAtWord(recipe_.name);
    }
    if (in_.AtLineEnd()) return true;
    if (!in_.TryWord("strategy")) return in_.Fail("'strategy'");
    std::vector<std::string_view> names;
    for (const Strategy& strategy : recipe_.strategies) {
      names.push_back(strategy.name);
    }
    size_t index = 0;
    if (in_.lenient()) {
      index = recipe_.StrategyNamed(in_.TryWord());
      if (index == names.size()) index = 0;
    } else if (!in_.ParseOption(names, &index)) {
      return false;
    }
    scenario_.strategy = static_cast<uint8_t>(index);
    return true;
  }

  uint8_t Tasks() const { return recipe_.strategies[scenario_.strategy].tasks; }

  bool ReadLine() {
    if (in_.TryWord("off")) return ReadOff();
    if (in_.TryWord("fault")) return ReadFault();
    if (in_.TryWord("switch")) return ReadSwitch(in_, Tasks(), scenario_);
    if (in_.TryWord("schedule")) return ReadDraw(in_, Tasks(), scenario_);
    if (in_.TryWord("wait")) return ReadWait();
    return ReadStep();
  }

  bool ReadOff() {
    do {
      const size_t kind = recipe_.KindNamed(ReadWord("the name of a step"));
      if (kind < recipe_.kinds.size() && kind < 32) {
        scenario_.off |= 1u << kind;
      } else if (!in_.lenient()) {
        return FailAtWord("the name of a step");
      }
    } while (in_.TryPunctuation(","));
    return true;
  }

  bool ReadFault() {
    const std::string_view point = ReadWord("the name of a fault point");
    size_t index = 0;
    const auto& names = recipe_.fault_points;
    while (index < names.size() && names[index] != point) ++index;
    if (index == names.size()) {
      return in_.lenient() || FailAtWord("a fault point of this harness");
    }
    Fault fault{static_cast<uint16_t>(index), FaultKind::kError, 0, 0};
    if (!ReadFaultKind(&fault) || !ReadFaultScope(&fault)) return false;
    if (scenario_.faults.size() == kFaultsMax) {
      return in_.Fail("no more than 32 faults");
    }
    scenario_.faults.push_back(fault);
    return true;
  }
  bool ReadFaultKind(Fault* fault) {
    size_t kind = 0;
    size_t trigger = 0;
    uint64_t hit = 0;
    uint64_t parameter = 0;
    if (!in_.ParseOption(kFaultKindWords, &kind)) return false;
    if (!in_.ParseOption(kFaultTriggerWords, &trigger)) return false;
    fault->kind = static_cast<FaultKind>(kind);
    fault->trigger = static_cast<FaultTrigger>(trigger);
    const uint64_t first = FirstOf(fault->trigger);
    if (!in_.ParseUnsigned(first, kFaultHitMax + first, &hit)) return false;
    if (in_.TryWord("with") && !in_.ParseUnsigned(0, 65535, &parameter)) {
      return false;
    }
    fault->hit = static_cast<uint16_t>(hit - first);
    fault->parameter = static_cast<uint16_t>(parameter);
    return true;
  }
  // A scope that is no more leaves the fault to fire anywhere.
  bool ReadFaultScope(Fault* fault) {
    if (!in_.TryWord("below")) return true;
    const std::string_view scope = ReadWord("the name of a fault scope");
    const auto& names = recipe_.fault_scopes;
    const auto found = std::find(names.begin(), names.end(), scope);
    if (found == names.end()) {
      return in_.lenient() || FailAtWord("a fault scope of this harness");
    }
    fault->scope = static_cast<uint8_t>(found - names.begin() + 1);
    return true;
  }

  bool ReadWait() {
    uint64_t ms = 0;
    if (!in_.ParseUnsigned(0, UINT32_MAX, &ms)) return false;
    if (scenario_.advances.size() == kAdvancesMax) {
      return in_.Fail("no more than 32 waits");
    }
    scenario_.advances.push_back({static_cast<uint8_t>(scenario_.steps.size()),
                                  static_cast<uint32_t>(ms)});
    return true;
  }

  bool ReadStep() {
    Step step{};
    if (!ReadStepNumber() || !ReadTask(&step)) return false;
    std::string_view name = ReadWord("a step");
    std::string_view product;
    if (in_.TryPunctuation("=")) {
      product = name;
      name = ReadWord("a step");
    }
    const size_t kind = recipe_.KindNamed(name);
    if (kind == recipe_.kinds.size()) return UnknownStep();
    step.kind = static_cast<uint8_t>(kind);
    if (!IsInStrategy(kind)) return in_.lenient() && SkipStep();
    if (scenario_.steps.size() == recipe_.steps_max) {
      return in_.Fail(Concat("no more than ", recipe_.steps_max, " steps"));
    }
    ByteSource nothing({}, in_.arena(), &tracker_.counts());
    step.arguments = recipe_.kinds[kind]->Decode(nothing);
    in_.set_handles(&tracker_.counts());
    if (!recipe_.kinds[kind]->Parse(in_, step.arguments)) return false;
    scenario_.steps.push_back(step);
    return CheckProduct(product, tracker_.Pass(recipe_, step));
  }

  bool ReadStepNumber() {
    uint64_t number = 0;
    TextSource before = in_;
    if (in_.ParseUnsigned(0, UINT16_MAX, &number)) return true;
    in_ = before;  // there is none: it may be left out
    return true;
  }
  bool ReadTask(Step* step) {
    if (!in_.TryPunctuation("@")) return true;
    uint64_t task = 0;
    if (!in_.ParseUnsigned(0, Tasks() - 1u, &task)) return false;
    step->task = static_cast<uint8_t>(task);
    return true;
  }
  // The next word, where FailAtWord then points at.
  std::string_view ReadWord(std::string_view what) {
    word_ = in_;
    return in_.ExpectWord(what);
  }
  bool FailAtWord(std::string_view expected) {
    if (in_.ok()) in_ = word_;
    return in_.Fail(expected);
  }
  bool UnknownStep() {
    if (in_.lenient()) return SkipStep();
    std::string expected = "one of the steps";
    for (const auto& kind : recipe_.kinds) {
      expected += Concat(" ", kind->name());
    }
    return FailAtWord(expected);
  }
  bool SkipStep() {
    in_.SkipLine();
    return true;
  }
  bool IsInStrategy(size_t kind) {
    const Strategy& strategy = recipe_.strategies[scenario_.strategy];
    if ((strategy.kinds >> kind & 1) != 0) return true;
    if (in_.lenient()) return false;
    return FailAtWord(Concat("a step of the strategy ", strategy.name));
  }
  bool CheckProduct(std::string_view product, uint16_t made) {
    if (product.empty() || in_.lenient()) return true;
    const StepKind& kind = *recipe_.kinds[scenario_.steps.back().kind];
    const std::string actual = made == kNoHandle
                                   ? std::string("nothing")
                                   : Concat(kind.makes_name(), made + 1);
    if (product == actual) return true;
    return in_.Fail(Concat("'", actual, " =' in front of this step"));
  }
  bool CheckOff() {
    for (const Step& step : scenario_.steps) {
      if ((AllowedKinds(recipe_, scenario_) >> step.kind & 1) != 0) continue;
      if (!in_.lenient()) {
        return in_.Fail(Concat("no step '", recipe_.kinds[step.kind]->name(),
                               "', which is off"));
      }
      scenario_.off = 0;
    }
    return true;
  }

  const Recipe& recipe_;
  TextSource& in_;
  TextSource word_ = in_;  // at the word that was read last
  Scenario& scenario_;
  HandleTracker tracker_;
};

}  // namespace

std::string PrintStep(const Recipe& recipe, const Step& step, uint16_t makes) {
  TextSink out;
  PutStep(recipe, step, makes, out);
  return out.Take();
}

std::string PrintScenario(const Recipe& recipe, const Scenario& scenario) {
  return PrintScenario(recipe, scenario, [](size_t, TextSink&) {});
}

std::string PrintScenario(const Recipe& recipe, const Scenario& scenario,
                          StepRemark remark) {
  return PrintScenario(recipe, scenario, remark, [](size_t, TextSink&) {});
}

std::string PrintScenario(const Recipe& recipe, const Scenario& scenario,
                          StepRemark remark, SwitchRemark switch_remark) {
  TextSink out;
  PrintHeader(recipe, scenario, switch_remark, out);
  HandleTracker tracker;
  const size_t last = scenario.steps.size();
  for (size_t i = 0; i < last; ++i) {
    PrintAdvances(scenario, i, last, out);
    out.PutNumber(i + 1).Put("  ");
    const Step& step = scenario.steps[i];
    if (step.task != 0) {
      out.Put("@").PutNumber(static_cast<uint64_t>(step.task)).Put(" ");
    }
    PutStep(recipe, step, tracker.Pass(recipe, step), out);
    remark(i, out);
    out.Put("\n");
  }
  PrintAdvances(scenario, last, last, out);
  return out.Take();
}

absl::Status ParseScenario(const Recipe& recipe, std::string_view text,
                           Arena& arena, Scenario& scenario,
                           Leniency leniency) {
  TextSource in(text, arena, leniency);
  if (Reader(recipe, in, scenario).Read()) return absl::OkStatus();
  return absl::InvalidArgumentError(in.error());
}

}  // namespace formfuzz

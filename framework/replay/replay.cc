// SPDX-License-Identifier: Apache-2.0
// Everything that the replay binary of a target can do.
#include "framework/replay/replay.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

#include "framework/base/file.h"
#include "framework/base/text.h"
#include "framework/engine/random_play.h"
#include "framework/form/scenario_codec.h"
#include "framework/form/scenario_text.h"
#include "framework/replay/say.h"
#include "framework/replay/silent_death.h"

namespace formfuzz {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json StepsToJson(const Recipe& recipe, const Scenario& scenario) {
  Json steps = Json::array();
  for (const Step& step : scenario.steps) {
    TextSink arguments;
    recipe.kinds[step.kind]->Print(step.arguments, arguments);
    std::string_view text = arguments.text();
    if (text.starts_with(' ')) text.remove_prefix(1);
    steps.push_back({{"step", recipe.kinds[step.kind]->name()},
                     {"task", step.task},
                     {"arguments", std::string(text)}});
  }
  return steps;
}

Json FaultToJson(const Recipe& recipe, const Fault& fault) {
  const auto kind = static_cast<size_t>(fault.kind);
  const auto trigger = static_cast<size_t>(fault.trigger);
  Json json = {{"point", recipe.fault_points[fault.point]},
               {"kind", kFaultKindWords[kind]},
               {"trigger", kFaultTriggerWords[trigger]},
               {"hit", fault.hit},
               {"parameter", fault.parameter}};
  if (fault.scope != 0) json["below"] = recipe.fault_scopes[fault.scope - 1u];
  return json;
}

Json ScenarioToJson(const Recipe& recipe, const Scenario& scenario) {
  Json json;
  json["target"] = recipe.name;
  json["strategy"] = recipe.strategies[scenario.strategy].name;
  json["steps"] = StepsToJson(recipe, scenario);
  json["faults"] = Json::array();
  for (const Fault& fault : scenario.faults) {
    json["faults"].push_back(FaultToJson(recipe, fault));
  }
  json["switches"] = Json::array();
  for (const Switch& entry : scenario.switches) {
    json["switches"].push_back({{"yield", entry.yield}, {"task", entry.task}});
  }
  json["waits"] = Json::array();
  for (const ClockAdvance& advance : scenario.advances) {
    json["waits"].push_back({{"before", advance.before}, {"ms", advance.ms}});
  }
  return json;
}

}  // namespace

Replay::Replay(const Recipe& recipe, uint64_t timeout_s)
    : recipe_(recipe), session_(recipe, {}), isolation_(recipe, timeout_s) {}

absl::Status Replay::Load(const std::string& file) {
  absl::StatusOr<std::string> content = ReadFile(file, kInputBytesMax);
  if (!content.ok()) return content.status();
  if (!content->starts_with(kScenarioTextMark)) {
    session_.Load(AsBytes(*content));
    return absl::OkStatus();
  }
  const absl::Status parsed = session_.LoadText(*content);
  if (parsed.ok()) return parsed;
  return absl::InvalidArgumentError(
      Concat(file, ":", std::string(parsed.message())));
}

absl::Status Replay::LoadAll(const std::vector<std::string>& paths,
                             std::vector<std::string>* names,
                             std::vector<std::string>* inputs) {
  for (const std::string& path : paths) {
    absl::StatusOr<std::vector<std::string>> files = ListFiles(path);
    if (!files.ok()) return files.status();
    for (const std::string& file : *files) {
      if (absl::Status status = Load(file); !status.ok()) return status;
      names->push_back(file);
      inputs->push_back(session_.Encoded());
    }
  }
  if (inputs->empty()) return absl::NotFoundError("no inputs to replay");
  return absl::OkStatus();
}

int Replay::Describe() {
  Json json;
  json["name"] = recipe_.name;
  json["schema_digest"] = ToHex(recipe_.SchemaDigest());
  json["steps_max"] = recipe_.steps_max;
  for (const Strategy& strategy : recipe_.strategies) {
    json["strategies"].push_back(strategy.name);
  }
  for (const auto& kind : recipe_.kinds) json["steps"].push_back(kind->name());
  json["validators"] = Json::array();
  for (const Invariant& invariant : recipe_.invariants) {
    for (const std::string& name : invariant.names) {
      json["validators"].push_back(name);
    }
  }
  json["faults"] = recipe_.fault_points;
  json["schema"] = Json::parse(SchemaToJson(recipe_.Describe()));
  Say(Dump(json));
  return 0;
}

int Replay::Show(const std::string& file, const std::string& as) {
  if (absl::Status status = Load(file); !status.ok()) return Complain(status);
  const Scenario& scenario = session_.scenario();
  if (as == "text") {
    Say(PrintScenario(recipe_, scenario));
  } else if (as == "json") {
    Say(Dump(ScenarioToJson(recipe_, scenario)));
  } else if (as == "trace") {
    const IsolatedResult result =
        isolation_.Play(AsBytes(session_.Encoded()), true);
    if (result.failed()) {
      Say(result.story);
    } else {
      const Verdict verdict = session_.PlayLoaded();
      Say(PrintTrace(recipe_, scenario, session_.trace(), verdict));
    }
  } else if (as == "cpp") {
    Say(Reproducer());
  } else {
    return Complain(absl::InvalidArgumentError(
        Concat("--as ", as, ": want text, json, trace or cpp")));
  }
  return 0;
}

int Replay::Encode(const std::string& file, const std::string& out) {
  if (absl::Status status = Load(file); !status.ok()) return Complain(status);
  const absl::Status written = WriteFileAtomically(out, session_.Encoded());
  return written.ok() ? 0 : Complain(written);
}

int Replay::RecordFinding(const std::string& file,
                          const std::string& findings) {
  if (absl::Status status = Load(file); !status.ok()) return Complain(status);
  Recorder sink(findings);
  const std::string input = session_.Encoded();
  const IsolatedResult result = isolation_.PlayInto(AsBytes(input), sink);
  if (!result.failed()) return 0;
  if (result.harness_ended()) return kHarnessBrokenExit;
  std::string name = Concat(result.kind, "-", result.signature);
  bool saved = result.saved;
  if (!result.ending.empty()) {
    const Finding finding = FindingOfSilentDeath(session_, isolation_, result);
    saved = sink.Record(finding);
    name = FolderNameOf(finding);
  }
  if (saved) Say(Concat(findings, "/", name, "\n"));
  return kFindingExit;
}

int Replay::PlayEach(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  std::vector<std::string> inputs;
  if (absl::Status status = LoadAll(paths, &names, &inputs); !status.ok()) {
    return Complain(status);
  }
  size_t failed = 0;
  bool broken = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const IsolatedResult result = isolation_.Play(AsBytes(inputs[i]), false);
    if (!result.failed()) continue;
    ++failed;
    broken |= result.harness_broken();
    Say(Concat(names[i], ": ", result.story));
  }
  Say(Concat(inputs.size(), " inputs, ", failed, " failed\n"));
  if (broken) return kHarnessBrokenExit;
  return failed == 0 ? 0 : kFindingExit;
}

int Replay::PlayTwice(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  std::vector<std::string> inputs;
  if (absl::Status status = LoadAll(paths, &names, &inputs); !status.ok()) {
    return Complain(status);
  }
  std::vector<size_t> order(inputs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const Isolation::Pass forwards = isolation_.PlayAll(inputs, order);
  std::reverse(order.begin(), order.end());
  const Isolation::Pass backwards = isolation_.PlayAll(inputs, order);
  for (const Isolation::Pass* pass : {&forwards, &backwards}) {
    if (!pass->result.failed()) continue;
    const size_t at = pass == &forwards ? pass->failed_at
                                        : inputs.size() - 1 - pass->failed_at;
    Say(Concat(at < names.size() ? names[at] : "after the last input", ": ",
               pass->result.story));
    return pass->result.harness_broken() ? kHarnessBrokenExit : kFindingExit;
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (forwards.digests[i] == backwards.digests[inputs.size() - 1 - i]) {
      continue;
    }
    Say(Concat(names[i],
               ": nondeterministic: its trace depends on what ran "
               "before it\n"));
    return kFindingExit;
  }
  Say(Concat(inputs.size(),
             " inputs, each twice in two orders: traces are "
             "equal\n"));
  return 0;
}

int Replay::PlayRandom(uint64_t runs, uint64_t seed) {
  const RandomPlayResult result = PlayRandomScenarios(session_, runs, seed);
  Say(Concat(result.runs, " random scenarios, ", result.steps, " steps, ",
             session_.states(), " states\n"));
  if (result.verdict.passed()) return 0;
  Say(StoryOf(session_.MakeFinding(result.verdict)));
  return kFindingExit;
}

int Replay::PlayHere(const std::string& file) {
  if (absl::Status status = Load(file); !status.ok()) return Complain(status);
  const Verdict verdict = session_.PlayLoaded();
  Say(PrintTrace(recipe_, session_.scenario(), session_.trace(), verdict));
  return verdict.passed() ? 0 : kFindingExit;
}

}  // namespace formfuzz

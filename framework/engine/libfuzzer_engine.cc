// SPDX-License-Identifier: Apache-2.0
// The C interface that libFuzzer defined and other engines took over. The
// only place, with death.cc, where formfuzz keeps process-wide state.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "framework/base/text.h"
#include "framework/engine/afl/states.h"
#include "framework/engine/death.h"
#include "framework/engine/harness.h"
#include "framework/engine/in_flight_file.h"
#include "framework/engine/recorder.h"
#include "framework/engine/session.h"
#include "framework/observe/edge_counters.h"
#include "framework/observe/settled_edges.h"

// libFuzzer's and AFL++'s driver have one; honggfuzz and others do not.
extern "C" __attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t* data,
                                                         size_t size,
                                                         size_t size_max);
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t size_max, unsigned int seed);
extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1,
                                            const uint8_t* data2, size_t size2,
                                            uint8_t* out, size_t out_size_max,
                                            unsigned int seed);

namespace formfuzz {
namespace {

// libFuzzer scans all of them after every run: few enough to cost little,
// many enough for the outcomes of pairs of steps.
constexpr size_t kCounters = 512;
static_assert(kCounters <= kAflStatesMax);
constexpr uint64_t kTimeoutDefaultS = 1200;  // libFuzzer's

alignas(64) __attribute__((
    section("__libfuzzer_extra_counters"))) uint8_t counters[kCounters];

struct Flags {
  std::string findings_folder = ".";
  uint64_t timeout_s = kTimeoutDefaultS;
  bool counts = false;     // of edges are features
  bool all_edges = false;  // are shown, however often they were taken
};
Flags flags;

// -artifact_prefix=out/x- puts findings beside the artifacts: in out.
void ReadFlag(std::string_view flag) {
  constexpr std::string_view kPrefix = "-artifact_prefix=";
  constexpr std::string_view kTimeout = "-timeout=";
  constexpr std::string_view kCounts = "-use_counters=";
  constexpr std::string_view kFocus = "-focus_function=";
  constexpr std::string_view kShrink = "-shrink=";
  if (flag.starts_with(kPrefix)) {
    const std::string_view prefix = flag.substr(kPrefix.size());
    const size_t slash = prefix.rfind('/');
    if (slash != std::string_view::npos) {
      flags.findings_folder = std::string(prefix.substr(0, slash + 1));
    }
  } else if (flag.starts_with(kTimeout)) {
    flags.timeout_s = std::strtoull(flag.data() + kTimeout.size(), nullptr, 10);
  } else if (flag.starts_with(kCounts)) {
    flags.counts = flag.substr(kCounts.size()) != "0";
  } else if (flag.starts_with(kFocus) || flag.starts_with(kShrink)) {
    flags.all_edges = true;
  }
}

// How often an edge was taken grows with the number of steps and says little
// else: which steps were done after which is told by states. Features of counts
// fill the corpus with long scenarios. The engine's own -use_counters=0 would
// take the ranges of the states' counters away, too.
void ForgetCounts(std::span<uint8_t> edges) {
  for (uint8_t& edge : edges) edge = edge != 0;
}

const Recipe& OnlyRecipe() {
  FORMFUZZ_CHECK(RegisteredRecipes().size() == 1,
                 "a target needs exactly one FORMFUZZ_HARNESS");
  Recipe& recipe = *RegisteredRecipes().front();
  recipe.Finish();
  return recipe;
}

// Says of a run that its finding is safe, also from the child that writes down
// a death: nobody need look for it then.
class MarkingSink final : public FindingSink {
 public:
  MarkingSink(Recorder& recorder, InFlightFile& in_flight)
      : recorder_(recorder), in_flight_(in_flight) {}

  bool Record(const Finding& finding) override {
    const bool safe = recorder_.Record(finding);
    if (safe) in_flight_.Written();
    return safe;
  }
  const char* raw_folder() const override { return recorder_.raw_folder(); }

 private:
  Recorder& recorder_;
  InFlightFile& in_flight_;
};

// Everything that lives as long as the process.
struct Process {
  Process()
      : session(OnlyRecipe(), counters, EdgeCounters()),
        recorder(std::getenv(kFindingsVariable) != nullptr
                     ? std::getenv(kFindingsVariable)
                     : flags.findings_folder),
        keep_going(std::getenv(kKeepGoingVariable) != nullptr) {
    if (const char* name = std::getenv(kStrategyVariable)) Pin(name);
    if (has_afl_map) session.MakeRunsAlike();
    session.ExpectCorpus();
    recorder.DeclareGoals(session.recipe().goals);
    WatchForDeath(session, sink, flags.timeout_s);
  }

  void Pin(const char* name) {
    const size_t strategy = session.recipe().StrategyNamed(name);
    FORMFUZZ_CHECK(strategy < session.recipe().strategies.size(),
                   Concat("FORMFUZZ_STRATEGY: no strategy '", name, "'"));
    session.PinStrategy(static_cast<uint8_t>(strategy));
  }

  int Run(Bytes input) {
    in_flight.Begin(input);
    BeginWatchedRun();
    const Verdict& verdict = session.Execute(input);
    EndWatchedRun();
    if (has_afl_map) ShowStatesToAfl(counters);
    in_flight.End();
    if (!flags.counts) ShowEdges(EdgeCounters());
    LiveStats& stats = recorder.stats();
    ++stats.executions;
    stats.steps += session.trace().steps.size();
    stats.states = session.states();
    recorder.set_goals_reached(session.goals_reached());
    return verdict.passed() ? 0 : Fail(verdict);
  }

  // Settled edges say nothing to an engine that looks for new ones. One that
  // measures or merges corpora never asks for a changed input, and sees them
  // all; so does one that is told to watch a function, or for smaller inputs.
  void ShowEdges(std::span<uint8_t> edges) {
    const bool strips = is_fuzzing && !flags.all_edges;
    strips ? settled.Strip(edges) : ForgetCounts(edges);
  }

  // Only comes back under keep-going: the input is then not worth keeping.
  int Fail(const Verdict& verdict) {
    sink.Record(session.MakeFinding(verdict));
    if (keep_going) return -1;
    DeathIsRecorded();
    std::abort();  // the way to tell an engine that an input fails
  }

  Session session;
  Recorder recorder;
  InFlightFile in_flight;
  MarkingSink sink{recorder, in_flight};
  bool keep_going;
  // AFL++ measures whether runs are stable.
  const bool has_afl_map = HasAflMap();
  SettledEdges settled{EdgeCounters().size()};
  bool is_fuzzing = false;
};

Process& TheProcess() {
  static auto* const process = new Process();
  return *process;
}

}  // namespace
}  // namespace formfuzz

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i) formfuzz::ReadFlag((*argv)[i]);
  return 0;
}

// First called after the engine has installed its handlers: ours go on top.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static formfuzz::Process& process = formfuzz::TheProcess();
  return process.Run({data, size});
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t size_max, unsigned int seed) {
  formfuzz::Process& process = formfuzz::TheProcess();
  process.is_fuzzing = true;
  return process.session.Mutate(data, size, size_max, seed, LLVMFuzzerMutate);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1,
                                            const uint8_t* data2, size_t size2,
                                            uint8_t* out, size_t out_size_max,
                                            unsigned int seed) {
  formfuzz::Process& process = formfuzz::TheProcess();
  return process.session.CrossOver({data1, size1}, {data2, size2},
                                   {out, out_size_max}, seed);
}

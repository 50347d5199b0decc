// SPDX-License-Identifier: Apache-2.0
// main() of every <target>_replay.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "framework/engine/harness.h"
#include "framework/finding/live_stats.h"
#include "framework/replay/replay.h"

namespace formfuzz {
namespace {

struct Arguments {
  std::vector<std::string> paths;
  std::string show;
  std::string as = "text";
  std::vector<std::string> encode;
  std::string tmin;
  std::string reproducer;
  std::string certificate;
  std::string record;
  std::vector<std::string> out;
  std::string migrate;
  std::string schema;
  uint64_t runs_max = 20'000;
  std::string faults;
  uint64_t seconds = 0;
  uint64_t random = 0;
  uint64_t seed = 1;
  uint64_t timeout_s = 25;  // OSS-Fuzz's
  bool twice = false;
  bool fresh = false;
  bool describe = false;
  bool here = false;
};

void Declare(CLI::App& app, Arguments& arguments) {
  app.add_option("paths", arguments.paths, "inputs, or folders of them");
  app.add_flag("--twice", arguments.twice,
               "all inputs in two orders; their traces must be equal");
  app.add_flag("--fresh", arguments.fresh,
               "all inputs in one process, and each in one of its own; their "
               "traces must be equal");
  app.add_flag("--here", arguments.here,
               "play one input in this process, for a debugger");
  app.add_flag("--describe", arguments.describe,
               "print steps, strategies, validators and schema as JSON");
  app.add_option("--show", arguments.show, "print an input");
  app.add_option("--as", arguments.as, "text, json, trace or cpp");
  app.add_option("--encode", arguments.encode,
                 "write an input in binary form to --out; the n-th to the "
                 "n-th");
  app.add_option("--tmin", arguments.tmin,
                 "minimise a failing input into --out");
  app.add_option("--reproducer", arguments.reproducer,
                 "for --tmin: also write it as a test in C++");
  app.add_option("--certificate", arguments.certificate,
                 "for --tmin: also write how few preemptions it takes");
  app.add_option("--runs-max", arguments.runs_max,
                 "for --tmin and --faults; 0 with --faults: all there are");
  app.add_option("--record", arguments.record,
                 "play an input; a failure becomes a folder in "
                 "FORMFUZZ_FINDINGS_DIR, or here");
  app.add_option("--faults", arguments.faults,
                 "exhaustive: every input with its n-th call that can fail "
                 "failing, for every n; findings as for --record")
      ->check(CLI::IsMember({"exhaustive"}));
  app.add_option("--seconds", arguments.seconds, "for --faults and --tmin");
  app.add_option("--migrate", arguments.migrate,
                 "a corpus to bring over from the harness whose schema is in "
                 "the file --schema, which is then renewed");
  app.add_option("--schema", arguments.schema, "for --migrate");
  app.add_option("--out", arguments.out, "file to write");
  app.add_option("--random", arguments.random, "play so many random scenarios");
  app.add_option("--seed", arguments.seed, "for --random");
  app.add_option("--timeout", arguments.timeout_s, "seconds for one input");
}

// One process for a folder of seeds: starting one a seed takes longer than
// all that it does.
int EncodeAll(Replay& replay, const Arguments& arguments) {
  const size_t count = arguments.encode.size();
  if (arguments.out.size() != count) {
    std::fprintf(stderr, "%zu inputs to encode, and %zu files to write\n",
                 count, arguments.out.size());
    return kUsageExit;
  }
  for (size_t i = 0; i < count; ++i) {
    const int code = replay.Encode(arguments.encode[i], arguments.out[i]);
    if (code != 0) return code;
  }
  return 0;
}

std::string FindingsFolder() {
  const char* folder = std::getenv(kFindingsVariable);
  return folder != nullptr ? folder : ".";
}

int Dispatch(Replay& replay, const Arguments& arguments) {
  const bool wants_out = !arguments.encode.empty() || !arguments.tmin.empty();
  if (wants_out && arguments.out.empty()) {
    std::fprintf(stderr, "--out is missing: where should the result go?\n");
    return kUsageExit;
  }
  if (!arguments.migrate.empty() && arguments.schema.empty()) {
    std::fprintf(stderr, "--schema is missing: what wrote this corpus?\n");
    return kUsageExit;
  }
  if (arguments.describe) return replay.Describe();
  if (!arguments.show.empty()) {
    return replay.Show(arguments.show, arguments.as);
  }
  if (!arguments.encode.empty()) {
    return EncodeAll(replay, arguments);
  }
  if (!arguments.tmin.empty()) {
    return replay.Minimise(
        arguments.tmin,
        {arguments.out.front(), arguments.reproducer, arguments.certificate},
        {arguments.runs_max, arguments.seconds});
  }
  if (!arguments.record.empty()) {
    return replay.RecordFinding(arguments.record, FindingsFolder());
  }
  if (!arguments.migrate.empty()) {
    return replay.Migrate(arguments.migrate, arguments.schema);
  }
  if (arguments.random > 0) {
    return replay.PlayRandom(arguments.random, arguments.seed);
  }
  if (arguments.paths.empty()) {
    std::fprintf(stderr, "no input given; see --help\n");
    return kUsageExit;
  }
  if (!arguments.faults.empty()) {
    return replay.PlayFaults(arguments.paths, FindingsFolder(),
                             {arguments.runs_max, arguments.seconds});
  }
  if (arguments.fresh) return replay.PlayFresh(arguments.paths);
  if (arguments.here) return replay.PlayHere(arguments.paths.front());
  return arguments.twice ? replay.PlayTwice(arguments.paths)
                         : replay.PlayEach(arguments.paths);
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Runs, shows and minimises inputs of one target. Exit codes: "
      "0 nothing found, 77 a finding, 78 the harness is broken, 2 usage.");
  Arguments arguments;
  Declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageExit;
  }
  FORMFUZZ_CHECK(RegisteredRecipes().size() == 1,
                 "a target needs exactly one FORMFUZZ_HARNESS");
  Recipe& recipe = *RegisteredRecipes().front();
  recipe.Finish();
  Replay replay(recipe, arguments.timeout_s);
  return Dispatch(replay, arguments);
}

}  // namespace
}  // namespace formfuzz

int main(int argc, char** argv) { return formfuzz::Main(argc, argv); }

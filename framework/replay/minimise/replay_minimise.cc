// SPDX-License-Identifier: Apache-2.0
// What the replay binary of a target does to make an input smaller, and to
// write it in C++.
#include <cstdio>
#include <utility>

#include "framework/base/file.h"
#include "framework/base/text.h"
#include "framework/replay/minimise/minimiser.h"
#include "framework/replay/replay.h"
#include "framework/replay/say.h"
#include "framework/replay/silent_death.h"

namespace formfuzz {
namespace {

absl::Status WriteMinimised(const Minimised& smallest,
                            const MinimiseFiles& out) {
  const std::pair<std::string, std::string> files[] = {
      {out.input, smallest.input},
      {out.reproducer, smallest.failure.reproducer},
      {out.certificate, smallest.certificate}};
  for (const auto& [path, content] : files) {
    if (path.empty() || (content.empty() && path != out.input)) continue;
    absl::Status status = WriteFileAtomically(path, content);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

std::string Replay::Reproducer() {
  const IsolatedResult result =
      isolation_.Play(AsBytes(session_.Encoded()), true);
  if (!result.ending.empty()) {
    return FindingOfSilentDeath(session_, isolation_, result).reproducer;
  }
  if (result.failed()) return result.reproducer;
  const Verdict passed = session_.PlayLoaded();
  return session_.MakeFinding(passed).reproducer;
}

int Replay::Minimise(const std::string& file, const MinimiseFiles& out,
                     const MinimiseLimits& limits) {
  if (absl::Status status = Load(file); !status.ok()) return Complain(status);
  const size_t steps = session_.scenario().steps.size();
  IsolatedResult failure = isolation_.Play(AsBytes(session_.Encoded()), true);
  if (!failure.failed()) {
    return Complain(absl::InvalidArgumentError(
        Concat(file, " does not fail: there is nothing to minimise")));
  }
  if (failure.harness_broken()) {
    Complain(absl::FailedPreconditionError(Concat(
        file, " breaks the harness: correct it first\n", failure.story)));
    return kHarnessBrokenExit;
  }
  Minimised smallest =
      Minimiser(session_, isolation_, std::move(failure)).Run(limits);
  if (!out.reproducer.empty() && smallest.failure.reproducer.empty()) {
    smallest.failure.reproducer = Reproducer();
  }
  const absl::Status written = WriteMinimised(smallest, out);
  if (!written.ok()) return Complain(written);
  Say(smallest.failure.story);
  if (!smallest.certificate.empty()) {
    Say(Concat("# ", smallest.certificate, "\n"));
  }
  if (!smallest.fails_each_time) {
    std::fprintf(stderr,
                 "formfuzz: what it was made into does not fail each time: %s "
                 "is the input as it was\n",
                 out.input.c_str());
    return 0;
  }
  std::fprintf(stderr, "formfuzz: %zu steps became %zu in %zu runs: %s\n",
               steps, smallest.steps, smallest.runs + 1, out.input.c_str());
  return 0;
}

}  // namespace formfuzz

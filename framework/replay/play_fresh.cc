// SPDX-License-Identifier: Apache-2.0
// Whether a harness's way back to its first state gets there: each input after
// all before it, against the same in a process of its own.
#include <cstdio>
#include <numeric>

#include "framework/base/text.h"
#include "framework/replay/replay.h"
#include "framework/replay/say.h"

namespace formfuzz {
namespace {

int Fails(const IsolatedResult& result) {
  Say(result.story);
  return result.harness_broken() ? kHarnessBrokenExit : kFindingExit;
}

}  // namespace

int Replay::PlayFresh(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  std::vector<std::string> inputs;
  if (absl::Status status = LoadAll(paths, &names, &inputs); !status.ok()) {
    return Complain(status);
  }
  std::vector<size_t> order(inputs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const Isolation::Pass together = isolation_.PlayAll(inputs, order);
  for (const size_t index : order) {
    if (index >= together.digests.size()) break;  // the rest did not run
    const Isolation::Pass alone = isolation_.PlayAll(inputs, {index});
    if (alone.digests.size() == 1 &&
        alone.digests[0] == together.digests[index]) {
      continue;
    }
    if (alone.result.harness_broken()) return Fails(alone.result);
    std::printf(
        "%s: nondeterministic: in a fresh process its trace is "
        "another; the subject does not come back to its first state\n",
        names[index].c_str());
    return kFindingExit;
  }
  if (together.result.failed()) return Fails(together.result);
  std::printf("%zu inputs, each alone and after others: traces are equal\n",
              inputs.size());
  return 0;
}

}  // namespace formfuzz

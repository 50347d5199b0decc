// SPDX-License-Identifier: Apache-2.0
// What the replay binary says: results on standard output, and one line on
// standard error where it could not do what was asked.
#ifndef FORMFUZZ_FRAMEWORK_REPLAY_SAY_H_
#define FORMFUZZ_FRAMEWORK_REPLAY_SAY_H_

#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "framework/replay/replay.h"

namespace formfuzz {

inline void Say(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// The exit code that goes with it.
inline int Complain(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return kUsageExit;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_REPLAY_SAY_H_

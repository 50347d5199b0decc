// SPDX-License-Identifier: Apache-2.0
// What a finding is given once it is found: its smallest scenario, the
// certificate of its schedule, and a test in C++ that was compiled and run and
// failed in the same way before anybody is told to trust it.
//
// All of it is in the finding's folder; finding.json says what came of it, in
// `reproducer` and `certificate`. Nothing here fails: what cannot be done is
// said there.

#ifndef FORMFUZZ_CAMPAIGN_REPRODUCE_REPRODUCTION_H_
#define FORMFUZZ_CAMPAIGN_REPRODUCE_REPRODUCTION_H_

#include <cstdint>
#include <string>

#include "campaign/process/child.h"
#include "campaign/project/project.h"
#include "campaign/project/target.h"
#include "campaign/run/findings.h"

namespace formfuzz::campaign {

inline constexpr char kVerified[] = "verified";

struct MinimiseOptions {
  std::string input;
  std::string out;
  std::string reproducer = {};  // "": not wanted, and so below
  std::string certificate = {};
  uint64_t runs_max = 0;  // 0: the replay's own limit
  uint64_t seconds = 0;   // 0: no limit
};

// The command of the target's replay binary that does it.
Command MinimiseCommand(const Target& target, const MinimiseOptions& options);

// Minimises the finding unless that was done, or would hang again and again;
// then Verify. For at most a minute or two.
Finding Reproduce(const Project& project, const std::string& preset,
                  const Target& target, const Finding& finding);

// Compiles and runs the finding's reproducer; notes what came of it.
Finding Verify(const Project& project, const std::string& preset,
               const Target& target, const Finding& finding);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_REPRODUCE_REPRODUCTION_H_

// SPDX-License-Identifier: Apache-2.0
// From what was learnt to a profile and the saved runs beside it.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_CORPUS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_CORPUS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/syscalls/drive/trial.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::campaign {

// Entries with evidence, implied ones, statistics and notes.
using Needs = std::map<std::pair<uint32_t, uint32_t>, Need>;  // arch, number
Profile ProfileOf(const Learner& learner, const Needs& needs,
                  const std::vector<std::string>& command);

// Adds what the code can do and no run did, and what it cannot.
void AddReached(const ReachedCalls& reached, Profile& profile);

// Of a run: its words, files and circumstances.
Evidence EvidenceOf(const Trial& trial,
                    const std::vector<std::string>& command);

// One file a run: NNNNNN.json. They are written aside first and then take the
// place of earlier ones; a folder with other files in it is left alone.
absl::Status SaveTrials(const std::string& folder,
                        const std::vector<Trial>& trials);
absl::StatusOr<std::vector<Trial>> ReadTrials(const std::string& folder);

// Where the runs of a profile at `path` are saved: beside it.
std::string CorpusFolderOf(const std::string& path);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_CORPUS_H_

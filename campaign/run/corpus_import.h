// SPDX-License-Identifier: Apache-2.0
// Curated inputs (text, or bytes as they are) made ready for the engine in the
// work folder. The curated folders are only read. What is up to date is kept.

#ifndef FORMFUZZ_CAMPAIGN_RUN_CORPUS_IMPORT_H_
#define FORMFUZZ_CAMPAIGN_RUN_CORPUS_IMPORT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/process/work_folder.h"
#include "campaign/project/target.h"

namespace formfuzz::campaign {

// An engine's mutations of more than this are a waste.
inline constexpr size_t kSeedSizeMax = 1 << 20;

struct ImportedSeeds {
  int count = 0;
  std::vector<std::string> skipped;  // "path: why"
};

// InvalidArgument, as file:line:column: expected ..., for a text seed that the
// target cannot read.
absl::StatusOr<ImportedSeeds> ImportSeeds(const Target& target,
                                          const WorkFolder& work);

// Brings the kept corpus over to the target's present schema, if that has
// changed since the last run. Says so in one line, or nothing.
absl::StatusOr<std::string> MigrateCorpus(const Target& target,
                                          const WorkFolder& work);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_RUN_CORPUS_IMPORT_H_

// SPDX-License-Identifier: Apache-2.0
// Inputs as files in one folder, named by the digest of their content: what is
// kept is on disk before anything else happens, and the same content is kept
// once. Files of other names are read and never changed or removed.
//
// A file is written aside and renamed, so that whoever is killed at any moment
// leaves whole files. There is no flush to the medium: a power cut may lose
// the last seconds, the death of any process loses nothing.
#ifndef FORMFUZZ_CAMPAIGN_CORPUS_STORE_H_
#define FORMFUZZ_CAMPAIGN_CORPUS_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "framework/base/bytes.h"

namespace formfuzz::campaign {

class CorpusStore {
 public:
  // Makes the folder if it is not there.
  static absl::StatusOr<CorpusStore> Open(std::string folder);

  // Writes it, unless it is there. ResourceExhausted on a full disk.
  absl::Status Write(Bytes input) const;
  absl::StatusOr<std::vector<uint8_t>> Read(uint64_t digest,
                                            size_t size_max) const;
  // Only what Write has written can be removed.
  absl::Status Remove(uint64_t digest) const;

  std::string PathOf(uint64_t digest) const;
  const std::string& folder() const { return folder_; }

 private:
  explicit CorpusStore(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

struct ReadCorpus {
  uint64_t files = 0;
  uint64_t too_large = 0;   // cut to the limit
  uint64_t unreadable = 0;  // left out
  std::string first_problem;
};

// Calls `visit` with the content of each regular file below `folder`, in the
// order of their paths, a million of them in the memory of their names.
// Understands what AFL++ (`queue/` beside `crashes/`) and libFuzzer leave in a
// folder: what starts with a dot, README.txt and AFL++'s crashes, hangs and
// statistics are left out. NotFound if there is no such folder.
absl::StatusOr<ReadCorpus> ForEachInput(
    const std::string& folder, size_t size_max,
    absl::FunctionRef<absl::Status(Bytes input, const std::string& path)>
        visit);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_CORPUS_STORE_H_

// SPDX-License-Identifier: Apache-2.0
// Others who fuzz the same program: what is kept here is told to them, what
// they kept is tried here.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_SHARE_PEERS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_SHARE_PEERS_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/corpus/store.h"
#include "framework/base/bytes.h"

namespace formfuzz::campaign {

class Peers {
 public:
  using Visit = absl::FunctionRef<absl::Status(Bytes input)>;

  virtual ~Peers() = default;
  // The input is in the store already.
  virtual absl::Status Publish(Bytes input) = 0;
  // Calls `visit` with what the others published since the last call, and
  // perhaps with some of one's own.
  virtual absl::Status Collect(Visit visit) = 0;
};

// Workers of one run: a file to which each adds the digests of what it wrote
// to the common store. One write a digest: whoever dies leaves whole lines.
absl::StatusOr<std::unique_ptr<Peers>> JoinWorkers(const std::string& journal,
                                                   const CorpusStore& store);

// A running afl-fuzz, whose -o folder it is: takes in every other fuzzer's
// queue and leaves a queue of its own there, named `name`, as a secondary does.
absl::StatusOr<std::unique_ptr<Peers>> JoinAfl(const std::string& sync_folder,
                                               const std::string& name);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_SHARE_PEERS_H_

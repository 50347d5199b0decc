// SPDX-License-Identifier: Apache-2.0
// The supervisor's side of AFL++'s forkserver protocol: four-byte words on two
// pipes. The old handshake is one word of flags; from 4.20 on it is a hello
// with a version, an answer, options with parameters, and the hello again.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_AFL_FORK_SERVER_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_AFL_FORK_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/process/sandbox/unique_fd.h"
#include "campaign/process/session/session.h"

namespace formfuzz::campaign {

class AflForkServer {
 public:
  struct Terms {
    size_t map_bytes = size_t{64} << 10;  // of a program that does not say
    bool shares_input = false;
  };

  explicit AflForkServer(Session& session) : session_(session) {}

  // Starts the program; `environment` names the shared memory.
  absl::StatusOr<Terms> Start(std::span<const std::string> environment);
  bool is_up() const { return control_.ok(); }
  void Down();

  // Orders a run; the process that makes it, or nullopt if the server died.
  std::optional<pid_t> Fork(bool killed_last);
  int event_fd() const { return status_.get(); }
  std::optional<int> NextStatus();

 private:
  absl::StatusOr<Terms> ShakeHands();
  absl::StatusOr<Terms> ShakeHandsOld(uint32_t flags);
  absl::StatusOr<Terms> ShakeHandsNew(uint32_t hello);
  absl::Status Refuse(const std::string& why);
  std::optional<uint32_t> ReadWord(int timeout_ms);
  bool WriteWord(uint32_t word);
  bool SkipDictionary();

  Session& session_;
  UniqueFd control_;
  UniqueFd status_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_AFL_FORK_SERVER_H_

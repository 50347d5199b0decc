// SPDX-License-Identifier: Apache-2.0
// The load on a program that serves for one run: waits until it can be reached,
// sends it requests, a few at a time, and stops it when all is said. Somebody
// else polls, since the program's own questions are answered meanwhile.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SESSION_VISITS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SESSION_VISITS_H_

#include <poll.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "campaign/process/executor.h"
#include "campaign/process/protocol/conversation.h"
#include "campaign/process/sandbox/sandbox.h"

namespace formfuzz::campaign {

class Visits {
 public:
  static constexpr size_t kAtOnceMax = 4;

  // All of these outlive it.
  Visits(Sandbox& sandbox, const ExecutorOptions& options,
         std::span<const std::string> requests, pid_t server);

  size_t AddPolls(pollfd* polls) const;  // at most kAtOnceMax
  int patience_ms() const;
  // With the events of the sockets that AddPolls added, in order.
  absl::Status Move(std::span<const pollfd> polls);
  // The server that was started, or the peer, has ended.
  void TakeEnd(pid_t process);

  // The run has taken too long: ends all that there is to end.
  void GiveUp();

  // The server is there no more, and nothing is awaited.
  bool over() const { return stage_ == Stage::kOver && peer_ == 0; }
  bool reached() const { return reached_; }
  uint32_t answered() const { return answered_; }

 private:
  enum class Stage { kAwaiting, kVisiting, kStopping, kOver };
  struct Visit {
    Visit(UniqueFd connected, Bytes request, const ConversationRules& rules)
        : socket(std::move(connected)),
          exchange(socket.get(), request, rules, answer) {}
    UniqueFd socket;
    std::string answer;
    Exchange exchange;
  };

  absl::StatusOr<UniqueFd> Connect();
  absl::Status Go(std::span<const pollfd> polls);
  void Begin(UniqueFd socket);
  absl::Status Await();
  void Finish();
  absl::Status StartPeer();
  void Stop();
  bool HasOrphans() const;
  uint64_t elapsed_ms() const;

  Sandbox& sandbox_;
  const Service& service_;
  std::span<const std::string> requests_;
  ConversationRules rules_;
  uint64_t descriptors_max_;
  int ours_;  // processes that are there besides
  Stage stage_ = Stage::kAwaiting;
  uint64_t stage_ns_;    // when it began
  uint64_t try_ns_ = 0;  // when to connect again
  pid_t server_;         // 0: ended, but what it left may serve
  pid_t peer_ = 0;
  bool killed_ = false;
  bool reached_ = false;
  uint32_t answered_ = 0;
  size_t next_ = 0;
  std::vector<std::unique_ptr<Visit>> visits_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SESSION_VISITS_H_

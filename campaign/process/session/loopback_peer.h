// SPDX-License-Identifier: Apache-2.0
// Somebody on the other end for programs that connect: answers requests of
// HTTP with a page, lines with a line, and greets who says nothing. A thread of
// its own, which sleeps until somebody comes.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SESSION_LOOPBACK_PEER_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SESSION_LOOPBACK_PEER_H_

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "absl/status/statusor.h"
#include "campaign/process/sandbox/unique_fd.h"

namespace formfuzz::campaign {

class LoopbackPeer {
 public:
  // The socket listens, and is non-blocking.
  static absl::StatusOr<std::unique_ptr<LoopbackPeer>> Make(UniqueFd listener);
  ~LoopbackPeer();
  LoopbackPeer(const LoopbackPeer&) = delete;
  LoopbackPeer& operator=(const LoopbackPeer&) = delete;

 private:
  struct Talk {
    UniqueFd socket;
    std::string heard;  // and not yet answered
    bool spoken = false;
    bool awaits_greeting() const { return !spoken && heard.empty(); }
  };
  LoopbackPeer(UniqueFd listener, UniqueFd end);
  void Work();
  bool Accept();                 // false: not at the moment
  static bool Hear(Talk& talk);  // false: it is over

  UniqueFd listener_;
  UniqueFd end_;  // readable once it is to end
  std::list<Talk> talks_;
  std::thread thread_;
};

// What is said to what was heard; "": more is awaited.
std::string AnswerTo(std::string_view heard);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SESSION_LOOPBACK_PEER_H_

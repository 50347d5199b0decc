// SPDX-License-Identifier: Apache-2.0
// One exchange with a server: the input goes out, what comes back is kept.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_CONVERSATION_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_CONVERSATION_H_

#include <poll.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "campaign/process/executor.h"
#include "framework/base/bytes.h"

namespace formfuzz::campaign {

struct ConversationRules {
  bool stream = true;       // TCP or a Unix stream; else datagrams
  uint64_t quiet_ms = 20;   // no answer for so long ends it
  uint64_t wall_ms = 5000;  // it ends then in any case
  size_t answer_bytes = 0;  // kept of the answer
};

enum class ConversationEnd {
  kClosed,   // by the server, in order or by a reset
  kQuiet,    // the server says no more, but is still connected
  kTooLong,  // wall_ms have passed
};

// An exchange that somebody else polls for, so that several go on at a time.
class Exchange {
 public:
  // Borrows all of these until it ends.
  Exchange(int socket, Bytes bytes, const ConversationRules& rules,
           std::string& answer);

  // What to poll for, and how long at most.
  pollfd Awaits();
  int patience_ms() const;
  // With what the poll gave; nothing while it goes on.
  std::optional<ConversationEnd> Move(short events);

 private:
  bool sending() const { return !left_.empty() || empty_datagram_; }
  void SayThatThereIsNoMore();
  bool Send();
  bool Receive();

  int socket_;
  Bytes left_;
  bool empty_datagram_;
  const ConversationRules& rules_;
  std::string& answer_;
  bool finished_ = false;
  uint64_t start_ns_;
  uint64_t moved_ns_;  // something was sent or received
};

// Sends `bytes` on a connected socket, says that there is no more, and reads.
ConversationEnd Converse(int socket, Bytes bytes,
                         const ConversationRules& rules, std::string& answer);

// What the nursery is asked to connect to.
struct Connect ConnectTo(const ServerAddress& address);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_CONVERSATION_H_

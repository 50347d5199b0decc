// SPDX-License-Identifier: Apache-2.0
// One exchange with a server: the input goes out, what comes back is kept.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_CONVERSATION_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_CONVERSATION_H_

#include <cstddef>
#include <cstdint>
#include <string>

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

// Sends `bytes` on a connected socket, says that there is no more, and reads.
ConversationEnd Converse(int socket, Bytes bytes,
                         const ConversationRules& rules, std::string& answer);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_CONVERSATION_H_

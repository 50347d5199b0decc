// SPDX-License-Identifier: Apache-2.0
// Where a fuzzed server is reached, as settings and findings write it:
// "tcp:8080", "udp:53", "unix:/run/it.sock".
#ifndef FORMFUZZ_CAMPAIGN_LOOP_CONFIG_SERVER_ADDRESS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_CONFIG_SERVER_ADDRESS_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"

namespace formfuzz::campaign {

absl::StatusOr<ServerAddress> ParseServerAddress(std::string_view text);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_CONFIG_SERVER_ADDRESS_H_

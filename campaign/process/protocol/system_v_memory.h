// SPDX-License-Identifier: Apache-2.0
// System V shared memory in a sandbox's IPC namespace, attached here as well.
// Marked for removal at once: it goes with the last process that holds it.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_SYSTEM_V_MEMORY_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_SYSTEM_V_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"

namespace formfuzz::campaign {

class SystemVMemory {
 public:
  SystemVMemory() = default;
  ~SystemVMemory() { Detach(); }
  SystemVMemory(const SystemVMemory&) = delete;
  SystemVMemory& operator=(const SystemVMemory&) = delete;

  // `ipc_namespace`: a descriptor of the namespace, -1: our own.
  absl::Status Make(size_t size, int ipc_namespace);
  void Detach();

  int id() const { return id_; }
  uint8_t* at() const { return at_; }

 private:
  int id_ = -1;
  uint8_t* at_ = nullptr;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_SYSTEM_V_MEMORY_H_

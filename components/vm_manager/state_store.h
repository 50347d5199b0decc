// SPDX-License-Identifier: Apache-2.0
// The durability seam: typed records in, typed records out. The manager calls
// under its lock, one call at a time, and never acknowledges an operation
// before its Commit returned OK.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_STORE_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_STORE_H_

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "components/vm_manager/records.h"

namespace vm_manager {

struct EraseVm {
  VmId vm = 0;
};

// Removes every nonce whose expires_ms is at or below expired_ms.
struct ForgetNonces {
  int64_t expired_ms = 0;
};

// One change. A record pointed to replaces the one of the same key (account
// id; VM id; account and nonce) or is added; it is valid during Commit only.
using Change =
    std::variant<const AccountRecord*, const VmRecord*, const NonceRecord*,
                 EraseVm, ForgetNonces, Progress>;

// All that is stored. Accounts and VMs come in any order.
struct StateImage {
  std::vector<AccountRecord> accounts;
  std::vector<VmRecord> vms;
  std::vector<NonceRecord> nonces;
  Progress progress;
};

class StateStore {
 public:
  virtual ~StateStore() = default;

  // Replaces *image by everything committed. An empty store gives an image
  // without accounts.
  virtual absl::Status Load(StateImage* image) = 0;

  // Applies the changes in order, all or none, durable when OK is returned.
  // After an error the store holds what it held before.
  virtual absl::Status Commit(std::span<const Change> changes) = 0;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_STORE_H_

// SPDX-License-Identifier: Apache-2.0
// The cryptography seam: one question, no state. Implementations must be
// callable from several threads at once; the manager asks without its lock.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_VERIFIER_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_VERIFIER_H_

#include <cstdint>
#include <span>

#include "components/vm_manager/records.h"

namespace vm_manager {

class SignatureVerifier {
 public:
  virtual ~SignatureVerifier() = default;
  // Whether `signature` is the key holder's signature of exactly `message`.
  virtual bool Verify(const PublicKey& key, std::span<const uint8_t> message,
                      const Signature& signature) const = 0;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_VERIFIER_H_

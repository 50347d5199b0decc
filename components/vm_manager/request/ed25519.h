// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8032) by libsodium: the real verifier, and keys and signing for
// clients. Signing is deterministic: the same seed and message, the same bytes.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_ED25519_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_ED25519_H_

#include <array>
#include <cstdint>
#include <span>

#include "components/vm_manager/request/verifier.h"

namespace vm_manager {

// Refuses small-order keys and non-canonical signatures (S not reduced), as
// libsodium does, so that a signature has no second valid form.
class Ed25519Verifier final : public SignatureVerifier {
 public:
  bool Verify(const PublicKey& key, std::span<const uint8_t> message,
              const Signature& signature) const override;
};

struct KeyPair {
  PublicKey public_key{};
  std::array<uint8_t, 64> secret_key{};
};

// The key pair that belongs to a 32-byte secret seed.
KeyPair KeyPairFromSeed(const std::array<uint8_t, 32>& seed);

Signature Sign(const KeyPair& keys, std::span<const uint8_t> message);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_ED25519_H_

// SPDX-License-Identifier: Apache-2.0
// Signatures that cost nothing and are accepted exactly where Ed25519 would
// accept its own.
//
// A mock signature is a keyed digest of the message. As with Ed25519 in
// libsodium, signing is deterministic; the signature of a message by a key is
// refused for any other message, any other key, with any bit changed, cut, or
// in a second encoding (S not reduced), and the all-zero key, of small order,
// verifies nothing. It breaks nothing of this, ever.
// It is no cryptography: whoever knows the public key can sign, so scenarios
// must sign for each other on purpose only.
#ifndef FORMFUZZ_MOCKS_MOCK_SIGNATURE_VERIFIER_H_
#define FORMFUZZ_MOCKS_MOCK_SIGNATURE_VERIFIER_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "components/vm_manager/request/verifier.h"

namespace formfuzz {

// The key of the holder of that name; never all zero.
vm_manager::PublicKey MockKeyOf(std::string_view holder);

// What the holder of the key would sign.
vm_manager::Signature MockSign(const vm_manager::PublicKey& key,
                               std::span<const uint8_t> message);

// Stateless, so callable from any number of threads.
class MockSignatureVerifier final : public vm_manager::SignatureVerifier {
 public:
  bool Verify(const vm_manager::PublicKey& key,
              std::span<const uint8_t> message,
              const vm_manager::Signature& signature) const override;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_MOCK_SIGNATURE_VERIFIER_H_

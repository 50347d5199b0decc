// SPDX-License-Identifier: Apache-2.0
// What a node and its relay prove themselves to each other with.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_RELAY_KEYS_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_RELAY_KEYS_H_

#include <optional>

#include "components/overlay/crypto/crypto.h"

namespace overlay {

struct RelayKeys {
  Key forth{};  // seals registrations
  Key back{};   // seals what says that they were taken
};

// The same at both ends; nothing where the other's key is good for nothing.
inline std::optional<RelayKeys> AgreeWithRelay(const Crypto& crypto,
                                               const KeyPair& own,
                                               const Key& other) {
  enum Label : uint8_t { kForth = 0x10, kBack };
  Key agreed;
  if (!crypto.Agree(own, other, &agreed)) return std::nullopt;
  return RelayKeys{crypto.Derive(agreed, {}, kForth),
                   crypto.Derive(agreed, {}, kBack)};
}

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_RELAY_KEYS_H_

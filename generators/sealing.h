// SPDX-License-Identifier: Apache-2.0
// From an operation to the bytes and the signature that are sent, tampered
// with after signing where the scenario says so.
//
// A Sealer keeps everything it made, for replays. Nonces count up from 1, so
// a scenario makes the same messages on every run. Under AddressSanitizer, a
// reader that goes past the end of a message is caught.
#ifndef FORMFUZZ_GENERATORS_SEALING_H_
#define FORMFUZZ_GENERATORS_SEALING_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "components/vm_manager/request/request.h"
#include "framework/base/arena.h"
#include "framework/base/recycled.h"
#include "generators/identity.h"

namespace formfuzz {

// Who holds the actors' keys.
class KeyRing {
 public:
  virtual ~KeyRing() = default;
  virtual vm_manager::PublicKey PublicKeyOf(Actor actor) const = 0;
  virtual vm_manager::Signature Sign(
      Actor actor, std::span<const uint8_t> message) const = 0;
};

// A message, and what is known about it because of how it was made.
struct Sealed {
  std::span<const uint8_t> bytes;
  vm_manager::Signature signature;
  Actor signer;       // who it says has signed
  bool malformed;     // not the canonical bytes of any request
  bool badly_signed;  // not signed by `signer` in these bytes
  uint64_t nonce;
  int64_t issued_ms;
  int64_t expires_ms;

  // Whether it must be refused whatever the state is.
  bool forged() const { return malformed || badly_signed; }
};

// SignedBy, once it is known who that is.
struct Author {
  Actor actor = Actor::kAlice;
  Tamper tamper = Tamper::kNone;
};

class Sealer {
 public:
  // How long messages are valid unless tampered with.
  static constexpr int64_t kValidMs = 60'000;

  explicit Sealer(const KeyRing& keys) : keys_(&keys) {}

  // Good as long as the sealer: others may seal while it is being sent.
  const Sealed& Seal(Author by, const vm_manager::Operation& operation,
                     int64_t now_ms);

  // Everything sealed so far, in order.
  const std::vector<const Sealed*>& sent() const { return memory_->sent; }

 private:
  struct Memory {
    Arena arena;
    std::vector<const Sealed*> sent;
    std::vector<uint8_t> bytes;  // of the message being made

    void Clear() {
      sent.clear();
      arena.Reset();
    }
  };

  void Date(Tamper tamper, int64_t now_ms, vm_manager::Request& request);
  vm_manager::Signature SignAs(Author by, const vm_manager::Request& request);
  vm_manager::Signature OtherSignature(Actor actor,
                                       const vm_manager::Request& request);
  void SwapAfterSigning(Tamper tamper, vm_manager::Request& request);
  void Misshape(Tamper tamper, vm_manager::Request& request);
  void Keep(Author by, const vm_manager::Request& request,
            const vm_manager::Signature& signature);

  const KeyRing* keys_;
  uint64_t next_nonce_ = 1;
  std::array<uint64_t, kActors> last_nonce_{};
  Recycled<Memory> memory_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_SEALING_H_

// SPDX-License-Identifier: Apache-2.0
// How an operation ended. The codes are listed in the order in which the
// manager checks, so that of two reasons to refuse the earlier one is given:
// callers and models can predict the exact code.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_CODE_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_CODE_H_

#include <cstdint>
#include <string_view>

namespace vm_manager {

// Identifies a VM for ever: never 0, never given to a second VM.
using VmId = uint64_t;

enum class Code : uint8_t {
  kOk,
  // Not authenticated: nothing was changed, the nonce stays usable.
  kMalformed,       // not the canonical bytes of any request
  kUnknownAccount,  // the signer has no account
  kRevoked,         // the signer's account was revoked
  kBadSignature,    // not the signer's signature of these bytes
  kInvalidWindow,   // expires not after issued, or valid for too long
  kFuture,          // issued later than now + kClockSkewMs
  kExpired,         // now is at or past expires_at_ms
  kReplayed,        // the signer has used this nonce
  kThrottled,       // as many nonces of the signer are live as may be
  // Authenticated: the nonce is used up from here on, whatever happened,
  // except under kStoreFailed.
  kInvalidArgument,   // an argument is outside its limits
  kNotFound,          // no such VM, or one the signer may not know of
  kPermissionDenied,  // the signer's level does not reach
  kUnknownTarget,     // the account acted upon does not exist
  kRevokedTarget,     // the account acted upon, or the offerer, is revoked
  kNoGrant,           // the account holds no grant to take away
  kNoSnapshot,        // the VM has no snapshot of that name
  kNoOffer,           // the VM is not on offer
  kOfferPending,      // the VM is on offer already
  kOfferExpired,      // the offer ended
  kWrongState,        // not possible in the present state
  kAlreadyExists,     // the name is taken
  kTooMany,           // the VM holds no more grants or snapshots
  kQuotaExceeded,     // the paying account's quota does not allow it
  kHypervisorFailed,  // the hypervisor failed; no record was changed
  // Not made durable; nothing was changed. Also for kExpired, where it could
  // not be made durable that this time has passed.
  kStoreFailed,
};

inline constexpr int kCodeCount = static_cast<int>(Code::kStoreFailed) + 1;

// "ok", "permission_denied", ...; "unknown" for a value outside the enum.
std::string_view CodeName(Code code);

struct Result {
  Code code = Code::kOk;
  // The VM acted upon; for kOk of a creation the new one; 0 where there is
  // none, and for every request that was not authenticated.
  VmId vm = 0;

  bool ok() const { return code == Code::kOk; }
  bool operator==(const Result&) const = default;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_CODE_H_

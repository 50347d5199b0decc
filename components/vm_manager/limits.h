// SPDX-License-Identifier: Apache-2.0
// Every bound of the VM manager, with its reason. A value equal to a `Max` or
// `Min` bound is allowed; the next one is refused with kInvalidArgument, unless
// the comment names another code.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_LIMITS_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace vm_manager {

// Requests. A signer's clock may run ahead of ours by the skew (kFuture beyond
// it); a request may be valid for so long at most (kInvalidWindow), which
// bounds how long a nonce has to be remembered.
inline constexpr int64_t kClockSkewMs = 30'000;
inline constexpr int64_t kValidityMaxMs = 5 * 60'000;
// Nonces remembered for one account. They are never dropped before they
// expire: when all are live, further requests get kThrottled.
inline constexpr size_t kLiveNoncesMax = 1024;

// Times are cut to this, so that a lifetime can be added to any of them.
inline constexpr int64_t kTimeMaxMs = int64_t{1} << 62;

// Texts, in bytes. They fit hypervisor and file system names.
inline constexpr size_t kAccountIdMax = 32;
inline constexpr size_t kVmNameMax = 64;
inline constexpr size_t kSnapshotNameMax = 32;
inline constexpr size_t kHostMax = 64;
inline constexpr size_t kNetworkMax = 32;
inline constexpr size_t kImageMax = 128;
inline constexpr size_t kUserDataMax = 1024;

// The shape of one VM: what one hypervisor host can carry.
inline constexpr uint32_t kVcpusMax = 64;
inline constexpr uint32_t kMemoryMbMin = 64;
inline constexpr uint32_t kMemoryMbMax = 1024 * 1024;
inline constexpr uint32_t kDiskGbMax = 16 * 1024;
inline constexpr size_t kDisksMax = 4;
inline constexpr size_t kNetworksMax = 4;
// Room in a request, above the limits, so that going over a limit is an
// argument that can be judged and not a malformed request.
inline constexpr size_t kListCapacity = 8;

// Per VM; one more gets kTooMany. Keeps a record small enough to write whole.
inline constexpr size_t kGrantsMax = 16;
inline constexpr size_t kSnapshotsMax = 8;

// An offer of ownership is open for a week at most.
inline constexpr int64_t kOfferLifetimeMaxMs = int64_t{7} * 24 * 3600 * 1000;

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_LIMITS_H_

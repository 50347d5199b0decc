// SPDX-License-Identifier: Apache-2.0
// What can be asked of the manager, and the canonical bytes that are signed.
// A request is views and numbers only: cheap to build, valid as long as what it
// points to. Every argument is covered by the canonical bytes, and each request
// has exactly one encoding: DecodeRequest refuses any other.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_REQUEST_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "components/vm_manager/bounded_list.h"
#include "components/vm_manager/limits.h"
#include "components/vm_manager/records.h"

namespace vm_manager {

struct CreateVm {
  std::string_view name;
  Shape shape;
  BoundedList<std::string_view, kListCapacity> networks;
  std::string_view image;
  std::string_view user_data;
};
struct StartVm {
  VmId vm = 0;
};
struct StopVm {
  VmId vm = 0;
};
struct PauseVm {
  VmId vm = 0;
};
struct ResumeVm {
  VmId vm = 0;
};
struct RebootVm {
  VmId vm = 0;
};
struct SnapshotVm {
  VmId vm = 0;
  std::string_view name;
};
struct RevertVm {
  VmId vm = 0;
  std::string_view name;
};
struct ResizeVm {
  VmId vm = 0;
  Shape shape;  // disks may be added and grown, never removed or shrunk
};
struct MigrateVm {
  VmId vm = 0;
  std::string_view host;
};
struct DeleteVm {
  VmId vm = 0;
};
// Gives `account` the level, in place of the one it was granted before.
struct GrantLevel {
  VmId vm = 0;
  std::string_view account;
  Level level = Level::kReadOnly;
};
struct RevokeGrant {
  VmId vm = 0;
  std::string_view account;
};
struct OfferVm {
  VmId vm = 0;
  std::string_view to;
  int64_t lifetime_ms = 0;  // from the moment the manager handles the offer
};
struct AcceptOffer {
  VmId vm = 0;
};
struct CancelOffer {
  VmId vm = 0;
};
struct AddAccount {
  std::string_view account;
  PublicKey key{};
  Resources quota;
  bool administrator = false;
};
struct RevokeAccount {
  std::string_view account;
};
struct SetQuota {
  std::string_view account;
  Resources quota;
};
struct GetVm {
  VmId vm = 0;
};
struct ListVms {};

// The index of an alternative is its number on the wire: append only.
using Operation =
    std::variant<CreateVm, StartVm, StopVm, PauseVm, ResumeVm, RebootVm,
                 SnapshotVm, RevertVm, ResizeVm, MigrateVm, DeleteVm,
                 GrantLevel, RevokeGrant, OfferVm, AcceptOffer, CancelOffer,
                 AddAccount, RevokeAccount, SetQuota, GetVm, ListVms>;

struct Request {
  std::string_view signer;  // account id
  uint64_t nonce = 0;       // any value the signer has not used
  // Milliseconds since the Unix epoch, not negative: valid while
  // issued_at_ms - kClockSkewMs <= now < expires_at_ms.
  int64_t issued_at_ms = 0;
  int64_t expires_at_ms = 0;
  Operation operation;
};

struct SignedRequest {
  std::vector<uint8_t> canonical;
  Signature signature{};
};

// The name of an operation by its wire number: "create", "start", ...;
// "unknown" past the last.
std::string_view OperationName(size_t index);

// Longest text that the encoding can carry; longer ones are cut by
// EncodeRequest, far above every limit in limits.h.
inline constexpr size_t kWireTextMax = 65535;

// Replaces *out by the canonical bytes. Keeps the capacity of *out, so a
// reused buffer costs no allocation.
void EncodeRequest(const Request& request, std::vector<uint8_t>* out);

// True, and *request with views into `bytes`, when these are the canonical
// bytes of a request, no byte missing and none left over. False leaves
// *request in an unspecified but valid state.
bool DecodeRequest(std::span<const uint8_t> bytes, Request* request);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_REQUEST_H_

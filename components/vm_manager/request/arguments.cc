// SPDX-License-Identifier: Apache-2.0
// The limits and alphabets of arguments, one Check an operation that has any.
#include "components/vm_manager/request/arguments.h"

#include <algorithm>

namespace vm_manager {
namespace {

bool IsNameByte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' ||
         byte == '-';
}

bool IsImageByte(char byte) {
  return IsNameByte(byte) || byte == '/' || byte == ':';
}

bool IsName(std::string_view text, size_t most) {
  return !text.empty() && text.size() <= most &&
         std::all_of(text.begin(), text.end(), IsNameByte);
}

bool IsImage(std::string_view text) {
  return !text.empty() && text.size() <= kImageMax &&
         std::all_of(text.begin(), text.end(), IsImageByte);
}

bool IsNetwork(std::string_view text) { return IsName(text, kNetworkMax); }

bool IsDisk(uint32_t gb) { return gb >= 1 && gb <= kDiskGbMax; }

// Operations whose arguments are a VM id alone, or nothing.
template <typename Op>
bool Check(const Op&) {
  return true;
}

bool Check(const CreateVm& create) {
  const auto& networks = create.networks;
  return IsName(create.name, kVmNameMax) && IsValidShape(create.shape) &&
         networks.size() <= kNetworksMax &&
         std::all_of(networks.begin(), networks.end(), IsNetwork) &&
         IsImage(create.image) && create.user_data.size() <= kUserDataMax;
}

bool Check(const SnapshotVm& snapshot) {
  return IsName(snapshot.name, kSnapshotNameMax);
}

bool Check(const RevertVm& revert) {
  return IsName(revert.name, kSnapshotNameMax);
}

bool Check(const ResizeVm& resize) { return IsValidShape(resize.shape); }

bool Check(const MigrateVm& migrate) { return IsName(migrate.host, kHostMax); }

bool Check(const GrantLevel& grant) {
  return IsValidAccountId(grant.account) && grant.level >= Level::kReadOnly &&
         grant.level <= Level::kManager;
}

bool Check(const RevokeGrant& revoke) {
  return IsValidAccountId(revoke.account);
}

bool Check(const OfferVm& offer) {
  return IsValidAccountId(offer.to) && offer.lifetime_ms >= 1 &&
         offer.lifetime_ms <= kOfferLifetimeMaxMs;
}

bool Check(const AddAccount& add) { return IsValidAccountId(add.account); }

bool Check(const RevokeAccount& revoke) {
  return IsValidAccountId(revoke.account);
}

bool Check(const SetQuota& set) { return IsValidAccountId(set.account); }

}  // namespace

bool IsValidAccountId(std::string_view id) { return IsName(id, kAccountIdMax); }

bool IsValidShape(const Shape& shape) {
  const auto& disks = shape.disks_gb;
  return shape.vcpus >= 1 && shape.vcpus <= kVcpusMax &&
         shape.memory_mb >= kMemoryMbMin && shape.memory_mb <= kMemoryMbMax &&
         disks.size() <= kDisksMax &&
         std::all_of(disks.begin(), disks.end(), IsDisk);
}

bool KeepsDisks(const Shape& from, const Shape& to) {
  return from.disks_gb.size() <= to.disks_gb.size() &&
         std::equal(
             from.disks_gb.begin(), from.disks_gb.end(), to.disks_gb.begin(),
             [](uint32_t before, uint32_t after) { return before <= after; });
}

bool AreValidArguments(const Operation& operation) {
  return std::visit([](const auto& op) { return Check(op); }, operation);
}

}  // namespace vm_manager

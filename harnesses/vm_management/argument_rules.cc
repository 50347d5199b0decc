// SPDX-License-Identifier: Apache-2.0
// Limits and alphabets, by number: taken from the documentation.
#include "harnesses/vm_management/argument_rules.h"

#include <array>
#include <string_view>
#include <variant>

namespace formfuzz {
namespace {

using vm_manager::Resources;
using vm_manager::Shape;

// For each byte, whether it may stand in a name (1) or an image (2).
constexpr std::array<uint8_t, 256> kAlphabets = [] {
  std::array<uint8_t, 256> alphabets{};
  constexpr std::string_view kNames =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  for (const char byte : kNames) alphabets[static_cast<uint8_t>(byte)] = 3;
  alphabets['/'] = alphabets[':'] = 2;
  return alphabets;
}();

bool IsText(std::string_view text, size_t size_max, uint8_t alphabet) {
  if (text.empty() || text.size() > size_max) return false;
  for (const char byte : text) {
    if ((kAlphabets[static_cast<uint8_t>(byte)] & alphabet) == 0) return false;
  }
  return true;
}

bool IsName(std::string_view text, size_t size_max) {
  return IsText(text, size_max, 1);
}

bool IsShape(const Shape& shape) {
  if (shape.vcpus == 0 || shape.vcpus > 64) return false;
  if (shape.memory_mb < 64 || shape.memory_mb > 1'048'576) return false;
  if (shape.disks_gb.size() > 4) return false;
  for (const uint32_t gb : shape.disks_gb) {
    if (gb == 0 || gb > 16'384) return false;
  }
  return true;
}

bool IsValid(const vm_manager::CreateVm& create) {
  if (!IsName(create.name, 64) || !IsShape(create.shape)) return false;
  if (create.networks.size() > 4) return false;
  for (const std::string_view network : create.networks) {
    if (!IsName(network, 32)) return false;
  }
  return IsText(create.image, 128, 2) && create.user_data.size() <= 1024;
}
bool IsValid(const vm_manager::SnapshotVm& op) { return IsName(op.name, 32); }
bool IsValid(const vm_manager::RevertVm& op) { return IsName(op.name, 32); }
bool IsValid(const vm_manager::ResizeVm& op) { return IsShape(op.shape); }
bool IsValid(const vm_manager::MigrateVm& op) { return IsName(op.host, 64); }
bool IsValid(const vm_manager::GrantLevel& op) {
  return IsName(op.account, 32) && op.level != vm_manager::Level::kNone &&
         op.level != vm_manager::Level::kOwner;
}
bool IsValid(const vm_manager::OfferVm& op) {
  constexpr int64_t kWeekMs = 604'800'000;
  return IsName(op.to, 32) && op.lifetime_ms > 0 && op.lifetime_ms <= kWeekMs;
}
template <class Op>
bool IsValid(const Op& op) {
  if constexpr (requires { op.account; }) return IsName(op.account, 32);
  return true;
}

bool Within(uint64_t quota, uint64_t usage, uint64_t price) {
  __extension__ using Wide = unsigned __int128;
  return Wide{usage} + price <= quota;
}

bool WithinInstead(uint64_t quota, uint64_t usage, uint64_t freed,
                   uint64_t price) {
  return price <= freed || Within(quota, usage - freed, price);
}

}  // namespace

bool HasValidArguments(const vm_manager::Operation& operation) {
  return std::visit([](const auto& op) { return IsValid(op); }, operation);
}

Resources PriceOf(const Shape& shape) {
  Resources price{shape.vcpus, shape.memory_mb, 0, 1};
  for (const uint32_t gb : shape.disks_gb) price.disk_gb += gb;
  return price;
}

bool Affords(const Resources& quota, const Resources& usage,
             const Resources& price) {
  return Within(quota.vcpus, usage.vcpus, price.vcpus) &&
         Within(quota.memory_mb, usage.memory_mb, price.memory_mb) &&
         Within(quota.disk_gb, usage.disk_gb, price.disk_gb) &&
         Within(quota.vms, usage.vms, price.vms);
}

bool AffordsInstead(const Resources& quota, const Resources& usage,
                    const Resources& freed, const Resources& price) {
  return WithinInstead(quota.vcpus, usage.vcpus, freed.vcpus, price.vcpus) &&
         WithinInstead(quota.memory_mb, usage.memory_mb, freed.memory_mb,
                       price.memory_mb) &&
         WithinInstead(quota.disk_gb, usage.disk_gb, freed.disk_gb,
                       price.disk_gb);
}

}  // namespace formfuzz

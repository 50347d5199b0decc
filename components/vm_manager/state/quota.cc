// SPDX-License-Identifier: Apache-2.0
// Sums and comparisons of resources.
#include "components/vm_manager/state/quota.h"

namespace vm_manager {
namespace {

bool FitsOne(uint64_t quota, uint64_t usage, uint64_t more) {
  return usage <= quota && more <= quota - usage;
}

// `before` is part of `usage`.
bool FitsOneChange(uint64_t quota, uint64_t usage, uint64_t before,
                   uint64_t after) {
  return after <= before || FitsOne(quota, usage, after - before);
}

}  // namespace

Resources CostOf(const Shape& shape) {
  Resources cost{shape.vcpus, shape.memory_mb, 0, 1};
  for (uint32_t gb : shape.disks_gb) cost.disk_gb += gb;
  return cost;
}

bool Fits(const Resources& quota, const Resources& usage,
          const Resources& more) {
  return FitsOne(quota.vcpus, usage.vcpus, more.vcpus) &&
         FitsOne(quota.memory_mb, usage.memory_mb, more.memory_mb) &&
         FitsOne(quota.disk_gb, usage.disk_gb, more.disk_gb) &&
         FitsOne(quota.vms, usage.vms, more.vms);
}

bool FitsChange(const Resources& quota, const Resources& usage,
                const Resources& before, const Resources& after) {
  return FitsOneChange(quota.vcpus, usage.vcpus, before.vcpus, after.vcpus) &&
         FitsOneChange(quota.memory_mb, usage.memory_mb, before.memory_mb,
                       after.memory_mb) &&
         FitsOneChange(quota.disk_gb, usage.disk_gb, before.disk_gb,
                       after.disk_gb) &&
         FitsOneChange(quota.vms, usage.vms, before.vms, after.vms);
}

void Charge(Resources* usage, const Resources& cost) {
  usage->vcpus += cost.vcpus;
  usage->memory_mb += cost.memory_mb;
  usage->disk_gb += cost.disk_gb;
  usage->vms += cost.vms;
}

void Release(Resources* usage, const Resources& cost) {
  usage->vcpus -= cost.vcpus;
  usage->memory_mb -= cost.memory_mb;
  usage->disk_gb -= cost.disk_gb;
  usage->vms -= cost.vms;
}

}  // namespace vm_manager

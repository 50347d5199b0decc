// SPDX-License-Identifier: Apache-2.0
// What can be asked for of a virtual machine: specifications, names, hosts,
// quotas, levels; mostly small and valid, with every limit and the value past
// it within reach.
//
// Decoding allocates nothing but lists, in the arena. Zero bytes are valid
// and small: one vCPU, 512 MB, no disk, named web.
#ifndef FORMFUZZ_GENERATORS_VM_H_
#define FORMFUZZ_GENERATORS_VM_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "components/vm_manager/request/request.h"
#include "framework/domain/choices.h"
#include "framework/domain/combinators.h"
#include "framework/domain/containers.h"
#include "framework/domain/structs.h"

namespace formfuzz {

struct ShapeSpec {
  uint32_t vcpus;
  uint32_t memory_mb;
  std::span<const uint32_t> disks_gb;  // up to one more than allowed
};

struct VmSpec {
  std::string_view name;
  ShapeSpec shape;
  std::span<const std::string_view> networks;  // up to one more than allowed
  std::string_view image;
  std::string_view user_data;
};

// Every part of it at its limit.
ShapeSpec LargestShape();

vm_manager::Shape ToShape(const ShapeSpec& spec);
vm_manager::CreateVm ToCreate(const VmSpec& spec);

ElementDomain<uint32_t> VcpuCounts();
ElementDomain<uint32_t> MemorySizes();
ElementDomain<uint32_t> DiskSizes();
ElementDomain<std::string_view> VmNames();
ElementDomain<std::string_view> NetworkNames();
ElementDomain<std::string_view> ImageNames();
ElementDomain<std::string_view> UserTexts();
ElementDomain<std::string_view> SnapshotNames();
ElementDomain<std::string_view> HostNames();

// How long an offer is open; 0 and one too many too.
ElementDomain<int64_t> OfferLifetimes();
ElementDomain<uint64_t> QuotaAmounts();
ElementDomain<uint64_t> QuotaMemory();

inline auto DiskLists() {
  return SpanOf(DiskSizes()).WithMaxSize(vm_manager::kDisksMax + 1);
}

// Mutation reaches the largest of all shapes, and of all disks, at once: where
// sums overflow.
template <IsDomain D>
class ShapeDomain : public WrappingDomain<D> {
 public:
  using Value = ShapeSpec;

  explicit ShapeDomain(D shape) : WrappingDomain<D>(std::move(shape)) {}
  const Value& Get(const ShapeSpec& shape) const { return shape; }
  void Mutate(ShapeSpec& shape, Mutation& mutation) const {
    switch (mutation.random().Below(16)) {
      case 0:
        shape = LargestShape();
        break;
      case 1:
      case 2:
        shape.disks_gb = LargestShape().disks_gb;
        break;
      default:
        this->inner().Mutate(shape, mutation);
    }
  }
};

inline auto ShapeSpecs() {
  return ShapeDomain(
      StructOf<ShapeSpec>(VcpuCounts(), MemorySizes(), DiskLists()));
}
inline auto VmSpecs() {
  return StructOf<VmSpec>(
      VmNames(), ShapeSpecs(),
      SpanOf(NetworkNames()).WithMaxSize(vm_manager::kNetworksMax + 1),
      ImageNames(), UserTexts());
}

// What the amounts of a quota are counted from.
enum class QuotaBase : uint8_t {
  kNothing,
  kUsage,       // of the account
  kUsageAlone,  // the same, and the amounts do not count: there is no room left
};
ElementDomain<QuotaBase> QuotaBases();

inline auto Quotas() {
  return StructOf<vm_manager::Resources>(QuotaAmounts(), QuotaMemory(),
                                         QuotaAmounts(), QuotaAmounts());
}

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_VM_H_

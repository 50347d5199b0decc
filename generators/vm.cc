// SPDX-License-Identifier: Apache-2.0
// The values. Small valid ones stand more than once, and so come more often.
#include "generators/vm.h"

#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace formfuzz {
namespace {

// `size` times the same byte, for ever.
template <size_t kSize>
std::string_view Filled() {
  static const std::string* const text = new std::string(kSize, 'x');
  return *text;
}

}  // namespace

ShapeSpec LargestShape() {
  static constexpr std::array<uint32_t, vm_manager::kDisksMax> kDisks = [] {
    std::array<uint32_t, vm_manager::kDisksMax> disks{};
    disks.fill(vm_manager::kDiskGbMax);
    return disks;
  }();
  return {vm_manager::kVcpusMax, vm_manager::kMemoryMbMax, kDisks};
}

vm_manager::Shape ToShape(const ShapeSpec& spec) {
  vm_manager::Shape shape{spec.vcpus, spec.memory_mb, {}};
  for (const uint32_t gb : spec.disks_gb) shape.disks_gb.push_back(gb);
  return shape;
}

vm_manager::CreateVm ToCreate(const VmSpec& spec) {
  vm_manager::CreateVm create;
  create.name = spec.name;
  create.shape = ToShape(spec.shape);
  for (const std::string_view network : spec.networks) {
    create.networks.push_back(network);
  }
  create.image = spec.image;
  create.user_data = spec.user_data;
  return create;
}

ElementDomain<uint32_t> VcpuCounts() {
  return ElementOf<uint32_t>({1, 2, 4, 8, 1, 2, 4, 1, 2, 1, 2, 1,
                              vm_manager::kVcpusMax, vm_manager::kVcpusMax + 1,
                              0, UINT32_MAX});
}

ElementDomain<uint32_t> MemorySizes() {
  return ElementOf<uint32_t>(
      {512, vm_manager::kMemoryMbMin, 1024, 4096, 512, 1024, 2048, 512, 1024,
       512, 512, vm_manager::kMemoryMbMax, vm_manager::kMemoryMbMin - 1,
       vm_manager::kMemoryMbMax + 1, 0, UINT32_MAX});
}

ElementDomain<uint32_t> DiskSizes() {
  constexpr uint32_t kMax = vm_manager::kDiskGbMax;
  return ElementOf<uint32_t>({10, 1, 20, 50, 10, 1, 20, 10, 1, kMax, kMax, kMax,
                              kMax, kMax + 1, 0, UINT32_MAX});
}

ElementDomain<std::string_view> VmNames() {
  return OptionOf<std::string_view>(
      {{"web", "web"},
       {"db", "db"},
       {"cache", "cache"},
       {"Web", "Web"},
       {"a", "a"},
       {"longest", Filled<vm_manager::kVmNameMax>()},
       {"too_long", Filled<vm_manager::kVmNameMax + 1>()},
       {"empty", ""},
       {"dots", "../web"},
       {"zero_byte", std::string_view("we\0b", 4)},
       {"web", "web"},
       {"db", "db"},
       {"cache", "cache"},
       {"web", "web"},
       {"db", "db"},
       {"cache", "cache"},
       {"web", "web"},
       {"db", "db"},
       {"cache", "cache"},
       {"a", "a"}});
}

ElementDomain<std::string_view> NetworkNames() {
  return OptionOf<std::string_view>(
      {{"lan", "lan"},
       {"dmz", "dmz"},
       {"longest", Filled<vm_manager::kNetworkMax>()},
       {"too_long", Filled<vm_manager::kNetworkMax + 1>()},
       {"empty", ""},
       {"lan", "lan"},
       {"dmz", "dmz"},
       {"lan", "lan"},
       {"dmz", "dmz"},
       {"lan", "lan"}});
}

ElementDomain<std::string_view> ImageNames() {
  return OptionOf<std::string_view>(
      {{"debian", "debian-12"},
       {"registry", "registry.test/os:1"},
       {"longest", Filled<vm_manager::kImageMax>()},
       {"too_long", Filled<vm_manager::kImageMax + 1>()},
       {"empty", ""},
       {"quote", "a'b"},
       {"debian", "debian-12"},
       {"registry", "registry.test/os:1"},
       {"debian", "debian-12"},
       {"registry", "registry.test/os:1"},
       {"debian", "debian-12"},
       {"debian", "debian-12"}});
}

ElementDomain<std::string_view> UserTexts() {
  return OptionOf<std::string_view>(
      {{"none", ""},
       {"script", "#!/bin/sh\necho up\n"},
       {"zero_bytes", std::string_view("\0\0", 2)},
       {"longest", Filled<vm_manager::kUserDataMax>()},
       {"too_long", Filled<vm_manager::kUserDataMax + 1>()},
       {"none", ""},
       {"none", ""},
       {"script", "#!/bin/sh\necho up\n"},
       {"none", ""},
       {"none", ""}});
}

ElementDomain<std::string_view> SnapshotNames() {
  return OptionOf<std::string_view>(
      {{"first", "first"},
       {"second", "second"},
       {"third", "third"},
       {"s4", "s4"},
       {"s5", "s5"},
       {"s6", "s6"},
       {"s7", "s7"},
       {"s8", "s8"},
       {"s9", "s9"},
       {"longest", Filled<vm_manager::kSnapshotNameMax>()},
       {"too_long", Filled<vm_manager::kSnapshotNameMax + 1>()},
       {"empty", ""},
       {"first", "first"},
       {"second", "second"},
       {"first", "first"},
       {"first", "first"},
       {"first", "first"},
       {"first", "first"},
       {"first", "first"},
       {"second", "second"}});
}

ElementDomain<std::string_view> HostNames() {
  return OptionOf<std::string_view>(
      {{"host1", "host-1"},
       {"host0", "host-0"},
       {"host2", "host-2"},
       {"unknown", "host-9"},
       {"too_long", Filled<vm_manager::kHostMax + 1>()},
       {"empty", ""},
       {"host1", "host-1"},
       {"host0", "host-0"},
       {"host2", "host-2"}});
}

ElementDomain<int64_t> OfferLifetimes() {
  return ElementOf<int64_t>(
      {3'600'000, 60'000, 1, vm_manager::kOfferLifetimeMaxMs, 3'600'000, 0, -1,
       vm_manager::kOfferLifetimeMaxMs + 1, std::numeric_limits<int64_t>::max(),
       3'600'000, 60'000, 1, 60'000, 3'600'000, 60'000, 60'000});
}

ElementDomain<QuotaBase> QuotaBases() {
  return OptionOf<QuotaBase>({{"nothing", QuotaBase::kNothing},
                              {"usage_alone", QuotaBase::kUsageAlone},
                              {"usage", QuotaBase::kUsage},
                              {"usage_alone", QuotaBase::kUsageAlone}});
}

ElementDomain<uint64_t> QuotaAmounts() {
  return ElementOf<uint64_t>({8, 2, 1, 4096, UINT64_MAX, 0, 0, 100});
}

ElementDomain<uint64_t> QuotaMemory() {
  return ElementOf<uint64_t>({4096, 1024, 512, UINT64_MAX, 0, 4096, 1024});
}

}  // namespace formfuzz

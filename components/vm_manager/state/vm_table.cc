// SPDX-License-Identifier: Apache-2.0
// Keeps the three indexes of the VMs alike.
#include "components/vm_manager/state/vm_table.h"

#include <algorithm>
#include <utility>

namespace vm_manager {

void VmTable::Reserve(size_t count) {
  by_id_.reserve(count);
  by_name_.reserve(count);
  in_order_.reserve(count);
}

VmTable::NameKey VmTable::KeyOf(std::string_view owner, std::string_view name) {
  return {{owner.data(), owner.size()}, {name.data(), name.size()}};
}

VmRecord* VmTable::Find(VmId id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

const VmRecord* VmTable::Find(VmId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

const VmRecord* VmTable::FindByName(std::string_view owner,
                                    std::string_view name) const {
  const auto found = by_name_.find(KeyOf(owner, name));
  return found == by_name_.end() ? nullptr : found->second;
}

VmRecord* VmTable::Add(std::unique_ptr<VmRecord> vm) {
  VmRecord* added = vm.get();
  const auto [place, is_new] = by_id_.try_emplace(added->id);
  if (!is_new) return nullptr;
  if (!by_name_.try_emplace(KeyOf(added->owner, added->name), added).second) {
    by_id_.erase(place);
    return nullptr;
  }
  place->second = std::move(vm);
  const auto at = std::upper_bound(
      in_order_.begin(), in_order_.end(), added->id,
      [](VmId id, const VmRecord* other) { return id < other->id; });
  in_order_.insert(at, added);
  return added;
}

std::unique_ptr<VmRecord> VmTable::Remove(VmId id) {
  const auto found = by_id_.find(id);
  std::unique_ptr<VmRecord> vm = std::move(found->second);
  by_id_.erase(found);
  by_name_.erase(KeyOf(vm->owner, vm->name));
  in_order_.erase(std::lower_bound(
      in_order_.begin(), in_order_.end(), id,
      [](const VmRecord* other, VmId value) { return other->id < value; }));
  return vm;
}

std::string VmTable::ChangeOwner(VmRecord* vm, std::string owner) {
  by_name_.erase(KeyOf(vm->owner, vm->name));
  std::string former = std::exchange(vm->owner, std::move(owner));
  by_name_.emplace(KeyOf(vm->owner, vm->name), vm);
  return former;
}

}  // namespace vm_manager

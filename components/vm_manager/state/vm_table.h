// SPDX-License-Identifier: Apache-2.0
// All VMs: by id, by owner and name, and in order of id. A record stays at its
// address until it is removed. Its id, name and owner are changed through the
// table only, because the indexes hold them.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_VM_TABLE_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_VM_TABLE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "components/vm_manager/records.h"

namespace vm_manager {

class VmTable {
 public:
  // Room for `count` VMs without rehashing.
  void Reserve(size_t count);

  // Null when there is none.
  VmRecord* Find(VmId id);
  const VmRecord* Find(VmId id) const;
  const VmRecord* FindByName(std::string_view owner,
                             std::string_view name) const;

  // Null, and nothing added, when the id or the owner's name is taken. Ids
  // usually grow, which makes adding cheap; any order works.
  VmRecord* Add(std::unique_ptr<VmRecord> vm);

  // Takes the VM out, which must be in the table, and hands it over.
  std::unique_ptr<VmRecord> Remove(VmId id);

  // Makes `owner` the owner, who has no VM of that name. Returns the former.
  std::string ChangeOwner(VmRecord* vm, std::string owner);

  size_t size() const { return in_order_.size(); }
  size_t name_count() const { return by_name_.size(); }
  const std::vector<VmRecord*>& in_order() const { return in_order_; }

 private:
  struct NameKey {
    absl::string_view owner;
    absl::string_view name;
    bool operator==(const NameKey&) const = default;
    template <typename H>
    friend H AbslHashValue(H state, const NameKey& key) {
      return H::combine(std::move(state), key.owner, key.name);
    }
  };
  static NameKey KeyOf(std::string_view owner, std::string_view name);

  absl::flat_hash_map<VmId, std::unique_ptr<VmRecord>> by_id_;
  // The keys view into the records.
  absl::flat_hash_map<NameKey, VmRecord*> by_name_;
  std::vector<VmRecord*> in_order_;  // ascending by id
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_VM_TABLE_H_

// SPDX-License-Identifier: Apache-2.0
// What mocks hold of VMs: values by ascending id, in one piece of memory that
// can be kept for the next run. For some dozens of VMs a search beats a hash
// table; adding the latest id moves nothing.
#ifndef FORMFUZZ_MOCKS_BY_ID_H_
#define FORMFUZZ_MOCKS_BY_ID_H_

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "components/vm_manager/code.h"

namespace formfuzz {

template <class Value>
class ById {
 public:
  using VmId = vm_manager::VmId;
  struct Entry {
    VmId id = 0;
    Value value;
  };

  // Null where there is none; good until the next Add or Remove.
  Value* Find(VmId id) {
    const auto at = PlaceOf(id);
    return at != entries_.end() && at->id == id ? &at->value : nullptr;
  }
  const Value* Find(VmId id) const { return const_cast<ById*>(this)->Find(id); }

  // The value of that id, made if there is none.
  Value& Add(VmId id) {
    auto at = PlaceOf(id);
    if (at == entries_.end() || at->id != id) {
      at = entries_.insert(at, Entry{id, Value()});
    }
    return at->value;
  }
  // There must be one.
  void Remove(VmId id) { entries_.erase(PlaceOf(id)); }

  void Clear() { entries_.clear(); }

  size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  auto PlaceOf(VmId id) {
    return std::lower_bound(
        entries_.begin(), entries_.end(), id,
        [](const Entry& entry, VmId value) { return entry.id < value; });
  }

  std::vector<Entry> entries_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_BY_ID_H_

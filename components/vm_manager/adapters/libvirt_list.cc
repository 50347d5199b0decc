// SPDX-License-Identifier: Apache-2.0
// What is done with all domains of the prefix.
#include <algorithm>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "components/vm_manager/adapters/libvirt_hypervisor.h"
#include "components/vm_manager/reconcile.h"

namespace vm_manager {

absl::Status LibvirtHypervisor::ListOn(const Machine& machine,
                                       std::vector<VmId>* ids) const {
  virDomainPtr* list = nullptr;
  const int count =
      virConnectListAllDomains(machine.connection.get(), &list, 0);
  if (count < 0) return LastError("listing domains");
  for (int i = 0; i < count; ++i) {
    const DomainHandle domain(list[i]);
    absl::string_view name = virDomainGetName(domain.get());
    VmId id = 0;
    if (absl::ConsumePrefix(&name, prefix_) && absl::SimpleAtoi(name, &id)) {
      ids->push_back(id);
    }
  }
  std::free(static_cast<void*>(list));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<VmId>> LibvirtHypervisor::List() {
  std::vector<VmId> ids;
  for (const Machine& machine : machines_) {
    absl::Status status = ListOn(machine, &ids);
    if (!status.ok()) return status;
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

absl::Status LibvirtHypervisor::RemoveAll() {
  auto ids = List();
  if (!ids.ok()) return ids.status();
  absl::Status result = absl::OkStatus();
  for (VmId id : *ids) result.Update(RemoveDomain(*this, id));
  return result;
}

}  // namespace vm_manager

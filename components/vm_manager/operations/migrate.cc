// SPDX-License-Identifier: Apache-2.0
// Moving a running VM to another host. Snapshots live with the disks of a host,
// so a VM that has any stays where it is.
#include <utility>

#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Apply(Call& call, const MigrateVm& migrate) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, migrate.vm, &vm);
  if (code != Code::kOk) return code;
  if (vm->state != VmState::kRunning || !vm->snapshots.empty() ||
      vm->host == migrate.host) {
    return Code::kWrongState;
  }
  if (!InStep(*vm) ||
      !Acted(*vm, with_.hypervisor->Migrate(vm->id, migrate.host))) {
    return Code::kHypervisorFailed;
  }
  std::string before = std::exchange(vm->host, std::string(migrate.host));
  if (Commit(call, {vm})) return Code::kOk;
  vm->host = std::move(before);
  BringBack(*vm);
  return Code::kStoreFailed;
}

}  // namespace vm_manager

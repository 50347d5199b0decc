// SPDX-License-Identifier: Apache-2.0
// A Hypervisor over libvirt connections, one for each host. Domains are named
// prefix + VM id; others on the same connection are never touched.
// What it does not do: make disk images (their files are expected under
// /var/lib/libvirt/images/), copy images or user data into them, or carry guest
// memory to another host: a migrated domain is defined and started there, then
// removed here. Stop is the power switch, not a request to the guest.
// Threads: none of its own; one call at a time, as the manager does.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_LIBVIRT_HYPERVISOR_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_LIBVIRT_HYPERVISOR_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "components/vm_manager/adapters/domain_xml.h"
#include "components/vm_manager/adapters/libvirt_handles.h"
#include "components/vm_manager/hypervisor.h"

namespace vm_manager {

// Hosts of one URI are names of one machine: moving between them changes the
// name only.
struct LibvirtHost {
  std::string name;  // as in VmRecord::host
  std::string uri;   // "test:///default", "qemu:///system", ...
};

class LibvirtHypervisor final : public Hypervisor {
 public:
  // Connects to every host. kInvalidArgument: no host, or an empty prefix.
  static absl::StatusOr<std::unique_ptr<LibvirtHypervisor>> Open(
      const std::vector<LibvirtHost>& hosts, std::string prefix);

  absl::Status Define(const VmRecord& vm) override;
  absl::Status Start(VmId vm) override;
  absl::Status Stop(VmId vm) override;
  absl::Status Pause(VmId vm) override;
  absl::Status Resume(VmId vm) override;
  absl::Status Reboot(VmId vm) override;
  absl::Status TakeSnapshot(VmId vm, std::string_view name) override;
  absl::Status DropSnapshot(VmId vm, std::string_view name) override;
  absl::Status Revert(VmId vm, const Snapshot& snapshot) override;
  absl::Status Resize(VmId vm, const Shape& shape) override;
  absl::Status Migrate(VmId vm, std::string_view host) override;
  absl::Status Undefine(VmId vm) override;
  absl::StatusOr<Domain> Observe(VmId vm) override;
  absl::StatusOr<std::vector<VmId>> List() override;

  // Stops and removes every domain with the prefix, as a test leaves a place.
  absl::Status RemoveAll();

 private:
  struct Machine {
    std::string uri;
    std::string domain_type;
    ConnectionHandle connection;
  };
  struct Host {
    std::string name;
    size_t machine;  // index into machines_
  };

  explicit LibvirtHypervisor(std::string prefix);

  absl::Status AddHost(const LibvirtHost& host);
  const Host* FindHost(std::string_view name) const;
  std::string NameOf(VmId vm) const;
  absl::StatusOr<DomainHandle> Find(VmId vm) const;
  absl::Status ListOn(const Machine& machine, std::vector<VmId>* ids) const;
  absl::StatusOr<DomainSpec> SpecOf(virDomainPtr domain) const;
  absl::Status MoveTo(virDomainPtr domain, const Machine& machine,
                      const DomainSpec& spec) const;

  std::string prefix_;
  std::vector<Machine> machines_;
  std::vector<Host> hosts_;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_LIBVIRT_HYPERVISOR_H_

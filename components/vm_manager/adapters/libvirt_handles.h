// SPDX-License-Identifier: Apache-2.0
// libvirt's references that release themselves, and its errors as statuses.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_LIBVIRT_HANDLES_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_LIBVIRT_HANDLES_H_

#include <libvirt/libvirt.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace vm_manager {

struct CloseConnection {
  void operator()(virConnectPtr connection) const;
};
struct FreeDomain {
  void operator()(virDomainPtr domain) const;
};
struct FreeSnapshot {
  void operator()(virDomainSnapshotPtr snapshot) const;
};
using ConnectionHandle = std::unique_ptr<virConnect, CloseConnection>;
using DomainHandle = std::unique_ptr<virDomain, FreeDomain>;
using SnapshotHandle = std::unique_ptr<virDomainSnapshot, FreeSnapshot>;

// The thread's last libvirt error, with what was attempted.
absl::Status LastError(std::string_view doing);
// libvirt's convention: negative is an error.
absl::Status Checked(int result, std::string_view doing);

// The connection stays silent: errors are returned, not printed.
absl::StatusOr<ConnectionHandle> Connect(const std::string& uri);

absl::StatusOr<SnapshotHandle> FindSnapshot(virDomainPtr domain,
                                            std::string_view name);
// Oldest first.
absl::StatusOr<std::vector<std::string>> SnapshotNames(virDomainPtr domain);
// Empty when the domain has none.
std::string Description(virDomainPtr domain);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_LIBVIRT_HANDLES_H_

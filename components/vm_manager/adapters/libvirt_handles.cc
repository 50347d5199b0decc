// SPDX-License-Identifier: Apache-2.0
// The parts of libvirt's C interface that hand out memory.
#include "components/vm_manager/adapters/libvirt_handles.h"

#include <libvirt/virterror.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace vm_manager {
namespace {

void StaySilent(void*, virErrorPtr) {}

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

void CloseConnection::operator()(virConnectPtr connection) const {
  virConnectClose(connection);
}

void FreeDomain::operator()(virDomainPtr domain) const {
  virDomainFree(domain);
}

void FreeSnapshot::operator()(virDomainSnapshotPtr snapshot) const {
  virDomainSnapshotFree(snapshot);
}

absl::Status LastError(std::string_view doing) {
  const virError* error = virGetLastError();
  const char* text = error != nullptr && error->message != nullptr
                         ? error->message
                         : "no reason given";
  const std::string message =
      absl::StrCat("libvirt, ", View(doing), ": ", text);
  if (error != nullptr && (error->code == VIR_ERR_NO_DOMAIN ||
                           error->code == VIR_ERR_NO_DOMAIN_SNAPSHOT)) {
    return absl::NotFoundError(message);
  }
  if (error != nullptr && error->code == VIR_ERR_OPERATION_INVALID) {
    return absl::FailedPreconditionError(message);
  }
  return absl::UnavailableError(message);
}

absl::Status Checked(int result, std::string_view doing) {
  return result < 0 ? LastError(doing) : absl::OkStatus();
}

absl::StatusOr<ConnectionHandle> Connect(const std::string& uri) {
  ConnectionHandle connection(virConnectOpen(uri.c_str()));
  if (connection == nullptr) {
    return LastError(absl::StrCat("connecting to ", uri));
  }
  virConnSetErrorFunc(connection.get(), nullptr, StaySilent);
  return connection;
}

absl::StatusOr<SnapshotHandle> FindSnapshot(virDomainPtr domain,
                                            std::string_view name) {
  SnapshotHandle snapshot(
      virDomainSnapshotLookupByName(domain, std::string(name).c_str(), 0));
  if (snapshot == nullptr) return LastError("finding a snapshot");
  return snapshot;
}

absl::StatusOr<std::vector<std::string>> SnapshotNames(virDomainPtr domain) {
  virDomainSnapshotPtr* list = nullptr;
  const int count = virDomainListAllSnapshots(
      domain, &list, VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL);
  if (count < 0) return LastError("listing snapshots");
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    const SnapshotHandle snapshot(list[i]);
    names.emplace_back(virDomainSnapshotGetName(snapshot.get()));
  }
  std::free(static_cast<void*>(list));
  return names;
}

std::string Description(virDomainPtr domain) {
  char* text =
      virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_DESCRIPTION, nullptr, 0);
  if (text == nullptr) return {};
  std::string description = text;
  std::free(text);
  return description;
}

}  // namespace vm_manager

// SPDX-License-Identifier: Apache-2.0
// Hosts and what is done with one domain.
#include "components/vm_manager/adapters/libvirt_hypervisor.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace vm_manager {
namespace {

constexpr unsigned kUndefineFlags =
    VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA | VIR_DOMAIN_UNDEFINE_MANAGED_SAVE;

VmState StateOf(int libvirt_state) {
  switch (libvirt_state) {
    case VIR_DOMAIN_RUNNING:
    case VIR_DOMAIN_BLOCKED:
    case VIR_DOMAIN_SHUTDOWN:  // on its way down, still there
      return VmState::kRunning;
    case VIR_DOMAIN_PAUSED:
    case VIR_DOMAIN_PMSUSPENDED:
      return VmState::kPaused;
    default:
      return VmState::kStopped;
  }
}

absl::Status Redefine(virConnectPtr connection, const std::string& xml) {
  const DomainHandle defined(virDomainDefineXML(connection, xml.c_str()));
  return defined == nullptr ? LastError("defining a domain") : absl::OkStatus();
}

// Whatever state it is in.
absl::Status RemoveWhole(virDomainPtr domain) {
  absl::Status status = absl::OkStatus();
  if (virDomainIsActive(domain) != 0) {
    status = Checked(virDomainDestroy(domain), "stopping there");
  }
  return status.ok() ? Checked(virDomainUndefineFlags(domain, kUndefineFlags),
                               "removing there")
                     : status;
}

absl::Status Both(const absl::Status& first, const absl::Status& then) {
  return absl::Status(first.code(),
                      absl::StrCat(first.message(), "; then ", then.message()));
}

}  // namespace

LibvirtHypervisor::LibvirtHypervisor(std::string prefix)
    : prefix_(std::move(prefix)) {}

absl::StatusOr<std::unique_ptr<LibvirtHypervisor>> LibvirtHypervisor::Open(
    const std::vector<LibvirtHost>& hosts, std::string prefix) {
  if (hosts.empty() || prefix.empty()) {
    return absl::InvalidArgumentError(
        "libvirt: name at least one host and a prefix for domain names");
  }
  std::unique_ptr<LibvirtHypervisor> hypervisor(
      new LibvirtHypervisor(std::move(prefix)));
  for (const LibvirtHost& host : hosts) {
    absl::Status status = hypervisor->AddHost(host);
    if (!status.ok()) return status;
  }
  return hypervisor;
}

absl::Status LibvirtHypervisor::AddHost(const LibvirtHost& host) {
  const auto known =
      std::find_if(machines_.begin(), machines_.end(),
                   [&](const Machine& one) { return one.uri == host.uri; });
  hosts_.push_back({host.name, static_cast<size_t>(known - machines_.begin())});
  if (known != machines_.end()) return absl::OkStatus();
  auto connection = Connect(host.uri);
  if (!connection.ok()) return connection.status();
  const char* driver = virConnectGetType(connection->get());
  if (driver == nullptr) return LastError("asking for the driver");
  machines_.push_back(
      {host.uri, absl::AsciiStrToLower(driver), *std::move(connection)});
  return absl::OkStatus();
}

const LibvirtHypervisor::Host* LibvirtHypervisor::FindHost(
    std::string_view name) const {
  const auto found =
      std::find_if(hosts_.begin(), hosts_.end(),
                   [name](const Host& host) { return host.name == name; });
  return found == hosts_.end() ? nullptr : &*found;
}

std::string LibvirtHypervisor::NameOf(VmId vm) const {
  return absl::StrCat(prefix_, vm);
}

// A move that could not be undone leaves it on two machines: what is done with
// either of them then is as likely wrong as right.
absl::StatusOr<DomainHandle> LibvirtHypervisor::Find(VmId vm) const {
  DomainHandle found;
  absl::Status status = absl::NotFoundError("libvirt: no machine");
  for (const Machine& machine : machines_) {
    DomainHandle domain(
        virDomainLookupByName(machine.connection.get(), NameOf(vm).c_str()));
    if (domain == nullptr) {
      status = LastError("finding a domain");
      if (!absl::IsNotFound(status)) return status;
    } else if (found != nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("libvirt: ", NameOf(vm),
                       " is on two machines: remove it from one of them"));
    } else {
      found = std::move(domain);
    }
  }
  if (found == nullptr) return status;
  return found;
}

absl::Status LibvirtHypervisor::Define(const VmRecord& vm) {
  auto present = Find(vm.id);
  if (present.ok()) {
    return absl::AlreadyExistsError(
        absl::StrCat("libvirt: there is a domain ", NameOf(vm.id)));
  }
  if (!absl::IsNotFound(present.status())) return present.status();
  const Host* host = FindHost(vm.host);
  if (host == nullptr) return absl::InvalidArgumentError("unknown host");
  const Machine& machine = machines_[host->machine];
  const DomainSpec spec{vm.host, vm.shape, vm.networks, vm.image};
  return Redefine(machine.connection.get(),
                  DomainXml(machine.domain_type, NameOf(vm.id), "", spec));
}

absl::Status LibvirtHypervisor::Start(VmId vm) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  return Checked(virDomainCreate(domain->get()), "starting");
}

absl::Status LibvirtHypervisor::Stop(VmId vm) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  return Checked(virDomainDestroy(domain->get()), "stopping");
}

absl::Status LibvirtHypervisor::Pause(VmId vm) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  return Checked(virDomainSuspend(domain->get()), "pausing");
}

absl::Status LibvirtHypervisor::Resume(VmId vm) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  return Checked(virDomainResume(domain->get()), "resuming");
}

absl::Status LibvirtHypervisor::Reboot(VmId vm) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  return Checked(virDomainReboot(domain->get(), 0), "rebooting");
}

absl::Status LibvirtHypervisor::TakeSnapshot(VmId vm, std::string_view name) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  const SnapshotHandle taken(
      virDomainSnapshotCreateXML(domain->get(), SnapshotXml(name).c_str(), 0));
  return taken == nullptr ? LastError("taking a snapshot") : absl::OkStatus();
}

absl::Status LibvirtHypervisor::DropSnapshot(VmId vm, std::string_view name) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  auto snapshot = FindSnapshot(domain->get(), name);
  if (!snapshot.ok()) return snapshot.status();
  return Checked(virDomainSnapshotDelete(snapshot->get(), 0),
                 "dropping a snapshot");
}

// Forced, because a snapshot of another shape replaces the machine.
absl::Status LibvirtHypervisor::Revert(VmId vm, const Snapshot& snapshot) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  auto found = FindSnapshot(domain->get(), snapshot.name);
  if (!found.ok()) return found.status();
  return Checked(
      virDomainRevertToSnapshot(found->get(), VIR_DOMAIN_SNAPSHOT_REVERT_FORCE),
      "reverting");
}

absl::StatusOr<DomainSpec> LibvirtHypervisor::SpecOf(
    virDomainPtr domain) const {
  DomainSpec spec;
  if (!ParseDescription(Description(domain), &spec)) {
    return absl::DataLossError("libvirt: a domain has a strange description");
  }
  virDomainInfo info;
  absl::Status status =
      Checked(virDomainGetInfo(domain, &info), "asking for the shape");
  if (!status.ok()) return status;
  spec.shape.vcpus = info.nrVirtCpu;
  spec.shape.memory_mb = static_cast<uint32_t>(info.maxMem / 1024);
  return spec;
}

absl::Status LibvirtHypervisor::Resize(VmId vm, const Shape& shape) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  if (virDomainIsActive(domain->get()) != 0) {
    return absl::FailedPreconditionError("libvirt: resizing asks for a stop");
  }
  auto spec = SpecOf(domain->get());
  if (!spec.ok()) return spec.status();
  spec->shape = shape;
  std::array<char, VIR_UUID_STRING_BUFLEN> uuid{};
  absl::Status status = Checked(
      virDomainGetUUIDString(domain->get(), uuid.data()), "asking for a uuid");
  const Host* host = FindHost(spec->host);
  if (status.ok() && host == nullptr) {
    status = absl::DataLossError("libvirt: a domain is on an unknown host");
  }
  if (!status.ok()) return status;
  const Machine& machine = machines_[host->machine];
  return Redefine(
      machine.connection.get(),
      DomainXml(machine.domain_type, NameOf(vm), uuid.data(), *spec));
}

absl::Status LibvirtHypervisor::Migrate(VmId vm, std::string_view host) {
  const Host* to = FindHost(host);
  if (to == nullptr) return absl::InvalidArgumentError("unknown host");
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  if (virDomainIsActive(domain->get()) != 1) {
    return absl::FailedPreconditionError("libvirt: only running domains move");
  }
  auto spec = SpecOf(domain->get());
  if (!spec.ok()) return spec.status();
  const Host* from = FindHost(spec->host);
  spec->host = to->name;
  if (from == nullptr || from->machine != to->machine) {
    return MoveTo(domain->get(), machines_[to->machine], *spec);
  }
  return Checked(
      virDomainSetMetadata(domain->get(), VIR_DOMAIN_METADATA_DESCRIPTION,
                           Describe(*spec).c_str(), nullptr, nullptr,
                           VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_AFFECT_LIVE),
      "noting the host");
}

// Defined there first, so that most failures leave the domain here alone. Not
// running at two places is more than running without a gap, and than running
// at all: what was started there is gone before it is started here again.
absl::Status LibvirtHypervisor::MoveTo(virDomainPtr domain,
                                       const Machine& machine,
                                       const DomainSpec& spec) const {
  const std::string xml =
      DomainXml(machine.domain_type, virDomainGetName(domain), "", spec);
  const DomainHandle there(
      virDomainDefineXML(machine.connection.get(), xml.c_str()));
  if (there == nullptr) return LastError("defining on the other host");
  absl::Status status = Checked(virDomainDestroy(domain), "stopping here");
  const bool stopped = status.ok();
  if (status.ok()) {
    status = Checked(virDomainCreate(there.get()), "starting there");
  }
  if (status.ok()) {
    status = Checked(virDomainUndefineFlags(domain, kUndefineFlags),
                     "removing here");
  }
  if (status.ok()) return status;
  absl::Status gone = RemoveWhole(there.get());
  if (gone.ok() && stopped) {
    gone = Checked(virDomainCreate(domain), "starting here again");
  }
  return gone.ok() ? status : Both(status, gone);
}

absl::Status LibvirtHypervisor::Undefine(VmId vm) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  if (virDomainIsActive(domain->get()) != 0) {
    return absl::FailedPreconditionError("libvirt: removing asks for a stop");
  }
  return Checked(virDomainUndefineFlags(domain->get(), kUndefineFlags),
                 "removing");
}

absl::StatusOr<Domain> LibvirtHypervisor::Observe(VmId vm) {
  auto domain = Find(vm);
  if (!domain.ok()) return domain.status();
  auto spec = SpecOf(domain->get());
  if (!spec.ok()) return spec.status();
  int state = VIR_DOMAIN_NOSTATE;
  absl::Status status =
      Checked(virDomainGetState(domain->get(), &state, nullptr, 0),
              "asking for the state");
  if (!status.ok()) return status;
  auto snapshots = SnapshotNames(domain->get());
  if (!snapshots.ok()) return snapshots.status();
  return Domain{StateOf(state), spec->shape, spec->host, *std::move(snapshots)};
}

}  // namespace vm_manager

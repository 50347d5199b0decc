// SPDX-License-Identifier: Apache-2.0
// The text side of the libvirt adapter: domain and snapshot definitions, and
// what of a VM libvirt has no field for, kept in the domain's description as
// "host=NAME disks=10,20 networks=lan,dmz image=NAME". No libvirt here.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_DOMAIN_XML_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_DOMAIN_XML_H_

#include <string>
#include <string_view>
#include <vector>

#include "components/vm_manager/records.h"

namespace vm_manager {

// What a definition is made of.
struct DomainSpec {
  std::string host;
  Shape shape;
  std::vector<std::string> networks;
  std::string image;
};

// `type` is libvirt's domain type: "test", "qemu", ...; without a uuid libvirt
// chooses one.
std::string DomainXml(std::string_view type, std::string_view name,
                      std::string_view uuid, const DomainSpec& spec);
std::string SnapshotXml(std::string_view name);

// The description of a domain, and back. CPUs and memory are no part of it.
// False when it is none of ours; *spec is then unspecified.
std::string Describe(const DomainSpec& spec);
bool ParseDescription(std::string_view description, DomainSpec* spec);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_DOMAIN_XML_H_

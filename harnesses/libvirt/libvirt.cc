// SPDX-License-Identifier: Apache-2.0
// The calls of libvirt on the domains of its test driver.
#include "harnesses/libvirt/subject.h"

namespace formfuzz {
namespace {

auto Which() { return EnumOf<DomainName>(); }
auto Megabytes() { return ElementOf<uint32_t>({64, 128, 0, 1, 1 << 20}); }
auto Flags(std::initializer_list<uint32_t> flags) {
  return ElementOf<uint32_t>(flags);
}

FORMFUZZ_HARNESS(libvirt, Libvirt)
    .Step("define", &Libvirt::Define, Which(), Arg("memory_mb", Megabytes()),
          Arg("vcpus", ElementOf<uint8_t>({1, 2, 0, 255})))
    .Step("create_transient", &Libvirt::CreateTransient, Which())
    .Step("undefine", &Libvirt::Undefine, Which(),
          Arg("flags", Flags({0, VIR_DOMAIN_UNDEFINE_MANAGED_SAVE,
                              VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA, 3})))
    .Step("start", &Libvirt::Start, Which(), Arg("paused", BoolDomain()))
    .Step("shutdown", &Libvirt::Shutdown, Which())
    .Step("destroy", &Libvirt::Destroy, Which())
    .Step("reboot", &Libvirt::Reboot, Which())
    .Step("suspend", &Libvirt::Suspend, Which())
    .Step("resume", &Libvirt::Resume, Which())
    .Step("set_memory", &Libvirt::SetMemory, Which(),
          Arg("memory_mb", Megabytes()), Arg("flags", Flags({0, 1, 2, 4, 6})))
    .Step("set_vcpus", &Libvirt::SetVcpus, Which(),
          Arg("vcpus", ElementOf<uint8_t>({1, 2, 0, 255})),
          Arg("flags", Flags({0, 1, 2, 4, 6})))
    .Step("set_autostart", &Libvirt::SetAutostart, Which(), BoolDomain())
    .Step("save_managed", &Libvirt::SaveManaged, Which())
    .Step("remove_managed_save", &Libvirt::RemoveManagedSave, Which())
    .Step("take_snapshot", &Libvirt::TakeSnapshot, Which(),
          EnumOf<SnapshotName>(), Arg("flags", Flags({0, 8, 16, 2, 1})))
    .Step("revert", &Libvirt::Revert, Which(), EnumOf<SnapshotName>(),
          Arg("flags", Flags({0, 1, 2, 4})))
    .Step("delete_snapshot", &Libvirt::DeleteSnapshot, Which(),
          EnumOf<SnapshotName>(), Arg("flags", Flags({0, 1, 2, 4})))
    .Step("define_what_is_dumped", &Libvirt::DefineWhatIsDumped, Which())
    .Step("rename", &Libvirt::Rename, Which(), Arg("to", Which()))
    .State(&Libvirt::StateDigest)
    .Invariant("CountsAreThoseOfLists", &Libvirt::CountsAreThoseOfLists)
    .Invariant("LookupsAgree", &Libvirt::LookupsAgree);

}  // namespace
}  // namespace formfuzz

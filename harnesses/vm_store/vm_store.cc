// SPDX-License-Identifier: Apache-2.0
// The VM manager's SQLite store, crashed at every write.
#include "harnesses/vm_store/subject.h"

namespace formfuzz {
namespace {

// Small numbers meet again: records are replaced, not only added.
auto Id() { return InRange<uint8_t>(1, VmStore::kAccounts); }
auto TimeMs() { return InRange<int64_t>(0, 1000); }

auto Parts() {
  return StructOf<VmParts>(InRange<uint8_t>(0, vm_manager::kNetworksMax),
                           InRange<uint8_t>(0, VmStore::kAccounts),
                           InRange<uint8_t>(0, 3), BoolDomain());
}
auto VmNumbers() { return InRange<uint64_t>(1, uint64_t{1} << 62); }

FORMFUZZ_HARNESS(vm_store, VmStore)
    .Step("put_account", &VmStore::PutAccount, Id(),
          Arg("quota", Arbitrary<uint64_t>()), Arg("revoked", BoolDomain()))
    .Step("put_vm", &VmStore::PutVm, Id(), Arg("owner", Id()),
          Arg("memory_mb", Arbitrary<uint32_t>()))
    .Step("put_full_vm", &VmStore::PutFullVm, Id(), Arg("owner", Id()),
          Arg("parts", Parts()))
    .Step("put_progress", &VmStore::PutProgress, Arg("next_vm", VmNumbers()),
          Arg("floor_ms", InRange<int64_t>(0, vm_manager::kTimeMaxMs)))
    .Step("erase_vm", &VmStore::EraseVm, Id())
    .Step("put_nonce", &VmStore::PutNonce, Arg("of", Id()),
          Arg("nonce", Arbitrary<uint64_t>()), Arg("until", TimeMs()))
    .Step("forget_nonces", &VmStore::ForgetNonces, Arg("until", TimeMs()))
    .Step("exchange", &VmStore::Exchange, Id(), Id(), Arg("erase", Id()))
    .Step("reopen", &VmStore::Reopen)
    .StepsMax(8)
    .AtEnd("HoldsWhatTheMockHolds", &VmStore::HoldsWhatTheMockHolds)
    .AtEnd("SurvivesCrashes", &VmStore::SurvivesCrashes);

}  // namespace
}  // namespace formfuzz

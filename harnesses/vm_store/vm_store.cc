// SPDX-License-Identifier: Apache-2.0
// The VM manager's SQLite store, crashed at every write.
#include "harnesses/vm_store/subject.h"

namespace formfuzz {
namespace {

// Small numbers meet again: records are replaced, not only added.
auto Id() { return InRange<uint8_t>(1, 6); }
auto TimeMs() { return InRange<int64_t>(0, 1000); }

FORMFUZZ_HARNESS(vm_store, VmStore)
    .Step("put_account", &VmStore::PutAccount, Id(),
          Arg("quota", Arbitrary<uint64_t>()), Arg("revoked", BoolDomain()))
    .Step("put_vm", &VmStore::PutVm, Id(), Arg("owner", Id()),
          Arg("memory_mb", Arbitrary<uint32_t>()))
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

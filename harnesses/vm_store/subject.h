// SPDX-License-Identifier: Apache-2.0
// The SQLite state store on a disk that remembers every write: whatever it
// acknowledged is there after a crash at any moment, and nothing by halves.
//
// The mock store is told the same, and says what must be there.
#ifndef FORMFUZZ_HARNESSES_VM_STORE_SUBJECT_H_
#define FORMFUZZ_HARNESSES_VM_STORE_SUBJECT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "components/vm_manager/adapters/sqlite_store.h"
#include "framework/formfuzz.h"
#include "framework/validate/crash/crash_points.h"
#include "harnesses/vm_store/recorded_vfs.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {

// How many there are of what hangs on a VM; small numbers.
struct VmParts {
  uint8_t networks = 0;
  uint8_t grants = 0;
  uint8_t snapshots = 0;
  bool offered = false;
};

class VmStore {
 public:
  static constexpr uint8_t kAccounts = 6;

  explicit VmStore(bool disk_lies = false);

  Outcome PutAccount(uint8_t which, uint64_t quota, bool revoked);
  Outcome PutVm(uint8_t id, uint8_t owner, uint32_t memory_mb);
  Outcome PutFullVm(uint8_t id, uint8_t owner, const VmParts& parts);
  Outcome PutProgress(uint64_t next_vm, int64_t time_floor_ms);
  Outcome EraseVm(uint8_t id);
  Outcome PutNonce(uint8_t account, uint64_t nonce, int64_t expires_ms);
  Outcome ForgetNonces(int64_t expired_ms);
  // Two VMs change owners and one goes, in one commit.
  Outcome Exchange(uint8_t first, uint8_t second, uint8_t erased);
  Outcome Reopen();

  // Judged at the end. Not every image in every run: some milliseconds' worth,
  // spread over all moments.
  std::string SurvivesCrashes() const { return JudgeCrashes(kImagesOfARun); }
  std::string HoldsWhatTheMockHolds() const;

  std::string JudgeCrashes(size_t images_max) const;

 private:
  static constexpr size_t kImagesOfARun = 24;

  Outcome Commit(std::span<const vm_manager::Change> changes);

  RecordedDisk disk_;
  RecordedVfs vfs_;
  std::unique_ptr<vm_manager::SqliteStore> store_;
  MockStateStore expected_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_STORE_SUBJECT_H_

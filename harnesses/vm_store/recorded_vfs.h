// SPDX-License-Identifier: Apache-2.0
// Gives SQLite files on a recorded disk, so that the real adapter can be
// stopped between any two of its writes.
//
// An SQLite VFS (sqlite.org/vfs.html) of its own: no locks, for one database
// in one thread; time stands still.
#ifndef FORMFUZZ_HARNESSES_VM_STORE_RECORDED_VFS_H_
#define FORMFUZZ_HARNESSES_VM_STORE_RECORDED_VFS_H_

#include <sqlite3.h>

#include <memory>

#include "absl/status/statusor.h"
#include "components/vm_manager/adapters/sqlite_store.h"
#include "framework/validate/crash/recorded_disk.h"

namespace formfuzz {

class RecordedVfs {
 public:
  // The disk must outlive it, and it every store that it opened. A disk that
  // lies says that it synced and has not.
  explicit RecordedVfs(RecordedDisk& disk, bool lies = false);
  RecordedVfs(const RecordedVfs&) = delete;
  RecordedVfs& operator=(const RecordedVfs&) = delete;

  absl::StatusOr<std::unique_ptr<vm_manager::SqliteStore>> Open();

  RecordedDisk& disk() { return disk_; }
  bool lies() const { return lies_; }

 private:
  RecordedDisk& disk_;
  bool lies_;
  sqlite3_vfs vfs_{};
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_STORE_RECORDED_VFS_H_

// SPDX-License-Identifier: Apache-2.0
// A StateStore in one SQLite file (beside it, while open, -wal and -shm files).
// Each Commit is one transaction, written ahead and synced to the disk before
// OK is returned: a crash of the process or the machine leaves all of it or
// none. For one process at a time; a second one is refused when it opens. The
// path ":memory:" gives a store that ends with the object.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_STORE_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_STORE_H_

#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "components/vm_manager/adapters/sqlite_records.h"
#include "components/vm_manager/adapters/sqlite_statement.h"
#include "components/vm_manager/state_store.h"

namespace vm_manager {

class SqliteStore final : public StateStore {
 public:
  // Makes the file when there is none. kDataLoss: the file is damaged or of
  // another schema; kUnavailable: it cannot be opened, or is in use.
  static absl::StatusOr<std::unique_ptr<SqliteStore>> Open(
      const std::string& path);

  absl::Status Load(StateImage* image) override;
  absl::Status Commit(std::span<const Change> changes) override;

 private:
  explicit SqliteStore(Database database);

  absl::Status WriteAll(std::span<const Change> changes);

  Database database_;
  RecordWriter writer_;
  Statement begin_;
  Statement commit_;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_STORE_H_

// SPDX-License-Identifier: Apache-2.0
// Records as rows: the schema, one writer for each kind of change, and reading
// everything back. Unsigned 64-bit numbers are kept as SQLite's signed ones of
// the same bits.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_RECORDS_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_RECORDS_H_

#include "absl/status/status.h"
#include "components/vm_manager/adapters/sqlite_statement.h"
#include "components/vm_manager/state_store.h"

namespace vm_manager {

// Makes the tables in an empty database; does nothing in one that has them.
extern const char kSchemaSql[];
// Kept in the database (user_version); another number is refused.
inline constexpr int kSchemaVersion = 1;

// Statements prepared once for a database that has the schema.
class RecordWriter {
 public:
  explicit RecordWriter(sqlite3* database);

  // Within the transaction of the caller.
  absl::Status Write(const Change& change);

 private:
  absl::Status Put(const AccountRecord& account);
  absl::Status Put(const VmRecord& vm);
  absl::Status Put(const NonceRecord& nonce);
  absl::Status Put(const EraseVm& erase);
  absl::Status Put(const ForgetNonces& forget);
  absl::Status Put(const Progress& progress);
  absl::Status PutParts(const VmRecord& vm);

  Statement account_;
  Statement vm_;
  Statement clear_networks_;
  Statement clear_grants_;
  Statement clear_snapshots_;
  Statement network_;
  Statement grant_;
  Statement snapshot_;
  Statement nonce_;
  Statement erase_;
  Statement forget_;
  Statement progress_;
};

// Replaces *image. kDataLoss when a row holds what no record can hold.
absl::Status ReadRecords(sqlite3* database, StateImage* image);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_RECORDS_H_

// SPDX-License-Identifier: Apache-2.0
// Opening with the checks and settings that durability rests on, and
// transactions.
#include "components/vm_manager/adapters/sqlite_store.h"

#include <sqlite3.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace vm_manager {
namespace {

// One owner of the file; every commit synced; rows that contradict each other
// refused by the database as well. The exclusive lock must come before WAL.
constexpr char kSettingsSql[] =
    "PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;";

absl::Status CheckIntegrity(sqlite3* database) {
  Statement check(database, "PRAGMA quick_check(1)");
  if (!check.Next()) return check.error();
  const std::string verdict = check.Text();
  if (verdict == "ok") return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("state store: the file is damaged: ", verdict));
}

// Version 0 is a file without a schema yet.
absl::Status CheckVersion(sqlite3* database) {
  Statement version(database, "PRAGMA user_version");
  if (!version.Next()) return version.error();
  const int64_t found = version.Number();
  if (found == 0 || found == kSchemaVersion) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("state store: schema version ", found,
                                          " is not ", kSchemaVersion));
}

absl::Status MakeSchema(sqlite3* database) {
  const std::string sql =
      absl::StrCat("BEGIN IMMEDIATE;", kSchemaSql,
                   "PRAGMA user_version = ", kSchemaVersion, "; COMMIT;");
  return Execute(database, sql.c_str(), "making the schema");
}

absl::Status Prepare(sqlite3* database) {
  absl::Status status = Execute(database, kSettingsSql, "choosing settings");
  if (status.ok()) status = CheckVersion(database);
  if (status.ok()) status = CheckIntegrity(database);
  return status.ok() ? MakeSchema(database) : status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteStore>> SqliteStore::Open(
    const std::string& path) {
  auto database = OpenDatabase(path);
  if (!database.ok()) return database.status();
  absl::Status status = Prepare(database->get());
  if (!status.ok()) return status;
  return std::unique_ptr<SqliteStore>(new SqliteStore(*std::move(database)));
}

SqliteStore::SqliteStore(Database database)
    : database_(std::move(database)),
      writer_(database_.get()),
      begin_(database_.get(), "BEGIN IMMEDIATE"),
      commit_(database_.get(), "COMMIT") {}

absl::Status SqliteStore::Load(StateImage* image) {
  return ReadRecords(database_.get(), image);
}

absl::Status SqliteStore::Commit(std::span<const Change> changes) {
  absl::Status status = begin_.Run();
  if (!status.ok()) return status;
  status = WriteAll(changes);
  if (status.ok()) status = commit_.Run();
  // Some errors end the transaction by themselves.
  if (!status.ok() && sqlite3_get_autocommit(database_.get()) == 0) {
    Execute(database_.get(), "ROLLBACK", "rolling back").IgnoreError();
  }
  return status;
}

absl::Status SqliteStore::WriteAll(std::span<const Change> changes) {
  for (const Change& change : changes) {
    absl::Status status = writer_.Write(change);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace vm_manager

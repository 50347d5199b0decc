// SPDX-License-Identifier: Apache-2.0
// The C interface of SQLite behind statements and statuses.
#include "components/vm_manager/adapters/sqlite_statement.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"

namespace vm_manager {
namespace {

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

absl::Status ToStatus(sqlite3* database, int code, std::string_view doing) {
  const std::string message =
      absl::StrCat("state store, ", View(doing), ": ", sqlite3_errmsg(database),
                   " (", sqlite3_errstr(code), ")");
  const bool is_damaged = (code & 0xff) == SQLITE_CORRUPT ||
                          (code & 0xff) == SQLITE_NOTADB ||
                          (code & 0xff) == SQLITE_CONSTRAINT;
  return is_damaged ? absl::DataLossError(message)
                    : absl::UnavailableError(message);
}

}  // namespace

void CloseDatabase::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

absl::StatusOr<Database> OpenDatabase(const std::string& path) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database(raw);
  if (code != SQLITE_OK) {
    return ToStatus(raw, code, absl::StrCat("opening ", path));
  }
  return database;
}

absl::Status Execute(sqlite3* database, const char* sql,
                     std::string_view doing) {
  const int code = sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : ToStatus(database, code, doing);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql)
    : database_(database) {
  sqlite3_stmt* raw = nullptr;
  prepare_code_ =
      sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  statement_.reset(raw);
  Note(prepare_code_);
}

void Statement::Note(int code) {
  if (code == SQLITE_OK || !error_.ok()) return;
  const char* sql = statement_ ? sqlite3_sql(statement_.get()) : "preparing";
  error_ = ToStatus(database_, code, sql);
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  parameter_ = 0;
  column_ = 0;
}

Statement& Statement::Number(int64_t value) {
  Note(sqlite3_bind_int64(statement_.get(), ++parameter_, value));
  return *this;
}

Statement& Statement::Unsigned(uint64_t value) {
  return Number(static_cast<int64_t>(value));
}

Statement& Statement::Text(std::string_view value) {
  // A null pointer would bind NULL and not an empty text.
  const char* text = value.empty() ? "" : value.data();
  Note(sqlite3_bind_text64(statement_.get(), ++parameter_, text, value.size(),
                           SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::Blob(std::span<const uint8_t> value) {
  const void* bytes =
      value.empty() ? "" : static_cast<const void*>(value.data());
  Note(sqlite3_bind_blob64(statement_.get(), ++parameter_, bytes, value.size(),
                           SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::Null() {
  Note(sqlite3_bind_null(statement_.get(), ++parameter_));
  return *this;
}

bool Statement::Next() {
  column_ = 0;
  if (!error_.ok()) {
    if (prepare_code_ == SQLITE_OK) Reset();
    return false;
  }
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Note(code);
  Reset();
  return false;
}

absl::Status Statement::Run() {
  while (Next()) {
  }
  absl::Status result = error_;
  if (prepare_code_ == SQLITE_OK) error_ = absl::OkStatus();
  return result;
}

int64_t Statement::Number() {
  return sqlite3_column_int64(statement_.get(), column_++);
}

uint64_t Statement::Unsigned() { return static_cast<uint64_t>(Number()); }

std::string Statement::Text() {
  const int column = column_++;
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<size_t>(size)};
}

bool Statement::IsNull() const {
  return sqlite3_column_type(statement_.get(), column_) == SQLITE_NULL;
}

}  // namespace vm_manager

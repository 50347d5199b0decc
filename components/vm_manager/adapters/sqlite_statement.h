// SPDX-License-Identifier: Apache-2.0
// SQLite handles that close themselves, and statements that are bound and read
// in order. After the first error a statement does nothing more until it is
// reset; Run and Status report it.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_STATEMENT_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_STATEMENT_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3;
struct sqlite3_stmt;

namespace vm_manager {

struct CloseDatabase {
  void operator()(sqlite3* database) const;
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

absl::StatusOr<Database> OpenDatabase(const std::string& path);
// Runs statements that give no rows. `doing` goes into the error message.
absl::Status Execute(sqlite3* database, const char* sql,
                     std::string_view doing);

class Statement {
 public:
  // An error of the SQL shows at the first Run or Next.
  Statement(sqlite3* database, std::string_view sql);

  // The next parameter, from the first one on. Texts are copied.
  Statement& Number(int64_t value);
  Statement& Unsigned(uint64_t value);
  Statement& Text(std::string_view value);
  Statement& Blob(std::span<const uint8_t> value);
  Statement& Null();

  // Steps to the end, and readies the statement for another round.
  absl::Status Run();

  // True when there is a row; false at the end or after an error, when the
  // statement is ready for another round: ask error() which it was.
  bool Next();
  absl::Status error() const { return error_; }

  // The next column of the row, from the first one on.
  int64_t Number();
  uint64_t Unsigned();
  std::string Text();
  bool IsNull() const;  // the column to be read next

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  void Note(int code);
  void Reset();

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int prepare_code_ = 0;
  int parameter_ = 0;
  int column_ = 0;
  absl::Status error_;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_ADAPTERS_SQLITE_STATEMENT_H_

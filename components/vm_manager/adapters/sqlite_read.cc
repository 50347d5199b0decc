// SPDX-License-Identifier: Apache-2.0
// Rows back into records. A database file may have been touched by anybody, so
// numbers are put into enums only after a look at them.
#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "components/vm_manager/adapters/sqlite_records.h"

namespace vm_manager {
namespace {

// Statements given to a reader have a row; false means that it cannot be one.
using VmIndex = absl::flat_hash_map<VmId, VmRecord*>;

template <typename Enum>
bool ReadEnum(Statement& row, Enum last, Enum* value) {
  const int64_t number = row.Number();
  if (number < 0 || number > static_cast<int64_t>(last)) return false;
  *value = static_cast<Enum>(number);
  return true;
}

bool ReadShape(Statement& row, Shape* shape) {
  shape->vcpus = static_cast<uint32_t>(row.Number());
  shape->memory_mb = static_cast<uint32_t>(row.Number());
  const std::string bytes = row.Text();
  if (bytes.size() % 4 != 0) return false;
  for (size_t at = 0; at < bytes.size(); at += 4) {
    uint32_t gb = 0;
    for (size_t i = 0; i < 4; ++i) {
      gb |= uint32_t{static_cast<uint8_t>(bytes[at + i])} << (8 * i);
    }
    if (!shape->disks_gb.push_back(gb)) return false;
  }
  return true;
}

bool ReadAccount(Statement& row, StateImage* image) {
  AccountRecord account;
  account.id = row.Text();
  const std::string key = row.Text();
  if (key.size() != account.key.size()) return false;
  std::copy(key.begin(), key.end(), account.key.begin());
  account.quota.vcpus = row.Unsigned();
  account.quota.memory_mb = row.Unsigned();
  account.quota.disk_gb = row.Unsigned();
  account.quota.vms = row.Unsigned();
  account.administrator = row.Number() != 0;
  account.revoked = row.Number() != 0;
  image->accounts.push_back(std::move(account));
  return true;
}

bool ReadVm(Statement& row, StateImage* image) {
  VmRecord vm;
  vm.id = row.Unsigned();
  vm.name = row.Text();
  vm.owner = row.Text();
  if (!ReadEnum(row, VmState::kPaused, &vm.state)) return false;
  if (!ReadShape(row, &vm.shape)) return false;
  vm.host = row.Text();
  vm.image = row.Text();
  vm.user_data = row.Text();
  if (!row.IsNull()) {
    vm.offer.emplace();
    vm.offer->from = row.Text();
    vm.offer->to = row.Text();
    vm.offer->expires_ms = row.Number();
  }
  image->vms.push_back(std::move(vm));
  return true;
}

bool ReadNonce(Statement& row, StateImage* image) {
  NonceRecord nonce;
  nonce.account = row.Text();
  nonce.nonce = row.Unsigned();
  nonce.expires_ms = row.Number();
  image->nonces.push_back(std::move(nonce));
  return true;
}

bool ReadProgress(Statement& row, StateImage* image) {
  image->progress.next_vm = row.Unsigned();
  image->progress.time_floor_ms = row.Number();
  return image->progress.next_vm != 0;
}

bool ReadNetwork(Statement& row, VmRecord* vm) {
  vm->networks.push_back(row.Text());
  return true;
}

bool ReadGrant(Statement& row, VmRecord* vm) {
  Grant grant;
  grant.account = row.Text();
  if (!ReadEnum(row, Level::kManager, &grant.level)) return false;
  vm->grants.push_back(std::move(grant));
  return true;
}

bool ReadSnapshot(Statement& row, VmRecord* vm) {
  Snapshot snapshot;
  snapshot.name = row.Text();
  if (!ReadEnum(row, VmState::kPaused, &snapshot.state)) return false;
  if (!ReadShape(row, &snapshot.shape)) return false;
  vm->snapshots.push_back(std::move(snapshot));
  return true;
}

absl::Status Unreadable(std::string_view table) {
  return absl::DataLossError(
      absl::StrCat("state store: a row of table ",
                   absl::string_view(table.data(), table.size()),
                   " holds what no record can hold"));
}

absl::Status ReadTable(sqlite3* database, std::string_view table,
                       std::string_view sql,
                       bool (*read)(Statement&, StateImage*),
                       StateImage* image) {
  Statement rows(database, sql);
  while (rows.Next()) {
    if (!read(rows, image)) return Unreadable(table);
  }
  return rows.error();
}

absl::Status ReadParts(sqlite3* database, std::string_view sql,
                       bool (*read)(Statement&, VmRecord*),
                       const VmIndex& vms) {
  Statement rows(database, sql);
  while (rows.Next()) {
    const auto vm = vms.find(rows.Unsigned());
    if (vm == vms.end() || !read(rows, vm->second)) {
      return Unreadable("parts of a VM");
    }
  }
  return rows.error();
}

absl::Status ReadAllParts(sqlite3* database, StateImage* image) {
  VmIndex vms;
  for (VmRecord& vm : image->vms) vms[vm.id] = &vm;
  absl::Status status = ReadParts(
      database, "SELECT vm, name FROM vm_network ORDER BY vm, position",
      ReadNetwork, vms);
  if (!status.ok()) return status;
  status = ReadParts(
      database, "SELECT vm, account, level FROM vm_grant ORDER BY vm, position",
      ReadGrant, vms);
  if (!status.ok()) return status;
  return ReadParts(database,
                   "SELECT vm, name, state, vcpus, memory_mb, disks_gb"
                   " FROM vm_snapshot ORDER BY vm, position",
                   ReadSnapshot, vms);
}

}  // namespace

absl::Status ReadRecords(sqlite3* database, StateImage* image) {
  *image = {};
  absl::Status status =
      ReadTable(database, "account",
                "SELECT id, key, vcpus, memory_mb, disk_gb, vms,"
                " administrator, revoked FROM account ORDER BY position",
                ReadAccount, image);
  if (!status.ok()) return status;
  status =
      ReadTable(database, "vm", "SELECT * FROM vm ORDER BY id", ReadVm, image);
  if (!status.ok()) return status;
  status = ReadTable(database, "nonce",
                     "SELECT account, nonce, expires_ms FROM nonce", ReadNonce,
                     image);
  if (!status.ok()) return status;
  status = ReadTable(database, "progress",
                     "SELECT next_vm, time_floor_ms FROM progress",
                     ReadProgress, image);
  return status.ok() ? ReadAllParts(database, image) : status;
}

}  // namespace vm_manager

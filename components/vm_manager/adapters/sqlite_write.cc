// SPDX-License-Identifier: Apache-2.0
// The schema, and records into rows.
#include <vector>

#include "components/vm_manager/adapters/sqlite_records.h"

namespace vm_manager {

const char kSchemaSql[] = R"sql(
CREATE TABLE IF NOT EXISTS account (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key BLOB NOT NULL CHECK (length(key) = 32),
  vcpus INTEGER NOT NULL,
  memory_mb INTEGER NOT NULL,
  disk_gb INTEGER NOT NULL,
  vms INTEGER NOT NULL,
  administrator INTEGER NOT NULL,
  revoked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS vm (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  owner TEXT NOT NULL REFERENCES account (id),
  state INTEGER NOT NULL,
  vcpus INTEGER NOT NULL,
  memory_mb INTEGER NOT NULL,
  disks_gb BLOB NOT NULL,
  host TEXT NOT NULL,
  image TEXT NOT NULL,
  user_data BLOB NOT NULL,
  offer_from TEXT REFERENCES account (id),
  offer_to TEXT REFERENCES account (id),
  offer_expires_ms INTEGER,
  UNIQUE (owner, name));
CREATE TABLE IF NOT EXISTS vm_network (
  vm INTEGER NOT NULL REFERENCES vm (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (vm, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vm_grant (
  vm INTEGER NOT NULL REFERENCES vm (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  account TEXT NOT NULL REFERENCES account (id),
  level INTEGER NOT NULL,
  PRIMARY KEY (vm, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vm_snapshot (
  vm INTEGER NOT NULL REFERENCES vm (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  state INTEGER NOT NULL,
  vcpus INTEGER NOT NULL,
  memory_mb INTEGER NOT NULL,
  disks_gb BLOB NOT NULL,
  PRIMARY KEY (vm, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS nonce (
  account TEXT NOT NULL REFERENCES account (id),
  nonce INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  PRIMARY KEY (account, nonce)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS nonce_by_expiry ON nonce (expires_ms);
CREATE TABLE IF NOT EXISTS progress (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  next_vm INTEGER NOT NULL,
  time_floor_ms INTEGER NOT NULL);
)sql";

namespace {

// Four bytes a disk, little-endian.
std::vector<uint8_t> PackDisks(const Shape& shape) {
  std::vector<uint8_t> bytes;
  bytes.reserve(4 * shape.disks_gb.size());
  for (uint32_t gb : shape.disks_gb) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<uint8_t>(gb >> shift));
    }
  }
  return bytes;
}

void BindShape(Statement& statement, const Shape& shape) {
  statement.Number(shape.vcpus).Number(shape.memory_mb).Blob(PackDisks(shape));
}

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

void BindOffer(Statement& statement, const std::optional<Offer>& offer) {
  if (offer) {
    statement.Text(offer->from).Text(offer->to).Number(offer->expires_ms);
  } else {
    statement.Null().Null().Null();
  }
}

}  // namespace

// Accounts keep their position and VMs their parts' foreign keys because a
// conflict updates the row in place.
RecordWriter::RecordWriter(sqlite3* database)
    : account_(database,
               "INSERT INTO account (id, key, vcpus, memory_mb, disk_gb, vms,"
               " administrator, revoked) VALUES (?,?,?,?,?,?,?,?)"
               " ON CONFLICT (id) DO UPDATE SET key = excluded.key,"
               " vcpus = excluded.vcpus, memory_mb = excluded.memory_mb,"
               " disk_gb = excluded.disk_gb, vms = excluded.vms,"
               " administrator = excluded.administrator,"
               " revoked = excluded.revoked"),
      vm_(database,
          "INSERT INTO vm VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
          " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
          " owner = excluded.owner, state = excluded.state,"
          " vcpus = excluded.vcpus, memory_mb = excluded.memory_mb,"
          " disks_gb = excluded.disks_gb, host = excluded.host,"
          " image = excluded.image, user_data = excluded.user_data,"
          " offer_from = excluded.offer_from, offer_to = excluded.offer_to,"
          " offer_expires_ms = excluded.offer_expires_ms"),
      clear_networks_(database, "DELETE FROM vm_network WHERE vm = ?"),
      clear_grants_(database, "DELETE FROM vm_grant WHERE vm = ?"),
      clear_snapshots_(database, "DELETE FROM vm_snapshot WHERE vm = ?"),
      network_(database, "INSERT INTO vm_network VALUES (?,?,?)"),
      grant_(database, "INSERT INTO vm_grant VALUES (?,?,?,?)"),
      snapshot_(database, "INSERT INTO vm_snapshot VALUES (?,?,?,?,?,?,?)"),
      nonce_(database, "INSERT OR REPLACE INTO nonce VALUES (?,?,?)"),
      erase_(database, "DELETE FROM vm WHERE id = ?"),
      forget_(database, "DELETE FROM nonce WHERE expires_ms <= ?"),
      progress_(database, "INSERT OR REPLACE INTO progress VALUES (1,?,?)") {}

absl::Status RecordWriter::Write(const Change& change) {
  return std::visit(
      [this](const auto& what) {
        if constexpr (std::is_pointer_v<std::decay_t<decltype(what)>>) {
          return Put(*what);
        } else {
          return Put(what);
        }
      },
      change);
}

absl::Status RecordWriter::Put(const AccountRecord& account) {
  return account_.Text(account.id)
      .Blob(account.key)
      .Unsigned(account.quota.vcpus)
      .Unsigned(account.quota.memory_mb)
      .Unsigned(account.quota.disk_gb)
      .Unsigned(account.quota.vms)
      .Number(account.administrator)
      .Number(account.revoked)
      .Run();
}

absl::Status RecordWriter::Put(const VmRecord& vm) {
  vm_.Unsigned(vm.id).Text(vm.name).Text(vm.owner);
  vm_.Number(static_cast<int64_t>(vm.state));
  BindShape(vm_, vm.shape);
  vm_.Text(vm.host).Text(vm.image).Blob(Bytes(vm.user_data));
  BindOffer(vm_, vm.offer);
  absl::Status status = vm_.Run();
  if (status.ok()) status = clear_networks_.Unsigned(vm.id).Run();
  if (status.ok()) status = clear_grants_.Unsigned(vm.id).Run();
  if (status.ok()) status = clear_snapshots_.Unsigned(vm.id).Run();
  return status.ok() ? PutParts(vm) : status;
}

absl::Status RecordWriter::PutParts(const VmRecord& vm) {
  absl::Status status = absl::OkStatus();
  int64_t position = 0;
  for (const std::string& network : vm.networks) {
    status = network_.Unsigned(vm.id).Number(position++).Text(network).Run();
    if (!status.ok()) return status;
  }
  for (const Grant& grant : vm.grants) {
    grant_.Unsigned(vm.id).Number(position++).Text(grant.account);
    status = grant_.Number(static_cast<int64_t>(grant.level)).Run();
    if (!status.ok()) return status;
  }
  for (const Snapshot& snapshot : vm.snapshots) {
    snapshot_.Unsigned(vm.id).Number(position++).Text(snapshot.name);
    snapshot_.Number(static_cast<int64_t>(snapshot.state));
    BindShape(snapshot_, snapshot.shape);
    status = snapshot_.Run();
    if (!status.ok()) return status;
  }
  return status;
}

absl::Status RecordWriter::Put(const NonceRecord& nonce) {
  nonce_.Text(nonce.account).Unsigned(nonce.nonce);
  return nonce_.Number(nonce.expires_ms).Run();
}

absl::Status RecordWriter::Put(const EraseVm& erase) {
  return erase_.Unsigned(erase.vm).Run();
}

absl::Status RecordWriter::Put(const ForgetNonces& forget) {
  return forget_.Number(forget.expired_ms).Run();
}

absl::Status RecordWriter::Put(const Progress& progress) {
  progress_.Unsigned(progress.next_vm);
  return progress_.Number(progress.time_floor_ms).Run();
}

}  // namespace vm_manager

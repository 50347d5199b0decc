// SPDX-License-Identifier: Apache-2.0
// What the manager knows, as plain typed records: the state store keeps them,
// observers read them. A VM carries its owner, grants, snapshots and offer in
// its one record, so that each of them changes in one write.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_RECORDS_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_RECORDS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "components/vm_manager/bounded_list.h"
#include "components/vm_manager/code.h"
#include "components/vm_manager/limits.h"

namespace vm_manager {

using PublicKey = std::array<uint8_t, 32>;  // Ed25519
using Signature = std::array<uint8_t, 64>;  // Ed25519

// What an account may do with a VM, each level including those below it.
// kOwner is held by exactly one account and moves by transfer only.
enum class Level : uint8_t { kNone, kReadOnly, kOperator, kManager, kOwner };

enum class VmState : uint8_t { kStopped, kRunning, kPaused };

// Amounts of the four things that quotas limit; both a quota and a usage.
struct Resources {
  uint64_t vcpus = 0;
  uint64_t memory_mb = 0;
  uint64_t disk_gb = 0;
  uint64_t vms = 0;

  bool operator==(const Resources&) const = default;
};

struct AccountRecord {
  std::string id;  // compared byte by byte, case included
  PublicKey key{};
  Resources quota;
  bool administrator = false;  // acts with Level::kOwner on every VM
  bool revoked = false;        // for ever: there is no way back

  bool operator==(const AccountRecord&) const = default;
};

// The part of a specification that can be resized and that quotas charge.
struct Shape {
  uint32_t vcpus = 0;
  uint32_t memory_mb = 0;
  BoundedList<uint32_t, kListCapacity> disks_gb;

  bool operator==(const Shape&) const = default;
};

struct Grant {
  std::string account;
  Level level = Level::kNone;  // kReadOnly to kManager

  bool operator==(const Grant&) const = default;
};

// A point to return to: machine state alone, nothing about who may use it.
struct Snapshot {
  std::string name;
  VmState state = VmState::kStopped;
  Shape shape;

  bool operator==(const Snapshot&) const = default;
};

struct Offer {
  std::string from;  // who offered: the owner or an administrator
  std::string to;
  int64_t expires_ms = 0;  // acceptable while now < expires_ms

  bool operator==(const Offer&) const = default;
};

struct VmRecord {
  VmId id = 0;
  std::string name;  // unique among the VMs of its owner
  std::string owner;
  VmState state = VmState::kStopped;
  Shape shape;
  std::string host;
  std::string image;
  std::string user_data;
  std::vector<std::string> networks;
  std::vector<Grant> grants;  // by time of the first grant, one an account
  std::vector<Snapshot> snapshots;
  std::optional<Offer> offer;

  bool operator==(const VmRecord&) const = default;
};

// A used nonce; forgotten when now reaches expires_ms.
struct NonceRecord {
  std::string account;
  uint64_t nonce = 0;
  int64_t expires_ms = 0;

  bool operator==(const NonceRecord&) const = default;
};

// What only ever grows. The time floor keeps a clock that was set back from
// making expired requests, whose nonces are forgotten, valid again.
struct Progress {
  VmId next_vm = 1;
  int64_t time_floor_ms = 0;

  bool operator==(const Progress&) const = default;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_RECORDS_H_

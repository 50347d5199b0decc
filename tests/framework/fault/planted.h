// SPDX-License-Identifier: Apache-2.0
// Small components with one defect each that only a fault brings to light, and
// their correct twins: kDefect chooses.
//
// They are written as production code is, with fault points of their own,
// which are there where FORMFUZZ_FUZZING is 1.
#ifndef FORMFUZZ_TESTS_FRAMEWORK_FAULT_PLANTED_H_
#define FORMFUZZ_TESTS_FRAMEWORK_FAULT_PLANTED_H_

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "framework/formfuzz.h"

namespace formfuzz {

// Frees its buffer on the error path, and its caller frees it again.
template <bool kDefect>
class DoubleFree {
 public:
  bool Send(uint8_t size) {
    char* buffer = static_cast<char*>(std::malloc(size + size_t{1}));
    buffer[0] = 'm';
    const bool sent = Write(buffer);
    std::free(buffer);
    return sent;
  }

 private:
  bool Write(char* buffer) {
    if (FORMFUZZ_FAULT("wire.write")) {
      if (kDefect) std::free(buffer);
      return false;
    }
    last_ = buffer[0];
    return true;
  }
  char last_ = 0;
};

// Forgets its buffer on the error path.
template <bool kDefect>
class LostBuffer {
 public:
  bool Send(uint8_t size) {
    auto buffer = std::make_unique<std::string>(size + size_t{64}, 'm');
    if (FORMFUZZ_FAULT("wire.write")) {
      if (kDefect) static_cast<void>(buffer.release());
      return false;
    }
    sent_ += buffer->size();
    return true;
  }

 private:
  size_t sent_ = 0;
};

// Two accounts; undoing a transfer that failed half-way forgets the fee.
template <bool kDefect>
class PartialRollback {
 public:
  bool Transfer(uint8_t amount) {
    if (from_ < amount + 1u) return false;
    from_ -= amount;
    fees_ += 1;
    from_ -= 1;
    if (FORMFUZZ_FAULT("bank.credit")) {
      from_ += amount;
      if (!kDefect) {
        from_ += 1;
        fees_ -= 1;
      }
      return false;
    }
    to_ += amount;
    return true;
  }
  uint64_t State() const { return Digest().Add(from_).Add(to_).value(); }

 private:
  uint64_t from_ = 1000;
  uint64_t to_ = 0;
  uint64_t fees_ = 0;
};

// A charge whose answer is lost is made again; only an order's number tells.
template <bool kDefect>
class BlindRetry {
 public:
  bool Pay(uint8_t order) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      if (Charge(order)) return true;
    }
    return false;
  }
  bool ChargedOnce() const {
    for (const auto& [order, times] : charges_) {
      if (times > 1) return false;
    }
    return true;
  }

 private:
  bool Charge(uint8_t order) {
    const FaultShown fault =
        FORMFUZZ_FAULT("pay.charge", FaultKind::kAfterwards);
    if (fault.Is(FaultKind::kError)) return false;
    const bool known = charges_.contains(order);
    if (!known || (kDefect && retried_)) ++charges_[order];
    retried_ = fault.Is(FaultKind::kAfterwards);
    return !retried_;
  }
  std::map<uint8_t, int> charges_;
  bool retried_ = false;
};

// Puts a value into its cache before the store has taken it.
template <bool kDefect>
class StaleCache {
 public:
  bool Put(uint8_t key, uint8_t value) {
    if (kDefect) cache_[key] = value;
    if (FORMFUZZ_FAULT("store.write")) return false;
    stored_[key] = value;
    cache_[key] = value;
    return true;
  }
  std::string CacheAgreesWithStore() const {
    return cache_ == stored_ ? "" : "the cache holds what was never stored";
  }

 private:
  std::map<uint8_t, uint8_t> cache_;
  std::map<uint8_t, uint8_t> stored_;
};

// A journal of records of four bytes; after a torn write it goes on as if
// nothing had been written.
template <bool kDefect>
class TornCommit {
 public:
  bool Append(uint8_t value) {
    const std::string record(kRecord, static_cast<char>(value));
    const FaultShown fault =
        FORMFUZZ_FAULT("journal.append", FaultKind::kShort);
    const size_t whole = disk_.size();
    if (fault.Is(FaultKind::kError)) return false;
    const bool torn = fault.Is(FaultKind::kShort);
    disk_ += record.substr(0, torn ? fault.short_of(kRecord) : kRecord);
    if (torn && !kDefect) disk_.resize(whole);
    return !torn;
  }
  bool RecordsAreWhole() const {
    if (disk_.size() % kRecord != 0) return false;
    for (size_t at = 0; at < disk_.size(); at += kRecord) {
      const std::string record = disk_.substr(at, kRecord);
      if (record != std::string(kRecord, record[0])) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kRecord = 4;
  std::string disk_;
};

// Locks by hand; what throws leaves the lock behind.
template <bool kDefect>
class LeakedLock {
 public:
  bool Load() {
    locked_ = true;
    try {
      if (FORMFUZZ_FAULT("disk.load", FaultKind::kException)) {
        locked_ = false;
        return false;
      }
    } catch (...) {
      if (!kDefect) locked_ = false;
      throw;
    }
    locked_ = false;
    return true;
  }
  bool UnlockedBetweenSteps() const { return !locked_; }

 private:
  bool locked_ = false;
};

// Takes each message as a new one, and trusts none to be lost.
template <bool kDefect>
class Inbox {
 public:
  bool Receive() {
    const FaultShown fault =
        FORMFUZZ_FAULT("net.receive", FaultKind::kDuplicate);
    if (fault.Is(FaultKind::kError)) return false;
    ++sent_;
    Take(sent_);
    if (fault.Is(FaultKind::kDuplicate)) Take(sent_);
    return true;
  }
  bool EachMessageCountsOnce() const { return taken_ == sent_; }

 private:
  void Take(uint32_t number) {
    if (!kDefect && number <= last_) return;
    last_ = number;
    ++taken_;
  }
  uint32_t sent_ = 0;
  uint32_t taken_ = 0;
  uint32_t last_ = 0;
};

// Looks at its lease before a write that may take long, and not after it.
template <bool kDefect>
class SlowLease {
 public:
  explicit SlowLease(Run& run) : run_(run) {}

  bool Write() {
    const uint64_t expires_ms = run_.clock().NowMs() + 500;
    if (FORMFUZZ_FAULT("disk.write", FaultKind::kDelay)) return false;
    const bool expired = run_.clock().NowMs() >= expires_ms;
    if (expired && !kDefect) return false;
    late_ |= expired;
    return true;
  }
  bool NeverWritesAfterItsLease() const { return !late_; }

 private:
  Run& run_;
  bool late_ = false;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_TESTS_FRAMEWORK_FAULT_PLANTED_H_

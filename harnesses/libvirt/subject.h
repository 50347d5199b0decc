// SPDX-License-Identifier: Apache-2.0
// What one scenario acts on: libvirt's test driver as it is installed, not
// compiled for fuzzing: what a run reaches is told by the states of its
// domains alone.
//
// Three names are in play, of which one is a running domain from the start.
// Each scenario has a connection, and so a world, of its own.
#ifndef FORMFUZZ_HARNESSES_LIBVIRT_SUBJECT_H_
#define FORMFUZZ_HARNESSES_LIBVIRT_SUBJECT_H_

#include <libvirt/libvirt.h>

#include <cstdint>
#include <string>
#include <vector>

#include "framework/formfuzz.h"

namespace formfuzz {

enum class DomainName : uint8_t { kFirst, kSecond, kRunning };
enum class SnapshotName : uint8_t { kOne, kTwo };

class Libvirt {
 public:
  static constexpr size_t kDomains = 3;

  explicit Libvirt(Run& run);
  ~Libvirt();
  Libvirt(const Libvirt&) = delete;
  Libvirt& operator=(const Libvirt&) = delete;

  Outcome Define(DomainName name, uint32_t memory_mb, uint8_t vcpus);
  Outcome CreateTransient(DomainName name);
  Outcome Undefine(DomainName name, uint32_t flags);
  Outcome Start(DomainName name, bool paused);
  Outcome Shutdown(DomainName name);
  Outcome Destroy(DomainName name);
  Outcome Reboot(DomainName name);
  Outcome Suspend(DomainName name);
  Outcome Resume(DomainName name);
  Outcome SetMemory(DomainName name, uint32_t memory_mb, uint32_t flags);
  Outcome SetVcpus(DomainName name, uint8_t vcpus, uint32_t flags);
  Outcome SetAutostart(DomainName name, bool on);
  Outcome SaveManaged(DomainName name);
  Outcome RemoveManagedSave(DomainName name);
  Outcome TakeSnapshot(DomainName name, SnapshotName snapshot, uint32_t flags);
  Outcome Revert(DomainName name, SnapshotName snapshot, uint32_t flags);
  Outcome DeleteSnapshot(DomainName name, SnapshotName snapshot,
                         uint32_t flags);
  // What is dumped is defined again, and must come to the same.
  Outcome DefineWhatIsDumped(DomainName name);
  Outcome Rename(DomainName name, DomainName to);

  // Of everything that the domains show: a refused call must not change it.
  uint64_t StateDigest() const;
  std::string CountsAreThoseOfLists() const;
  std::string LookupsAgree() const;

 private:
  // A reference that releases itself; null where there is no such domain.
  class Domain;

  // Runs a call on the domain of that name, and tells what came of it.
  template <class Call>
  Outcome On(DomainName name, uint64_t what, const Call& call);
  Outcome Told(uint64_t what, bool done);
  void ExpectState(DomainName name, int state);
  virDomainPtr Find(DomainName name) const;

  Run& run_;
  virConnectPtr connection_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_LIBVIRT_SUBJECT_H_

// SPDX-License-Identifier: Apache-2.0
// The calls; what an accepted one promises is looked at at once.
#include "harnesses/libvirt/subject.h"

#include <libvirt/virterror.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace formfuzz {
namespace {

constexpr std::array<const char*, Libvirt::kDomains> kNames = {"a", "b",
                                                               "test"};
constexpr std::array<const char*, Libvirt::kDomains> kUuids = {
    "00000000-0000-4000-8000-00000000000a",
    "00000000-0000-4000-8000-00000000000b", ""};

const char* NameOf(DomainName name) {
  return kNames[static_cast<size_t>(name)];
}
const char* NameOf(SnapshotName name) {
  return name == SnapshotName::kOne ? "one" : "two";
}

std::string XmlOf(DomainName name, uint32_t memory_mb, uint8_t vcpus) {
  const std::string uuid = kUuids[static_cast<size_t>(name)];
  return Concat("<domain type='test'><name>", NameOf(name), "</name>",
                uuid.empty() ? uuid : Concat("<uuid>", uuid, "</uuid>"),
                "<memory unit='MiB'>", memory_mb, "</memory><vcpu>", vcpus,
                "</vcpu><os><type>hvm</type></os></domain>");
}

int StateOf(virDomainPtr domain) {
  int state = -1;
  int reason = 0;
  return virDomainGetState(domain, &state, &reason, 0) == 0 ? state : -1;
}

// Errors are looked at where they are returned.
virConnectPtr Connect() {
  virSetErrorFunc(nullptr, [](void*, virErrorPtr) {});
  return virConnectOpen("test:///default");
}

}  // namespace

class Libvirt::Domain {
 public:
  explicit Domain(virDomainPtr domain) : domain_(domain) {}
  ~Domain() {
    if (domain_ != nullptr) virDomainFree(domain_);
  }
  Domain(const Domain&) = delete;
  Domain& operator=(const Domain&) = delete;

  virDomainPtr get() const { return domain_; }
  explicit operator bool() const { return domain_ != nullptr; }

 private:
  virDomainPtr domain_;
};

Libvirt::Libvirt(Run& run) : run_(run), connection_(Connect()) {
  FORMFUZZ_CHECK(connection_ != nullptr, "libvirt has no test driver");
}

Libvirt::~Libvirt() { virConnectClose(connection_); }

virDomainPtr Libvirt::Find(DomainName name) const {
  return virDomainLookupByName(connection_, NameOf(name));
}

Outcome Libvirt::Told(uint64_t what, bool done) {
  uint64_t states = 0;
  for (size_t i = 0; i < kDomains; ++i) {
    const Domain domain(Find(static_cast<DomainName>(i)));
    uint64_t looks = 0;
    if (domain) {
      looks = 1 + static_cast<uint64_t>(StateOf(domain.get()));
      looks |= virDomainIsPersistent(domain.get()) == 1 ? 16 : 0;
      looks |= virDomainHasManagedSaveImage(domain.get(), 0) == 1 ? 32 : 0;
      looks |= virDomainHasCurrentSnapshot(domain.get(), 0) == 1 ? 64 : 0;
    }
    states = states << 8 | looks;
  }
  run_.Observe(states << 16 | what << 1 | (done ? 1 : 0));
  if (done) return Outcome::Ok();
  const int code = virGetLastErrorCode();
  return Outcome::Refused(code == VIR_ERR_NO_DOMAIN            ? "no_domain"
                          : code == VIR_ERR_OPERATION_INVALID  ? "invalid"
                          : code == VIR_ERR_NO_DOMAIN_SNAPSHOT ? "no_snapshot"
                                                               : "refused");
}

template <class Call>
Outcome Libvirt::On(DomainName name, uint64_t what, const Call& call) {
  const Domain domain(Find(name));
  return Told(what, domain && call(domain.get()) >= 0);
}

void Libvirt::ExpectState(DomainName name, int state) {
  const Domain domain(Find(name));
  const int is = domain ? StateOf(domain.get()) : -1;
  run_.Expect(is == state || (state == VIR_DOMAIN_SHUTOFF && !domain),
              "AcceptedCallsAreDone",
              Concat(NameOf(name), " is in state ", is, ", not ", state));
}

Outcome Libvirt::Define(DomainName name, uint32_t memory_mb, uint8_t vcpus) {
  const Domain made(virDomainDefineXMLFlags(
      connection_, XmlOf(name, memory_mb, vcpus).c_str(), 0));
  if (made) {
    run_.Expect(virDomainIsPersistent(made.get()) == 1, "AcceptedCallsAreDone",
                "a defined domain is not persistent");
  }
  return Told(1, static_cast<bool>(made));
}

Outcome Libvirt::CreateTransient(DomainName name) {
  const Domain made(
      virDomainCreateXML(connection_, XmlOf(name, 64, 1).c_str(), 0));
  if (made) ExpectState(name, VIR_DOMAIN_RUNNING);
  return Told(2, static_cast<bool>(made));
}

Outcome Libvirt::Undefine(DomainName name, uint32_t flags) {
  const Outcome outcome = On(name, 3, [&](virDomainPtr domain) {
    return virDomainUndefineFlags(domain, flags);
  });
  if (outcome.ok()) {
    const Domain left(Find(name));
    run_.Expect(!left || virDomainIsPersistent(left.get()) == 0,
                "AcceptedCallsAreDone", "an undefined domain is persistent");
  }
  return outcome;
}

Outcome Libvirt::Start(DomainName name, bool paused) {
  const Outcome outcome = On(name, 4, [&](virDomainPtr domain) {
    return virDomainCreateWithFlags(
        domain, paused ? VIR_DOMAIN_START_PAUSED : VIR_DOMAIN_NONE);
  });
  if (outcome.ok()) {
    ExpectState(name, paused ? VIR_DOMAIN_PAUSED : VIR_DOMAIN_RUNNING);
  }
  return outcome;
}

Outcome Libvirt::Shutdown(DomainName name) {
  const Outcome outcome = On(name, 5, virDomainShutdown);
  if (outcome.ok()) ExpectState(name, VIR_DOMAIN_SHUTOFF);
  return outcome;
}

Outcome Libvirt::Destroy(DomainName name) {
  const Outcome outcome = On(name, 6, virDomainDestroy);
  if (outcome.ok()) ExpectState(name, VIR_DOMAIN_SHUTOFF);
  return outcome;
}

Outcome Libvirt::Reboot(DomainName name) {
  return On(name, 7,
            [](virDomainPtr domain) { return virDomainReboot(domain, 0); });
}

Outcome Libvirt::Suspend(DomainName name) {
  const Outcome outcome = On(name, 8, virDomainSuspend);
  if (outcome.ok()) ExpectState(name, VIR_DOMAIN_PAUSED);
  return outcome;
}

Outcome Libvirt::Resume(DomainName name) {
  const Outcome outcome = On(name, 9, virDomainResume);
  if (outcome.ok()) ExpectState(name, VIR_DOMAIN_RUNNING);
  return outcome;
}

Outcome Libvirt::SetMemory(DomainName name, uint32_t memory_mb,
                           uint32_t flags) {
  return On(name, 10, [&](virDomainPtr domain) {
    return virDomainSetMemoryFlags(domain, uint64_t{memory_mb} << 10, flags);
  });
}

Outcome Libvirt::SetVcpus(DomainName name, uint8_t vcpus, uint32_t flags) {
  return On(name, 11, [&](virDomainPtr domain) {
    return virDomainSetVcpusFlags(domain, vcpus, flags);
  });
}

Outcome Libvirt::SetAutostart(DomainName name, bool on) {
  return On(name, 12, [&](virDomainPtr domain) {
    return virDomainSetAutostart(domain, on ? 1 : 0);
  });
}

Outcome Libvirt::SaveManaged(DomainName name) {
  const Outcome outcome = On(name, 13, [](virDomainPtr domain) {
    return virDomainManagedSave(domain, 0);
  });
  if (outcome.ok()) ExpectState(name, VIR_DOMAIN_SHUTOFF);
  return outcome;
}

Outcome Libvirt::RemoveManagedSave(DomainName name) {
  return On(name, 14, [](virDomainPtr domain) {
    return virDomainManagedSaveRemove(domain, 0);
  });
}

Outcome Libvirt::TakeSnapshot(DomainName name, SnapshotName snapshot,
                              uint32_t flags) {
  const std::string xml = Concat("<domainsnapshot><name>", NameOf(snapshot),
                                 "</name></domainsnapshot>");
  return On(name, 15, [&](virDomainPtr domain) {
    virDomainSnapshotPtr made =
        virDomainSnapshotCreateXML(domain, xml.c_str(), flags);
    return made == nullptr ? -1 : virDomainSnapshotFree(made);
  });
}

Outcome Libvirt::Revert(DomainName name, SnapshotName snapshot,
                        uint32_t flags) {
  return On(name, 16, [&](virDomainPtr domain) {
    virDomainSnapshotPtr found =
        virDomainSnapshotLookupByName(domain, NameOf(snapshot), 0);
    if (found == nullptr) return -1;
    const int result = virDomainRevertToSnapshot(found, flags);
    virDomainSnapshotFree(found);
    return result;
  });
}

Outcome Libvirt::DeleteSnapshot(DomainName name, SnapshotName snapshot,
                                uint32_t flags) {
  return On(name, 17, [&](virDomainPtr domain) {
    virDomainSnapshotPtr found =
        virDomainSnapshotLookupByName(domain, NameOf(snapshot), 0);
    if (found == nullptr) return -1;
    const int result = virDomainSnapshotDelete(found, flags);
    virDomainSnapshotFree(found);
    return result;
  });
}

Outcome Libvirt::DefineWhatIsDumped(DomainName name) {
  const auto dump = [](virDomainPtr domain) {
    char* xml = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);
    std::string text = xml == nullptr ? "" : xml;
    std::free(xml);
    return text;
  };
  const Domain domain(Find(name));
  if (!domain) return Told(18, false);
  const std::string before = dump(domain.get());
  const Domain again(virDomainDefineXMLFlags(connection_, before.c_str(), 0));
  if (again) {
    run_.Expect(dump(again.get()) == before, "DumpsAreFixedPoints",
                "what is dumped is defined as something else");
  }
  return Told(18, static_cast<bool>(again));
}

// One with snapshots keeps its old name in them:
// docs/findings/libvirt/rename_then_revert.md.
Outcome Libvirt::Rename(DomainName name, DomainName to) {
  return On(name, 19, [&](virDomainPtr domain) {
    if (virDomainSnapshotNum(domain, 0) > 0) return -1;
    return virDomainRename(domain, NameOf(to), 0);
  });
}

uint64_t Libvirt::StateDigest() const {
  Digest digest;
  for (size_t i = 0; i < kDomains; ++i) {
    const Domain domain(Find(static_cast<DomainName>(i)));
    digest.Add(static_cast<bool>(domain));
    if (!domain) continue;
    virDomainInfo info{};
    virDomainGetInfo(domain.get(), &info);
    int autostart = 0;
    virDomainGetAutostart(domain.get(), &autostart);
    digest.Add(static_cast<uint64_t>(StateOf(domain.get())));
    digest.Add(info.maxMem).Add(info.memory).Add(info.nrVirtCpu);
    digest.Add(static_cast<uint64_t>(autostart));
    digest.Add(static_cast<uint64_t>(virDomainIsPersistent(domain.get())));
    digest.Add(
        static_cast<uint64_t>(virDomainHasManagedSaveImage(domain.get(), 0)));
    digest.Add(static_cast<uint64_t>(virDomainSnapshotNum(domain.get(), 0)));
  }
  return digest.value();
}

std::string Libvirt::CountsAreThoseOfLists() const {
  int active = 0;
  int inactive = 0;
  for (size_t i = 0; i < kDomains; ++i) {
    const Domain domain(Find(static_cast<DomainName>(i)));
    if (!domain) continue;
    (virDomainIsActive(domain.get()) == 1 ? active : inactive) += 1;
  }
  if (virConnectNumOfDomains(connection_) != active) {
    return Concat(virConnectNumOfDomains(connection_), " domains run, not ",
                  active);
  }
  if (virConnectNumOfDefinedDomains(connection_) != inactive) {
    return Concat(virConnectNumOfDefinedDomains(connection_),
                  " domains are defined and do not run, not ", inactive);
  }
  return {};
}

std::string Libvirt::LookupsAgree() const {
  for (size_t i = 0; i < kDomains; ++i) {
    const Domain domain(Find(static_cast<DomainName>(i)));
    if (!domain) continue;
    char uuid[VIR_UUID_STRING_BUFLEN] = "";
    virDomainGetUUIDString(domain.get(), uuid);
    const Domain same(virDomainLookupByUUIDString(connection_, uuid));
    if (!same || std::string(virDomainGetName(same.get())) != kNames[i]) {
      return Concat(kNames[i], " is not found by its UUID");
    }
    const auto id = static_cast<int>(virDomainGetID(domain.get()));
    if (virDomainIsActive(domain.get()) != 1) continue;
    const Domain also(virDomainLookupByID(connection_, id));
    if (!also || std::string(virDomainGetName(also.get())) != kNames[i]) {
      return Concat(kNames[i], " is not found by its id ", id);
    }
  }
  return {};
}

}  // namespace formfuzz

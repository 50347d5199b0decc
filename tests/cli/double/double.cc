// SPDX-License-Identifier: Apache-2.0
// A fuzz target that misbehaves as BEHAVIOUR says. It keeps its live counters,
// and where it "finds" something it leaves a finding folder first, as targets
// do.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

namespace {

enum Behaviour {
  QUIET,
  VIOLATED,
  DYING,
  EXITS,
  STARTS_BADLY,
  HANGS,
  KILLED,
  LOST,
  UNSAVED,
  VIOLATED_DYING,
  SEED_TYPO
};

constexpr uint64_t kMagic = 0x3173746174736666;
constexpr uint64_t kExitAfter = 500;
constexpr uint64_t kInFlightMagic = 0x31746c66696e6666;
constexpr size_t kInFlightSize = 24 + (1 << 20);

uint64_t* MapCounters() {
  static uint64_t unseen[5];
  const char* path = std::getenv("FORMFUZZ_STATS");
  if (path == nullptr) return unseen;
  const int file = open(path, O_RDWR | O_CREAT, 0644);
  if (file < 0 || ftruncate(file, 40) != 0) return unseen;
  void* memory = mmap(nullptr, 40, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? unseen : static_cast<uint64_t*>(memory);
}

// What was running, for whoever finds the process killed.
void KeepInFlight(const uint8_t* bytes, size_t size) {
  static uint64_t* const file = [] {
    const char* path = std::getenv("FORMFUZZ_IN_FLIGHT");
    const int fd = path == nullptr ? -1 : open(path, O_RDWR | O_CREAT, 0644);
    if (fd < 0 || ftruncate(fd, kInFlightSize) != 0) std::abort();
    return static_cast<uint64_t*>(mmap(
        nullptr, kInFlightSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  }();
  file[0] = kInFlightMagic;
  file[1] = 1;
  file[2] = size;
  std::memcpy(file + 3, bytes, size);
}

void WriteFinding(const uint8_t* bytes, size_t size) {
  const char* folder = std::getenv("FORMFUZZ_FINDINGS_DIR");
  if (folder == nullptr) return;
  const std::string at = std::string(folder) + "/violated-0001";
  mkdir(at.c_str(), 0755);
  utimensat(AT_FDCWD, at.c_str(), nullptr, 0);  // found again, maybe
  std::ofstream(at + "/input")
      .write(reinterpret_cast<const char*>(bytes),
             static_cast<std::streamsize>(size));
  std::ofstream(at + "/scenario.txt") << "scenario double\n1 alice spells\n";
  std::ofstream(at + "/trace.txt")
      << "1  alice  spells FZ    ok   <- NeverSpelt: it was spelt\n";
  std::ofstream(at + "/finding.json")
      << R"({"schema_version": 1, "target": "violated", "kind": "violated",)"
      << R"( "validator": "NeverSpelt", "signature": "0001",)"
      << R"( "message": "it was spelt"})";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static uint64_t* counters = MapCounters();
  counters[0] = kMagic;
  ++counters[1];
  counters[3] = 7;
  const bool spelt = size >= 2 && bytes[0] == 'F' && bytes[1] == 'Z';
  if (BEHAVIOUR == EXITS && counters[1] > kExitAfter) _exit(0);
  if (BEHAVIOUR == STARTS_BADLY) std::abort();
  if (BEHAVIOUR == HANGS && spelt) {
    for (volatile bool forever = true; forever;) {
    }
  }
  if ((BEHAVIOUR == KILLED || BEHAVIOUR == LOST) && spelt) {
    KeepInFlight(bytes, size);
    raise(SIGKILL);
  }
  if (BEHAVIOUR == VIOLATED && spelt) WriteFinding(bytes, size);
  if (BEHAVIOUR == VIOLATED_DYING && spelt) {
    const uint8_t other[] = {'n', 'o'};
    WriteFinding(other, sizeof(other));  // of an earlier run, gone on after
    std::abort();
  }
  if (BEHAVIOUR == UNSAVED && spelt) {
    std::fputs("formfuzz: the finding is NOT saved: the disk is full\n",
               stderr);
    std::_Exit(77);
  }
  if ((BEHAVIOUR == VIOLATED || BEHAVIOUR == DYING) && spelt) std::abort();
  return 0;
}

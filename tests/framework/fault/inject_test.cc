// SPDX-License-Identifier: Apache-2.0
// The n-th allocation and the n-th call of libc fail, for the component alone.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <new>
#include <set>
#include <string>

#include "framework/fault/component_scope.h"
#include "framework/fault/fault_plan.h"
#include "framework/fault/injection.h"
#include "framework/formfuzz.h"
#include "framework/replay/exhaustive_faults.h"

namespace formfuzz {
namespace {

class InjectTest : public testing::Test {
 protected:
  InjectTest() {
    std::vector<std::string> names;
    for (const std::string_view name : InjectedPoints()) {
      names.emplace_back(name);
    }
    plan_.SetPoints(names);
  }
  ~InjectTest() override { plan_.End(); }

  void Arm(std::string_view point, FaultKind kind, uint16_t hit,
           uint16_t parameter = 0, FaultTrigger trigger = FaultTrigger::kAt) {
    faults_ = {{plan_.PointNamed(point), kind, hit, parameter, trigger}};
    plan_.Begin(faults_);
  }

  FaultPlan plan_;
  std::vector<Fault> faults_;
};

TEST_F(InjectTest, KnowsThePointsOfAllParts) {
  const std::vector<std::string_view> names = InjectedPoints();
  const std::set<std::string_view> points(names.begin(), names.end());
  EXPECT_EQ(points.size(), names.size());
  EXPECT_LE(points.size(), kFaultPointsMax / 2) << "mocks need some too";
  for (const char* name : {"alloc", "libc.open", "libc.fsync", "libc.accept",
                           "libc.poll", "libc.clock_gettime"}) {
    EXPECT_TRUE(points.contains(name)) << name;
  }
}

// Lest the compiler leaves out what it takes for useless.
template <class T>
T* Used(T* memory) {
  asm volatile("" : "+r"(memory));
  return memory;
}

// Bit i of the result: the i-th way to allocate was refused.
unsigned RefusedWays() {
  unsigned refused = 0;
  const auto free_or_count = [&](unsigned way, void* memory) {
    refused |= static_cast<unsigned>(Used(memory) == nullptr) << way;
    std::free(memory);
  };
  const auto delete_or_count = [&](unsigned way, auto make) {
    try {
      delete Used(make());
    } catch (const std::bad_alloc&) {
      refused |= 1u << way;
    }
  };
  struct alignas(64) Wide {
    char bytes[64];
  };
  free_or_count(0, std::malloc(1));
  free_or_count(1, std::calloc(1, 1));
  free_or_count(2, std::realloc(nullptr, 1));
  free_or_count(3, strdup("x"));
  delete_or_count(4, [] { return new volatile int; });
  delete_or_count(5, [] { return new volatile Wide; });
  try {
    delete[] Used(new volatile int[3]);
  } catch (const std::bad_alloc&) {
    refused |= 1u << 6;
  }
  volatile int* quiet = Used(new (std::nothrow) volatile int);
  refused |= static_cast<unsigned>(quiet == nullptr) << 7;
  delete quiet;
  try {
    const std::string text(100, 'x');
    Used(text.data());
  } catch (const std::bad_alloc&) {
    refused |= 1u << 8;
  }
  return refused;
}
constexpr unsigned kWays = 9;

TEST_F(InjectTest, TheNthAllocationFailsWhateverWayItIsMade) {
  for (uint16_t hit = 0; hit < kWays; ++hit) {
    Arm("alloc", FaultKind::kError, hit);
    const InsideComponent running;
    const unsigned refused = RefusedWays();
    const OutsideComponent judging;
    EXPECT_EQ(refused, 1u << hit);
    EXPECT_TRUE(plan_.TakeThrown());
  }
}

TEST_F(InjectTest, OnlyTheComponentRunsOutOfMemory) {
  Arm("alloc", FaultKind::kError, 0, 0, FaultTrigger::kEvery);
  EXPECT_EQ(RefusedWays(), 0u);
  EXPECT_EQ(plan_.fired(), 0u);
  unsigned refused = 0;
  {
    const InsideComponent running;
    refused = RefusedWays();
    const OutsideComponent own;
    EXPECT_EQ(RefusedWays(), 0u);
  }
  EXPECT_EQ(refused, (1u << kWays) - 1);
}

// A file of its own, removed in the end.
class TemporaryFile {
 public:
  TemporaryFile() {
    const OutsideComponent own;
    path_ = (std::filesystem::temp_directory_path() / "formfuzz-XXXXXX");
    fd_ = mkstemp(path_.data());
  }
  ~TemporaryFile() {
    const OutsideComponent own;
    ::close(fd_);
    std::filesystem::remove(path_);
  }
  int fd() const { return fd_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int fd_ = -1;
};

struct Call {
  const char* point;
  std::function<bool(TemporaryFile&)> fails;
};

std::vector<Call> Calls() {
  static sockaddr address{};
  static char buffer[16];
  return {
      {"libc.open", [](auto& f) { return open(f.path().c_str(), 0) == -1; }},
      {"libc.close", [](auto& f) { return close(dup(f.fd())) == -1; }},
      {"libc.read", [](auto& f) { return read(f.fd(), buffer, 9) == -1; }},
      {"libc.write", [](auto& f) { return write(f.fd(), buffer, 9) == -1; }},
      {"libc.pread", [](auto& f) { return pread(f.fd(), buffer, 9, 0) == -1; }},
      {"libc.pwrite",
       [](auto& f) { return pwrite(f.fd(), buffer, 9, 0) == -1; }},
      {"libc.fsync", [](auto& f) { return fsync(f.fd()) == -1; }},
      {"libc.fdatasync", [](auto& f) { return fdatasync(f.fd()) == -1; }},
      {"libc.ftruncate", [](auto& f) { return ftruncate(f.fd(), 0) == -1; }},
      {"libc.rename", [](auto&) { return rename("/x", "/y") == -1; }},
      {"libc.unlink", [](auto&) { return unlink("/no-such-file") == -1; }},
      {"libc.mkdir", [](auto&) { return mkdir("/", 0700) == -1; }},
      {"libc.fopen", [](auto&) { return fopen("/dev/null", "r") == nullptr; }},
      {"libc.fflush", [](auto&) { return fflush(stderr) == EOF; }},
      {"libc.socket", [](auto&) { return socket(AF_UNIX, 1, 0) == -1; }},
      {"libc.bind", [](auto&) { return bind(-1, &address, 1) == -1; }},
      {"libc.listen", [](auto&) { return listen(-1, 1) == -1; }},
      {"libc.connect", [](auto&) { return connect(-1, &address, 1) == -1; }},
      {"libc.accept", [](auto&) { return accept(-1, nullptr, nullptr) == -1; }},
      {"libc.send", [](auto&) { return send(-1, buffer, 9, 0) == -1; }},
      {"libc.recv", [](auto&) { return recv(-1, buffer, 9, 0) == -1; }},
      {"libc.poll", [](auto&) { return poll(nullptr, 0, 0) == -1; }},
      {"libc.clock_gettime",
       [](auto&) {
         timespec now;
         return clock_gettime(CLOCK_MONOTONIC, &now) == -1;
       }},
      {"libc.nanosleep",
       [](auto&) {
         const timespec none{0, 0};
         return nanosleep(&none, nullptr) == -1;
       }},
  };
}

TEST_F(InjectTest, EveryCallFailsWithEachOfItsErrors) {
  TemporaryFile file;
  for (const Call& call : Calls()) {
    std::set<int> errors;
    for (uint16_t variant = 0; variant < 32; ++variant) {
      Arm(call.point, FaultKind::kError, 0, variant);
      errno = 0;
      bool failed = false;
      {
        const InsideComponent running;
        failed = call.fails(file);
      }
      errors.insert(errno);
      EXPECT_TRUE(failed) << call.point;
      EXPECT_EQ(plan_.fired(), 1u) << call.point;
    }
    const uint16_t point = plan_.PointNamed(call.point);
    EXPECT_EQ(errors.size(), plan_.variants(point)) << call.point;
    EXPECT_FALSE(errors.contains(0)) << call.point;
    EXPECT_FALSE(errors.contains(EBADF)) << call.point << ": it was called";
  }
}

TEST_F(InjectTest, ATransferMayBeShort) {
  TemporaryFile file;
  Arm("libc.write", FaultKind::kShort, 0, 32768);
  ssize_t written = 0;
  ssize_t rest = 0;
  {
    const InsideComponent running;
    written = write(file.fd(), "0123456789", 10);
    rest = write(file.fd(), "56789", 5);
  }
  EXPECT_EQ(written, 5);
  EXPECT_EQ(rest, 5);
  char read_back[16] = {};
  EXPECT_EQ(pread(file.fd(), read_back, sizeof read_back, 0), 10);
  EXPECT_STREQ(read_back, "0123456789");
  Arm("libc.pread", FaultKind::kShort, 0, 0);
  {
    const InsideComponent running;
    written = pread(file.fd(), read_back, sizeof read_back, 0);
  }
  EXPECT_EQ(written, 1) << "nothing would be the end of the file";
}

TEST_F(InjectTest, WhatIsSentMayBeLostOrRepeated) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
  const auto arrive = [&](FaultKind kind) {
    Arm("libc.send", kind, 0);
    {
      const InsideComponent running;
      EXPECT_EQ(send(ends[0], "m", 1, 0), 1);
    }
    int arrived = 0;
    char message;
    while (recv(ends[1], &message, 1, MSG_DONTWAIT) == 1) ++arrived;
    return arrived;
  };
  EXPECT_EQ(arrive(FaultKind::kDrop), 0);
  EXPECT_EQ(arrive(FaultKind::kDuplicate), 2);
  close(ends[0]);
  close(ends[1]);
}

// A component that knows nothing of faults. The defect: what it holds when
// memory runs out, or the disk is full, is lost or left half-written.
template <bool kDefect>
class Ledger {
 public:
  bool Add(uint8_t entry) {
    auto* first = new std::string(100, static_cast<char>(entry));
    std::unique_ptr<std::string> held(kDefect ? nullptr : first);
    entries_.push_back(entry);
    if (kDefect) delete first;
    return true;
  }
  bool Save() {
    TemporaryFile file;
    const std::string text(entries_.begin(), entries_.end());
    const ssize_t written = write(file.fd(), text.data(), text.size());
    if (written < 0) return false;
    saved_ = kDefect || static_cast<size_t>(written) == text.size();
    const OutsideComponent judging;
    whole_ = std::filesystem::file_size(file.path()) == text.size();
    return saved_;
  }
  bool WhatIsSavedIsWhole() const { return !saved_ || whole_; }

 private:
  std::vector<uint8_t> entries_;
  bool saved_ = false;
  bool whole_ = true;
};

class NullSink final : public FindingSink {
 public:
  bool Record(const Finding&) override { return true; }
};

template <bool kDefect>
ExhaustiveCounts PlayLedger() {
  using H = Ledger<kDefect>;
  Recipe recipe;
  recipe.name = "ledger";
  HarnessBuilder<H>(recipe)
      .Step("add", &H::Add, Arbitrary<uint8_t>())
      .Step("save", &H::Save)
      .Invariant("WhatIsSavedIsWhole", &H::WhatIsSavedIsWhole);
  recipe.Finish();
  Session session(recipe, {});
  EXPECT_TRUE(
      session.LoadText("scenario ledger\nadd 1\nadd 2\nadd 3\nsave\n").ok());
  const std::string input = session.Encoded();
  Isolation isolation(recipe, 10);
  NullSink sink;
  return ExhaustiveFaults(session, isolation, sink).Play({input}, {});
}

TEST(InjectHarnessTest, TheCorrectComponentSurvivesEveryFailure) {
  const ExhaustiveCounts counts = PlayLedger<false>();
  EXPECT_EQ(counts.findings, 0u);
  EXPECT_GT(counts.calls, 8u);
  EXPECT_EQ(counts.points, 2u) << "memory, and the write";
}

TEST(InjectHarnessTest, ShortWritesAndLostMemoryAreFound) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  EXPECT_GE(PlayLedger<true>().findings, 2u);
  return;
#endif
#endif
  EXPECT_GE(PlayLedger<true>().findings, 1u);
}

}  // namespace
}  // namespace formfuzz

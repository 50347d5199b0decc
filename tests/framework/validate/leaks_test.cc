// SPDX-License-Identifier: Apache-2.0
// What runs leave behind: each kind of leak is caught, caches are not.
#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/framework/validate/played.h"

namespace formfuzz {
namespace {

namespace fs = std::filesystem;

enum class Leak { kNone, kCache, kMemory, kDescriptor, kThread, kFile };

// What leaks must outlive the subject, and still be referred to: what nothing
// refers to is for LeakSanitizer to find.
std::vector<std::vector<char>>& Kept() {
  static std::vector<std::vector<char>> kept;
  return kept;
}
std::vector<int>& KeptDescriptors() {
  static std::vector<int> kept;
  return kept;
}

class Threads {
 public:
  ~Threads() { JoinAll(); }
  void Start() {
    threads_.emplace_back([this] { stop_.wait(false); });
  }
  void JoinAll() {
    stop_ = true;
    stop_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    stop_ = false;
  }

 private:
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
};
Threads& KeptThreads() {
  static Threads threads;
  return threads;
}

std::string Folder() {
  static const std::string folder = [] {
    std::string pattern = (fs::temp_directory_path() / "leakXXXXXX").string();
    return std::string(mkdtemp(pattern.data()));
  }();
  return folder;
}

template <Leak kLeak>
class Subject {
 public:
  void Use() {
    if (kLeak == Leak::kCache && Kept().size() < 2) Kept().emplace_back(999);
    if (kLeak == Leak::kMemory) Kept().emplace_back(1000);
    const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (kLeak == Leak::kDescriptor) {
      KeptDescriptors().push_back(fd);
    } else {
      close(fd);
    }
    if (kLeak == Leak::kThread) KeptThreads().Start();
    const std::string file =
        Concat(Folder(), "/", std::to_string(files_made_++));
    std::ofstream(file) << "x";
    if (kLeak != Leak::kFile) fs::remove(file);
  }

 private:
  static inline int files_made_ = 0;
};

class LeaksTest : public testing::Test {
 protected:
  ~LeaksTest() override {
    Kept().clear();
    for (const int fd : KeptDescriptors()) close(fd);
    KeptDescriptors().clear();
    KeptThreads().JoinAll();
    fs::remove_all(Folder());
    fs::create_directory(Folder());
  }
  static void TearDownTestSuite() { fs::remove_all(Folder()); }

  template <Leak kLeak>
  Verdict Play(std::string_view lines) {
    auto recipe = NewRecipe("leaky");
    HarnessBuilder<Subject<kLeak>>(*recipe)
        .Step("use", &Subject<kLeak>::Use)
        .LeavesNothing({.folder = Folder()});
    Played played(std::move(recipe));
    played.Play("1 use\n");
    return played.Play(lines);
  }
};

TEST_F(LeaksTest, LetsACleanRunPass) {
  EXPECT_TRUE(Play<Leak::kNone>("1 use\n2 use\n").passed());
}

TEST_F(LeaksTest, LetsACachePass) {
  EXPECT_TRUE(Play<Leak::kCache>("1 use\n").passed());
}

TEST_F(LeaksTest, FindsMemoryThatIsStillReferredTo) {
  const Verdict verdict = Play<Leak::kMemory>("1 use\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kLeaked);
  EXPECT_EQ(verdict.validator, "LeavesNoMemory");
}

TEST_F(LeaksTest, FindsADescriptorAndSaysWhereItLeads) {
  const Verdict verdict = Play<Leak::kDescriptor>("1 use\n2 use\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kLeaked);
  EXPECT_EQ(verdict.validator, "LeavesNoDescriptors");
  EXPECT_EQ(verdict.message,
            "every run leaves 2 descriptors to /dev/null, /dev/null");
}

TEST_F(LeaksTest, FindsAThread) {
  const Verdict verdict = Play<Leak::kThread>("1 use\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kLeaked);
  EXPECT_THAT((std::vector<std::string>{"LeavesNoThreads", "LeavesNoMemory"}),
              testing::Contains(verdict.validator));
}

TEST_F(LeaksTest, FindsAFile) {
  const Verdict verdict = Play<Leak::kFile>("1 use\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kLeaked);
  EXPECT_EQ(verdict.validator, "LeavesNoFiles");
  EXPECT_EQ(verdict.message, "every run leaves 1 files");
}

}  // namespace
}  // namespace formfuzz

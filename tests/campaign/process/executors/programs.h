// SPDX-License-Identifier: Apache-2.0
// What tests of executors share: the programs that the build made for them,
// and short ways to run them.
#ifndef FORMFUZZ_TESTS_CAMPAIGN_PROCESS_EXECUTORS_PROGRAMS_H_
#define FORMFUZZ_TESTS_CAMPAIGN_PROCESS_EXECUTORS_PROGRAMS_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "campaign/process/executor.h"

namespace formfuzz::campaign {

inline const std::string kMisbehaving = FORMFUZZ_MISBEHAVING;
inline const std::string kMisbehavingStatic = FORMFUZZ_MISBEHAVING_STATIC;

// A copy that only one test runs: tests run side by side, and count.
class OwnProgram {
 public:
  OwnProgram() {
    std::string folder = ::testing::TempDir() + "/formfuzz-program-XXXXXX";
    folder_ = mkdtemp(folder.data());
    // Readable for those who run it without our rights.
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
    path_ = folder_ + "/misbehaving";
    std::filesystem::copy_file(kMisbehaving, path_);
  }
  ~OwnProgram() { std::filesystem::remove_all(folder_); }
  OwnProgram(const OwnProgram&) = delete;
  OwnProgram& operator=(const OwnProgram&) = delete;

  const std::string& path() const { return path_; }
  const std::string& folder() const { return folder_; }

  // Its processes, in whatever namespace: where we are in a chroot, those of
  // others are told by where they are outside of it.
  int Count() const {
    const std::string own = std::filesystem::path(path_).lexically_normal();
    int count = 0;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string exe =
          std::filesystem::read_symlink(entry.path() / "exe", ignored);
      count += exe.ends_with(own) ? 1 : 0;
    }
    return count;
  }

 private:
  std::string folder_;
  std::string path_;
};

// Short limits: what misbehaves is not waited for.
inline ExecutorOptions OptionsFor(std::vector<std::string> command,
                                  ExecutorKind kind) {
  ExecutorOptions options;
  options.command = std::move(command);
  options.kind = kind;
  options.limits.wall_ms = 10'000;
  options.limits.memory_bytes = uint64_t{512} << 20;
  options.limits.disk_bytes = uint64_t{64} << 20;
  options.limits.file_bytes = uint64_t{32} << 20;
  return options;
}

inline std::unique_ptr<Executor> Made(const ExecutorOptions& options) {
  auto executor = MakeExecutor(options);
  EXPECT_TRUE(executor.ok()) << executor.status();
  return executor.ok() ? *std::move(executor) : nullptr;
}

inline ProgramInput InputOf(std::string_view bytes) {
  ProgramInput input;
  input.bytes = AsBytes(bytes);
  return input;
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_TESTS_CAMPAIGN_PROCESS_EXECUTORS_PROGRAMS_H_

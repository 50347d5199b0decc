// SPDX-License-Identifier: Apache-2.0
// The supervisor's side of a nursery: namespaces of their own in which
// programs are started, watched and ended. When a Sandbox goes, or its process
// does, everybody in it is gone. One thread at a time.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_SANDBOX_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_SANDBOX_H_

#include <linux/filter.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/process/program_input.h"
#include "campaign/process/sandbox/unique_fd.h"
#include "campaign/process/wire/launch_block.h"
#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

struct SandboxOptions {
  bool unsafe_host = false;
  bool share_ipc = false;       // System V memory of the host is seen inside
  bool watched = false;         // calls are; their watcher keeps keyrings shut
  bool owns_addresses = false;  // all of IPv4 are those of its network
  int cpu = -1;                 // -1: any
  uint64_t disk_bytes = 0;
  uint32_t processes_max = 0;  // 0: no limit
  // An answer that takes longer never comes: the sandbox is given up.
  uint32_t answer_ms = 60'000;
};

// A started program that ended.
struct Ended {
  pid_t pid = 0;
  int status = 0;  // as wait(2) gives it
  uint64_t cpu_ns = 0;
  uint64_t memory_peak_bytes = 0;
};

class Sandbox {
 public:
  // Unavailable where namespaces are; the message says what can be done.
  static absl::StatusOr<std::unique_ptr<Sandbox>> Make(
      const SandboxOptions& options);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // What the next process is: `words` is the program's absolute path and its
  // arguments. ResourceExhausted if it is more than a process can be given.
  absl::Status SetWords(std::span<const std::string> words,
                        std::span<const std::string> environment);
  // Changes with what the launch block holds.
  uint64_t words_version() const { return words_version_; }
  int launch_block_fd() const { return block_fd_.get(); }
  LaunchBlock& launch_block() { return *block_.as<LaunchBlock>(); }

  // Starts what SetWords said; start.fd_as tells what `fds` are to it.
  absl::StatusOr<pid_t> StartProgram(const Start& start,
                                     std::span<const int> fds);

  // From now on programs start under the filter; its listener. It is lost when
  // everybody is killed, which the listener's end tells. Unavailable where the
  // kernel has no such filters.
  absl::StatusOr<UniqueFd> Guard(std::span<const sock_filter> filter);
  // Copies a filter to where a process of the sandbox takes it from.
  absl::Status SetFilter(std::span<const sock_filter> filter);
  // Code that starts programs there.
  const OwnCode& own_code() const { return own_code_; }

  // Readable when a program ended, or the sandbox did.
  int event_fd() const { return socket_.get(); }
  // Of a program that ended, in order; Unavailable when the nursery is gone.
  absl::StatusOr<std::optional<Ended>> NextEnded();
  // One was heard of beside an answer: event_fd() will not tell.
  bool heard_of_ended() const { return !ended_.empty(); }

  // One process, numbered as in the sandbox.
  void Signal(pid_t pid, int signal);
  void Kill(pid_t pid);
  absl::Status KillAll();
  // Those that a program left which was to keep them.
  absl::Status EndOrphans();

  struct Population {
    int processes = 0;
    int ending = 0;      // of these
    uint64_t bytes = 0;  // of anonymous and shared memory
  };
  absl::StatusOr<Population> Measure();

  // Programs started and orphans of theirs: those whose parent the nursery is.
  // Cheap. 0 where the kernel does not tell.
  int CountChildren() const;

  // Whether the scratch folder holds just so many more files and folders than
  // when it was empty. On the host that cannot be told: never.
  bool ScratchHolds(uint64_t inodes) const;
  // Whether it and the work folder still have the mode and the owner that they
  // were made with.
  bool ScratchIsAsMade() const;
  // Whether nothing was changed elsewhere, as far as inodes and blocks tell.
  bool RootIsClean() const;
  absl::Status WipeScratch();
  // Changes when the work folder becomes another one.
  uint64_t work_version() const { return work_version_; }
  // Takes that nobody is left; started programs are not told of anew.
  absl::Status RebuildRoot();

  // Of the scratch folder as programs see it: no NUL, absolute.
  const std::string& scratch_path() const { return scratch_path_; }
  std::string work_path() const;
  // A file in it; folders on the way are made, links are never followed. One
  // right in it is made anew: its mode, owner and attributes go as well.
  absl::Status WriteScratchFile(const std::string& path,
                                std::string_view bytes);

  // The same for whatever an input may hold, in the work folder.
  absl::Status MakeWorkEntry(const InputFile& file);

  absl::StatusOr<UniqueFd> Connect(const struct Connect& connect);
  // On 127.0.0.1 of the sandbox's network; non-blocking.
  absl::StatusOr<UniqueFd> Listen(uint16_t port);
  int ipc_fd() const { return ipc_.get(); }

 private:
  Sandbox() = default;
  absl::Status Launch(const SandboxOptions& options);
  absl::Status SetUp(const SandboxOptions& options);
  absl::Status TakeFolders(std::vector<UniqueFd> fds);
  absl::StatusOr<Answer> AskFor(const Asked& asked, std::span<const int> fds,
                                std::vector<UniqueFd>* got = nullptr);
  absl::StatusOr<UniqueFd> AskForSocket(const Asked& asked, const char* what);
  absl::StatusOr<Answer> AwaitAnswer(std::vector<UniqueFd>* got);
  absl::Status Gone() const;
  absl::Status LimitWaits(uint32_t answer_ms);
  // The nursery, once it is told to go.
  bool EndsInTime() const;

  struct Usage {
    uint64_t inodes = 0;
    uint64_t blocks = 0;
  };
  static Usage UsageOf(int folder);

  pid_t pid_ = -1;
  UniqueFd socket_;
  UniqueFd block_fd_;
  Mapping block_;
  UniqueFd scratch_;
  UniqueFd layers_;
  UniqueFd ipc_;
  UniqueFd children_;
  std::string scratch_path_;
  uint64_t words_version_ = 1;
  uint64_t work_version_ = 1;
  bool unsafe_host_ = false;
  uint32_t answer_ms_ = 0;
  bool silent_ = false;  // the nursery did not answer in time
  Usage scratch_clean_;
  struct stat scratch_made_{};
  Usage layers_clean_;
  OwnCode own_code_;
  std::vector<Ended> ended_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_SANDBOX_H_

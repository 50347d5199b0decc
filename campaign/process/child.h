// SPDX-License-Identifier: Apache-2.0
// A child process and what it says. The only place of the program that starts
// processes. Every child leads a process group of its own, has /dev/null as
// its standard input, and dies with the program; only groups started here are
// ever signalled. Not for use from several threads.

#ifndef FORMFUZZ_CAMPAIGN_PROCESS_CHILD_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_CHILD_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace formfuzz::campaign {

struct Command {
  std::vector<std::string> arguments;  // the program first, found by PATH
  std::vector<std::pair<std::string, std::string>> environment;  // added
  std::string folder;                                            // "": here
  // At the same addresses each time, where the system permits it.
  bool fixed_addresses = false;
};

// How a process ended: by `code`, or by `signal` when that is not 0.
struct Ending {
  int code = 0;
  int signal = 0;
  bool deadline_passed = false;

  bool ok() const { return code == 0 && signal == 0 && !deadline_passed; }
};

// "exit code 3", "killed by signal 11 (Segmentation fault)", ...
std::string ToString(const Ending& ending);

class Child {
 public:
  enum class Output {
    kOurs,    // goes where the program's own output goes
    kPiped,   // stdout and stderr arrive, in order, at output_fd()
    kErrors,  // stderr arrives at output_fd(), stdout is dropped
    kResult,  // stdout arrives at output_fd(), stderr goes to ours
  };

  static absl::StatusOr<std::unique_ptr<Child>> Start(const Command& command,
                                                      Output output);
  ~Child();  // kills the group if it is still there
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Non-blocking to read; -1 with Output::kOurs.
  int output_fd() const { return output_fd_; }
  // Appends what there is to read; false once the other end is closed.
  bool ReadInto(std::string* out);

  // Once it has ended, what is left of its group is killed.
  std::optional<Ending> TryWait();
  void Signal(int signal);  // to the whole group
  pid_t pid() const { return pid_; }

 private:
  Child(pid_t pid, int output_fd) : pid_(pid), output_fd_(output_fd) {}

  pid_t pid_;
  int output_fd_;
  std::optional<Ending> ending_;
};

struct Captured {
  Ending ending;
  std::string output;  // the last `output_max` bytes
};

inline constexpr uint64_t kNoDeadlineMs = 0;

// Runs to the end; at the deadline the group is killed.
absl::StatusOr<Captured> RunToEnd(const Command& command, Child::Output output,
                                  size_t output_max,
                                  uint64_t deadline_ms = kNoDeadlineMs);

// The command as a person would type it.
std::string ShellWords(const std::vector<std::string>& arguments);

// Becomes true with the first SIGINT or SIGTERM after CatchInterrupts().
bool Interrupted();
void CatchInterrupts();

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_CHILD_H_

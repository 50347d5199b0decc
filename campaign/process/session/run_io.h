// SPDX-License-Identifier: Apache-2.0
// Everything between an input and a process: the file that `@@` names, other
// files, words, environment, descriptors, and what comes back.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SESSION_RUN_IO_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SESSION_RUN_IO_H_

#include <poll.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "campaign/process/executor.h"
#include "campaign/process/sandbox/memory_file.h"
#include "campaign/process/sandbox/sandbox.h"
#include "campaign/process/session/output_capture.h"

namespace formfuzz::campaign {

// What a program is started with beyond its input.
std::vector<std::string> BaseEnvironment(const ExecutorOptions& options,
                                         const Sandbox& sandbox);
// Replaces a variable of the same name.
void SetVariable(const std::string& name, const std::string& value,
                 std::vector<std::string>& environment);

class RunIo {
 public:
  RunIo(const ExecutorOptions& options, const std::string& program,
        Sandbox& sandbox);

  // From now on pipes serve many runs, where nobody outlives a run.
  void KeepPipes() { keeps_pipes_ = true; }
  // Changes with fds() and Describe.
  uint64_t descriptors_version() const { return descriptors_version_; }

  // The library is brought into each run's program, to say how far it has come.
  void AskForMarks(int library_fd);
  // For one run: files are in place, the launch block holds the words.
  absl::Status Prepare(const ProgramInput& input);
  // For a process that lives through many: stdin is a file, at first empty,
  // stdout is dropped, stderr goes to a file.
  absl::Status PrepareLong(std::span<const std::string> environment);
  absl::Status PrepareLong() { return PrepareLong(environment_); }

  // The next input of such a process, where it reads stdin or the file.
  absl::Status Renew(const ProgramInput& input);

  // To be handed over; fd_as and closed say what they are.
  std::span<const int> fds() const { return fds_; }
  template <class Asked>
  void Describe(Asked& asked) const {
    asked.fd_count = static_cast<uint32_t>(fds_.size());
    for (size_t i = 0; i < fds_.size(); ++i) asked.fd_as[i] = fd_as_[i];
    asked.closed = closed_;
    asked.terminal = terminal_ ? 1 : 0;
  }
  // Once they are.
  void HandedOver();

  // What to wait for besides the end; then what to do with what has come.
  size_t AddPolls(pollfd* polls) const;
  void Move();
  void Finish(Execution& execution);
  // Bounds the file of PrepareLong.
  void TrimErrors();
  // Of a long-lived process: what it wrote so far is not the next run's.
  void ForgetErrors();

  bool uses_file() const { return uses_file_; }

 private:
  absl::Status PrepareFiles(const ProgramInput& input);
  absl::Status WriteFiles(const ProgramInput& input);
  absl::Status PrepareWords(const ProgramInput& input);
  absl::Status PrepareStdin(const ProgramInput& input);
  absl::Status PrepareStdout(StdoutKind kind);
  absl::Status PrepareStderr();
  absl::Status StdinFromFile(Bytes bytes);
  absl::Status StdinFromPipe(Bytes bytes);
  absl::Status StdinFromTerminal(Bytes bytes);
  absl::Status StdinFromSocket(Bytes bytes);
  absl::Status StdoutToFile();
  absl::Status StdoutToTerminal();
  absl::Status StdoutToNobody();
  absl::Status StdoutToFullDevice();
  void Feed();
  void Give(int fd, int as);
  absl::Status RenewPipe(Ends& ends);
  void NoteDescriptors();
  void Begin();
  void LimitErrors(off_t most);

  const ExecutorOptions& options_;
  Sandbox& sandbox_;
  std::vector<std::string> environment_;
  std::vector<std::string> words_;  // of the command, `@@` replaced
  std::vector<std::string> all_words_;
  bool uses_file_ = false;
  uint64_t left_inodes_ = 0;  // expected in the scratch folder, beyond its own
  bool wipe_ = false;         // what lies there was for one run only

  std::vector<int> fds_;
  std::vector<int> fd_as_;
  uint32_t closed_ = 0;
  bool terminal_ = false;

  bool keeps_pipes_ = false;
  bool renewed_ = false;  // something is given for the first time
  uint64_t descriptors_version_ = 0;
  std::vector<int> last_fds_;
  std::vector<int> last_fd_as_;
  uint32_t last_closed_ = 0;
  uint64_t usual_words_ = 0;  // their version, when they were set last

  UniqueFd nothing_;
  UniqueFd stdin_file_;
  UniqueFd stdin_reader_;
  UniqueFd stdout_file_;
  UniqueFd errors_file_;
  UniqueFd feed_;  // where the rest of the input is written to
  std::string to_feed_;
  size_t fed_ = 0;
  Ends stdin_;
  Ends stdout_;
  Ends stderr_;
  StdoutKind stdout_kind_ = StdoutKind::kPipe;
  bool long_lived_ = false;
  int marking_library_ = -1;
  OutputCapture output_;
  OutputCapture errors_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SESSION_RUN_IO_H_

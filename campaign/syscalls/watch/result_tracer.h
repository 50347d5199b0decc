// SPDX-License-Identifier: Apache-2.0
// What system calls come to, which a filter cannot say: it is asked before
// they are made. Follows a process and all that it starts with ptrace(2), from
// a thread of its own, and reads each call's result as it returns.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_RESULT_TRACER_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_RESULT_TRACER_H_

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "campaign/process/program_input.h"

namespace formfuzz::campaign {

// By architecture (AUDIT_ARCH_*) and number: errors, 0 for success, and how
// often each came.
using CallResults =
    std::map<std::pair<uint32_t, uint32_t>, std::map<int, uint64_t>>;

class ResultTracer {
 public:
  ResultTracer();
  ~ResultTracer();  // what is followed must have ended
  ResultTracer(const ResultTracer&) = delete;
  ResultTracer& operator=(const ResultTracer&) = delete;

  // From now on; false where that is not permitted. The result of the call
  // that it is in is not seen.
  bool Follow(pid_t process);
  // Of all that was followed since the last Take, once it has ended. What has
  // not after a while is left out.
  CallResults Take();

  // Paths that were looked for in vain, after Take.
  std::set<std::string> TakeMissing();
  // What lies where the next run has started is read when its first process
  // ends: of a run in a sandbox, whose files are its alone.
  void WantFiles();
  // These, after Take; from now on none are wanted.
  std::vector<InputFile> TakeFiles();

  // From now on the stack is looked at when this call is made, once a run.
  void WantStackOf(uint32_t arch, uint32_t number);
  void WantNoStack();
  // Of the last run, after Take.
  std::vector<std::string> TakeStack();

 private:
  struct Entered {
    uint32_t arch = 0;
    uint64_t number = 0;
    bool inside = false;
    uint64_t path = 0;  // where the call's is; 0: it has none
  };
  void Work();
  void FollowAll();
  void Handle(pid_t thread, int status);
  void TakeStop(pid_t thread);
  void TakeFilesOf(pid_t process);
  void LookAtStack(pid_t thread, const Entered& entered);

  std::mutex mutex_;
  std::condition_variable changed_;
  pid_t wanted_ = 0;
  bool following_ = false;
  bool refused_ = false;
  bool ends_ = false;
  CallResults results_;
  std::set<std::string> missing_;
  bool wants_files_ = false;
  std::vector<InputFile> files_;
  std::optional<std::pair<uint32_t, uint32_t>> wanted_stack_;
  std::vector<std::string> stack_;
  std::map<pid_t, Entered> entered_;  // of the thread alone
  pid_t first_ = 0;                   // likewise
  std::thread thread_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_RESULT_TRACER_H_

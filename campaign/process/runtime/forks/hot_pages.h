// SPDX-License-Identifier: Apache-2.0
// Pages of code that runs touch, for forks to carry. The kernel leaves code out
// of a fork, so that every new process takes a fault for each stretch of it;
// all code that a forkserver has touched is too much to carry. So now and then
// one run is looked at: a second process that shares its memory outlives it by
// a moment, and what is mapped there is then mapped here, and nothing else.
// Where the kernel does not allow one of the steps, nothing changes but speed.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_HOT_PAGES_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_HOT_PAGES_H_

#include <sys/types.h>

#include <cstdint>

namespace formfuzz::campaign {

class HotPages {
 public:
  // Before the fork of a run to look at; whether it can be.
  bool Observe();
  // In the process of the run, before it is the program.
  void LeaveWitness();
  // In the forkserver, once it has forked or failed to.
  void MeetWitness();
  pid_t witness() const { return witness_; }  // 0: none
  // When the run has ended; when the witness has, first.
  void Learn();
  void Forget() { witness_ = 0; }

 private:
  pid_t witness_ = 0;
  int ends_[2] = {-1, -1};  // of a pipe, for the number of the witness
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_HOT_PAGES_H_

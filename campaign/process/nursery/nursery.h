// SPDX-License-Identifier: Apache-2.0
// The init of a sandbox: obeys the supervisor, tells it which processes ended,
// and goes, taking everybody along, when the supervisor is gone.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_NURSERY_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_NURSERY_H_

#include <sys/types.h>

#include <cstddef>
#include <span>

#include "campaign/process/nursery/keeper.h"
#include "campaign/process/nursery/root.h"
#include "campaign/process/nursery/trouble.h"
#include "campaign/process/wire/launch_block.h"
#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

// Programs started at the same time; their descendants do not count.
inline constexpr size_t kStartedMax = 8;

class Nursery {
 public:
  Nursery(const SetUp& set_up, LaunchBlock& block)
      : set_up_(set_up), block_(block), keeper_(set_up.unsafe_host == 0) {}

  // Once, in the process that is to be init. Answers the supervisor.
  Trouble SetUpSandbox();

  // Comes back when the supervisor has gone.
  void Serve();

 private:
  bool is_init() const { return set_up_.unsafe_host == 0; }
  Trouble BuildRoot();
  Trouble RebuildRoot();
  void TellFolders(Trouble trouble);
  void EndOrphans();
  bool Forget(pid_t pid);
  void TellEnded();
  void Obey(const Asked& asked, std::span<const int> fds);
  void ObeyStart(const Start& start, std::span<const int> fds);
  void ObeyGuard();
  void TellSocket(int fd, const char* doing);  // and closes it
  void ObeyKillAll();
  void ObeyMeasure();

  const SetUp set_up_;
  LaunchBlock& block_;
  RootFolders folders_;
  Keeper keeper_;
  // Started here and not ended yet: the supervisor wants to hear of these.
  struct Started {
    pid_t pid = 0;
    bool keeps_orphans = false;
  };
  Started started_[kStartedMax];
  // Where we were before the root was changed: the mount namespace, and in it
  // the root, which need not be that of all.
  int host_mounts_ = -1;
  int host_root_ = -1;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_NURSERY_H_

// SPDX-License-Identifier: Apache-2.0
// A process of the nursery's that has put itself under a seccomp filter and
// starts programs from there: what it starts inherits filter and listener, so
// that neither is made anew for each run. What it starts are the nursery's
// children, not its own.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_KEEPER_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_KEEPER_H_

#include <sys/types.h>

#include <span>

#include "campaign/process/wire/launch_block.h"
#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

class Keeper {
 public:
  explicit Keeper(bool is_init) : is_init_(is_init) {}

  bool is_up() const { return pid_ > 0; }

  // Ends the present one and makes another, under the filter that is in the
  // block. The filter's listener, which is the caller's, or -errno.
  int Renew(LaunchBlock& block);
  // The process, or -errno.
  pid_t Start(const struct Start& start, std::span<const int> fds);

  // Ends everybody but the keeper, or the keeper too if that must be.
  void EndOthers();
  // It was killed with the rest.
  void Lost();

 private:
  void End();
  bool EndOthersOnce(int children) const;

  bool is_init_;
  pid_t pid_ = -1;
  int socket_ = -1;
};

// What the code of this program occupies.
OwnCode CodeOfNursery();

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_KEEPER_H_

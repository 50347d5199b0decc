// SPDX-License-Identifier: Apache-2.0
// shmget and shmat, for a moment in another namespace.

#include "campaign/process/protocol/system_v_memory.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include <cerrno>

#include "campaign/process/sandbox/memory_file.h"
#include "campaign/process/sandbox/unique_fd.h"

namespace formfuzz::campaign {
namespace {

// The calling thread is in the namespace while this lives.
class InNamespace {
 public:
  explicit InNamespace(int ipc_namespace) {
    if (ipc_namespace < 0) return;
    home_ = UniqueFd(open("/proc/thread-self/ns/ipc", O_RDONLY | O_CLOEXEC));
    inside_ = home_.ok() && setns(ipc_namespace, CLONE_NEWIPC) == 0;
    error_ = inside_ ? 0 : errno;
  }
  ~InNamespace() {
    if (inside_) setns(home_.get(), CLONE_NEWIPC);
  }
  int error() const { return error_; }

 private:
  UniqueFd home_;
  bool inside_ = false;
  int error_ = 0;
};

}  // namespace

absl::Status SystemVMemory::Make(size_t size, int ipc_namespace) {
  Detach();
  const InNamespace inside(ipc_namespace);
  if (inside.error() != 0) {
    return SystemTrouble("enter the sandbox's IPC namespace", inside.error());
  }
  id_ = shmget(IPC_PRIVATE, size, IPC_CREAT | IPC_EXCL | 0600);
  if (id_ < 0) return SystemTrouble("make System V memory", errno);
  void* at = shmat(id_, nullptr, 0);
  const int error = errno;
  shmctl(id_, IPC_RMID, nullptr);
  if (at == reinterpret_cast<void*>(-1)) {
    return SystemTrouble("attach System V memory", error);
  }
  at_ = static_cast<uint8_t*>(at);
  return absl::OkStatus();
}

void SystemVMemory::Detach() {
  if (at_ != nullptr) shmdt(at_);
  at_ = nullptr;
}

}  // namespace formfuzz::campaign

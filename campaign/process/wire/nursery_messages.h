// SPDX-License-Identifier: Apache-2.0
// What the supervisor and its nursery say to each other: fixed structs over a
// SOCK_SEQPACKET socket, with descriptors beside them. Both are built from one
// source at one time, so there is no version. Strings travel in a shared block
// (launch_block.h), which is large.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WIRE_NURSERY_MESSAGES_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WIRE_NURSERY_MESSAGES_H_

#include <cstddef>
#include <cstdint>

namespace formfuzz::campaign {

// The nursery's end of the socket, and the launch block, when it starts.
inline constexpr int kNurserySocketFd = 3;
inline constexpr int kNurseryBlockFd = 4;

inline constexpr size_t kPassedFdsMax = 8;
inline constexpr size_t kPathMax = 512;

// Those of a forkserver in a program: the supervisor's socket, the launch block
// and the memory that is shared with our own runtime. Far from those that
// programs use, but below 64: a larger table is copied by each fork.
inline constexpr int kForkSocketFd = 63;
inline constexpr int kForkBlockFd = 62;
inline constexpr int kRunMemoryFd = 61;

// In the sandbox: a small file system of its own, wiped between runs.
inline constexpr char kScratchFolder[] = "/fuzz";
inline constexpr char kWorkFolder[] = "work";  // in the former
inline constexpr char kInputFile[] = "input";  // likewise

enum class Ask : uint32_t {
  kSetUp,    // SetUp; answered by Answer with [scratch, root, ipc] descriptors
  kStart,    // Start, with descriptors; Answer{value = pid}
  kKill,     // KillOne; not answered, the end of the process tells
  kKillAll,  // Answer{value = processes that were there}
  kMeasure,  // Answer{value = processes, status = of these ending, bytes}
  kWipe,     // empties the scratch folder; Answer
  kRebuild,  // a new root file system, once nobody uses it; as kSetUp
  kConnect,  // Connect; Answer with a connected socket
  kListen,   // Connect; Answer with a socket that listens on its port
  kGuard,    // from now on programs start under the filter in the launch
             // block; Answer with its listener
  kEndOrphans,  // of a program that ended and keeps them; Answer
};

// Where code of ours runs that starts programs: a filter lets its calls pass.
struct OwnCode {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// No call of any kernel: a program's preloaded library says by it, and by its
// first argument, how far the program has come. Of interest to filters alone.
inline constexpr uint32_t kPhaseCall = 0x1f0f0;
enum class PhaseMark : uint32_t {
  kStartUp = 1,  // the loader is done
  kMain = 2,
  kServer = 3,  // said by a forkserver of itself
  kOurs = 4,    // until the next mark, calls are the library's
  kReady = 5,   // said by a program itself: what it prepared is ready
};

struct SetUp {
  uint32_t unsafe_host = 0;
  uint32_t share_ipc = 0;
  uint32_t watched = 0;         // who watches calls refuses those of keyrings
  uint32_t owns_addresses = 0;  // all of IPv4
  int32_t cpu = -1;
  uint64_t disk_bytes = 0;
  uint32_t processes_max = 0;   // 0: no limit
  char scratch[kPathMax] = "";  // with unsafe_host: a folder that exists
};

struct Start {
  uint32_t keeps_orphans = 0;         // its orphans live on when it ends
  uint32_t fd_count = 0;              // as many descriptors come along
  int32_t fd_as[kPassedFdsMax] = {};  // what they are in the program
  uint32_t closed = 0;                // bit n: it has no descriptor n
  uint32_t cpu_s = 0;                 // 0: no limit
  uint32_t terminal = 0;              // descriptor 0 is to control its session
  uint32_t unwatched = 0;             // the keeper's filter is not for it
  uint32_t fixed_addresses = 0;       // not at random ones
  uint64_t file_bytes = 0;
  uint32_t descriptors_max = 0;
  uint32_t processes_max = 0;  // 0: no limit; the kernel spares root
  char folder[kPathMax] = "";
};

struct KillOne {
  int32_t pid = 0;
  int32_t signal = 9;
};

struct Connect {
  uint32_t type = 0;  // SOCK_STREAM, SOCK_DGRAM
  uint16_t port = 0;  // of 127.0.0.1; 0: `path`
  char path[kPathMax] = "";
};

struct Asked {
  Ask ask = Ask::kMeasure;
  union {
    SetUp set_up;
    Start start;
    KillOne kill_one;
    Connect connect;
  };
  Asked() : set_up() {}
};

struct Answer {
  enum class Kind : uint32_t { kAnswer, kEnded };
  Kind kind = Kind::kAnswer;
  int32_t error = 0;   // an errno; 0: done
  int32_t value = 0;   // kEnded: the process
  int32_t status = 0;  // kEnded: as wait(2) gives it
  uint64_t bytes = 0;  // kEnded: the most that the process held
  uint64_t cpu_ns = 0;
  char doing[64] = "";  // what failed
  OwnCode own;          // of kSetUp
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WIRE_NURSERY_MESSAGES_H_

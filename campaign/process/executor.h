// SPDX-License-Identifier: Apache-2.0
// The one interface to a program that is fuzzed from outside. Behind it: plain
// spawning, a zygote for unmodified dynamic programs, AFL++'s forkserver, our
// own compiler runtime, a server on a local socket.
//
// Contract of every executor: whatever the program does, Run comes back within
// its limits, nothing that the program started is left, and (unless
// Isolation::unsafe_host) nothing outside of its sandbox was touched. A Status
// other than OK is trouble of the environment, never a verdict on the program;
// after it Run may be called again. When the process that owns an executor
// dies, however it dies, everything it started dies with it. An executor
// belongs to one thread at a time.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_EXECUTOR_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_EXECUTOR_H_

#include <csignal>
#include <cstddef>
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
#include "campaign/process/call_watcher.h"
#include "campaign/process/comparison.h"
#include "campaign/process/execution.h"
#include "campaign/process/program_input.h"

namespace formfuzz::campaign {

struct Limits {
  uint64_t wall_ms = 5000;
  uint64_t cpu_ms = 0;  // of one process; 0: only the wall clock counts
  uint64_t memory_bytes = uint64_t{2} << 30;  // of all its processes together
  uint64_t file_bytes = uint64_t{256} << 20;  // of one file that it writes
  // Of all that it leaves in its throw-away file system during one run.
  uint64_t disk_bytes = uint64_t{1} << 30;
  uint64_t output_bytes = uint64_t{64} << 10;  // kept of stdout, of stderr
  uint32_t processes_max = 64;                 // at one time
  uint32_t descriptors_max = 1024;             // of one process
};

struct Isolation {
  // Runs the program on the host as it is: its flags may delete your files.
  bool unsafe_host = false;
  int cpu = -1;  // supervisor and program share it; -1: wherever it is free
};

// How a server is reached, inside of its own network.
struct ServerAddress {
  enum class Kind { kTcp, kUdp, kUnix };
  Kind kind = Kind::kTcp;
  uint16_t port = 0;         // on 127.0.0.1
  std::string path;          // of kUnix, as the server sees it
  uint64_t ready_ms = 5000;  // until it accepts a connection
  // Without an answer for so long it is taken to have no more to say; a run
  // that the server does not end itself takes at least so long.
  uint64_t quiet_ms = 50;
  uint64_t runs_max = 1000;  // then it is started afresh; 0: never
};

// A program that serves for the length of one run: it is started, awaited,
// sent ProgramInput::requests, and stopped.
struct Service {
  ServerAddress address;
  // Visits it as well, or instead; started when the program can be reached,
  // and not watched. Its end ends the load.
  std::vector<std::string> peer;
  int stop_signal = SIGTERM;
  uint64_t stop_ms = 2000;  // after the signal; then it is killed
};

enum class ExecutorKind {
  kAuto,     // the fastest that the program's file allows
  kSpawn,    // a new process, for anything that can be executed
  kZygote,   // forked after the dynamic loader has done its work
  kAfl,      // AFL++'s forkserver and shared memory
  kRuntime,  // built with formfuzz_add_program or formfuzz-clang++
  kServer,   // needs ExecutorOptions::server
};

struct ExecutorOptions {
  // The program, found by PATH, and its first arguments; `@@` in one of these
  // stands for the path of a file that holds ProgramInput::bytes.
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> environment;  // added
  ExecutorKind kind = ExecutorKind::kAuto;
  Limits limits;
  Isolation isolation;
  CrashRules crash_rules;
  std::optional<ServerAddress> server;
  std::optional<Service> service;  // of kSpawn: what is run serves
  // Sees the system calls of kSpawn and kZygote; the others are not watched.
  CallWatcher* watcher = nullptr;
  // A persistent process is replaced after so many runs; 0: never.
  uint64_t persistent_runs_max = 100'000;
  // Of the sandbox's loopback: whatever connects there is answered
  // (LoopbackPeer); 0: nobody listens.
  uint16_t answering_port = 0;
  bool repeatable = false;  // nothing may depend on how long runs take
};

struct Capabilities {
  ExecutorKind kind = ExecutorKind::kSpawn;  // never kAuto
  bool persistent = false;     // runs share a process: state may leak
  bool arguments = true;       // obeys ProgramInput beyond `bytes`
  bool comparisons = false;    // RunTraced tells some
  size_t coverage_size = 0;    // cells; 0: no coverage
  size_t batch_max = 1;        // inputs that RunBatch hands over at once
  size_t input_bytes_max = 0;  // longer inputs are cut; 0: no limit
};

class Executor {
 public:
  virtual ~Executor() = default;

  // Runs the program once. `execution` borrows from the executor.
  virtual absl::Status Run(const ProgramInput& input, Execution& execution) = 0;

  // Runs as many of `inputs` as can be handed over at once, at least one and
  // in order, ending with the first that did not go on; says how many it ran.
  // As many `executions` as inputs; all stay valid until the next call.
  virtual absl::StatusOr<size_t> RunBatch(std::span<const Bytes> inputs,
                                          std::span<Execution> executions);

  // Runs the program once, slowly, and adds what it compared.
  virtual absl::Status RunTraced(const ProgramInput& input,
                                 Execution& execution,
                                 std::vector<Comparison>& comparisons);

  // Whether there is time for more of that, as a share of all: what is begun
  // without it tells less.
  virtual bool AffordsTrace() const { return true; }

  // Throws everything away that runs may have left and starts afresh.
  virtual absl::Status Restart() = 0;

  // Of the started program.
  virtual const Capabilities& capabilities() const = 0;
};

// Starts the program, as far as its kind is started before the first run.
// Errors: NotFound (no such program), PermissionDenied (not executable),
// InvalidArgument (the kind asked for does not fit the program, says why),
// Unavailable (no namespaces here: says what to do).
absl::StatusOr<std::unique_ptr<Executor>> MakeExecutor(
    const ExecutorOptions& options);

// "spawn", "zygote", "afl", "runtime", "server".
std::string_view NameOf(ExecutorKind kind);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_EXECUTOR_H_

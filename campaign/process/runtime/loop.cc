// SPDX-License-Identifier: Apache-2.0
// Many inputs in one process: turns are taken by one futex.

#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "campaign/process/runtime/compare/comparisons.h"
#include "campaign/process/runtime/coverage.h"
#include "campaign/process/runtime/formfuzz_program.h"
#include "campaign/process/runtime/program_main.h"
#include "campaign/process/wire/fork_messages.h"

namespace formfuzz::campaign {
namespace {

uint32_t next_slot = 0;
uint32_t slot_count = 0;
bool running = false;
bool traces = false;

// One turn from standard input, for a person or a debugger.
int NextFromStdin(const unsigned char** bytes, size_t* size) {
  static bool given = false;
  static unsigned char* input = nullptr;
  if (given) return 0;
  given = true;
  input = static_cast<unsigned char*>(malloc(kSharedInputMax));
  size_t got = 0;
  while (input != nullptr && got < kSharedInputMax) {
    const ssize_t more = read(STDIN_FILENO, input + got, kSharedInputMax - got);
    if (more <= 0) break;
    got += static_cast<size_t>(more);
  }
  *bytes = input;
  *size = got;
  return input != nullptr;
}

void FinishRun(RunControl& control, uint8_t* memory, size_t stride) {
  if (slot_count > 1) {
    TakeCounts(memory + kBatchCountersAt + next_slot * stride);
  }
  ++next_slot;
  control.batch_done.store(next_slot, std::memory_order_relaxed);
}

void AwaitTurn(RunControl& control, uint8_t* memory) {
  if (traces) TraceComparisons(nullptr);
  // Ordered against the supervisor's look at the turn before it sleeps.
  control.turn.store(kDone, std::memory_order_seq_cst);
  if (control.supervisor_sleeps.load(std::memory_order_seq_cst) != 0) {
    Wake(control.turn);
  }
  while (control.turn.load(std::memory_order_acquire) == kDone) {
    WaitWhile(control.turn, kDone);
  }
  next_slot = 0;
  slot_count = control.batch_count;
  traces = control.traces != 0;
  if (traces) {
    TraceComparisons(reinterpret_cast<ComparisonLog*>(memory + kComparisonsAt));
  }
}

}  // namespace
}  // namespace formfuzz::campaign

extern "C" {

extern const char formfuzz_loops;
const char formfuzz_loops = 1;
__attribute__((used)) const char* const formfuzz_loops_mark =
    formfuzz::campaign::kPersistentMark;

unsigned char formfuzz_loop_buffer[formfuzz::campaign::kSharedInputMax];
size_t formfuzz_loop_size = 0;
}

extern "C" int formfuzz_next(const unsigned char** bytes, size_t* size) {
  using namespace formfuzz::campaign;  // NOLINT: of this file
  uint8_t* memory = SharedRunMemory();
  if (memory == nullptr) return NextFromStdin(bytes, size);
  auto& control = *reinterpret_cast<RunControl*>(memory);
  if (running) FinishRun(control, memory, control.batch_stride);
  if (next_slot == slot_count) AwaitTurn(control, memory);
  running = true;
  const RunControl::Slot slot = control.slots[next_slot];
  *bytes = memory + kInputsAt + slot.offset;
  *size = slot.bytes;
  return 1;
}

extern "C" int formfuzz_loop() {
  const unsigned char* bytes = nullptr;
  if (formfuzz_next(&bytes, &formfuzz_loop_size) == 0) return 0;
  memcpy(formfuzz_loop_buffer, bytes, formfuzz_loop_size);
  return 1;
}

// SPDX-License-Identifier: Apache-2.0
// A block of memory that the supervisor, the nursery and a program's forkserver
// share: the words and the environment of the next process. The supervisor
// writes it while nothing reads; readers trust none of it. Where no descriptors
// come along and no process can write here, orders to a forkserver and its
// answers are here, too: a word that is waited for costs less than a packet.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WIRE_LAUNCH_BLOCK_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WIRE_LAUNCH_BLOCK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "campaign/process/wire/fork_messages.h"

namespace formfuzz::campaign {

// execve(2) itself takes no more than a quarter of the stack, 2 MiB by default.
inline constexpr size_t kLaunchBlockBytes = size_t{2} << 20;
inline constexpr size_t kLaunchWordsMax = 4096;  // with the environment

// Where the next order is.
enum class Order : uint32_t { kNone, kInBlock, kInPacket };
// Where the supervisor waits for a process to end.
enum class Awaits : uint32_t { kPacket, kWord, kNothing };

struct LaunchHeader {
  std::atomic<uint32_t> order;   // an Order; the forkserver waits for it
  std::atomic<uint32_t> awaits;  // an Awaits; the supervisor waits for its end
  ForkAsked asked;               // by Order::kInBlock
  ForkTold told;                 // to Awaits::kWord
  uint32_t argument_count;
  uint32_t variable_count;
  uint32_t text_bytes;
  int32_t forked;  // a forkserver's latest process, as its sandbox numbers it
  // How far that process has come, a PhaseMark; 0: it is not the program yet.
  uint32_t stage;
};

struct LaunchBlock : LaunchHeader {
  char text[kLaunchBlockBytes - sizeof(LaunchHeader)];  // each ended by NUL
};
static_assert(sizeof(LaunchBlock) == kLaunchBlockBytes);

// Pointers into a block, as execve and main want them.
struct LaunchWords {
  char** arguments;
  char** variables;
  int argument_count;
  char* words[kLaunchWordsMax + 2];

  // Of the block's text, or of a copy at `text`. False if the block is not what
  // its writer promised.
  bool Read(LaunchBlock& block) {
    return Read(block, block.text, block.text_bytes);
  }
  bool Read(const LaunchBlock& block, char* text, size_t end) {
    const uint64_t count =
        uint64_t{block.argument_count} + block.variable_count;
    if (count > kLaunchWordsMax || end > sizeof(block.text)) return false;
    argument_count = static_cast<int>(block.argument_count);
    arguments = words;
    variables = words + block.argument_count + 1;
    size_t at = 0;
    size_t slot = 0;
    for (uint64_t i = 0; i < count; ++i) {
      if (i == block.argument_count) words[slot++] = nullptr;
      const size_t size = strnlen(text + at, end - at);
      if (at + size >= end) return false;
      words[slot++] = text + at;
      at += size + 1;
    }
    if (block.variable_count == 0) words[slot++] = nullptr;
    words[slot] = nullptr;
    return true;
  }
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WIRE_LAUNCH_BLOCK_H_

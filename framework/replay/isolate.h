// SPDX-License-Identifier: Apache-2.0
// Plays inputs in a forked child, so that the caller survives whatever the
// component does and learns what it was.
#ifndef FORMFUZZ_FRAMEWORK_REPLAY_ISOLATE_H_
#define FORMFUZZ_FRAMEWORK_REPLAY_ISOLATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "framework/engine/recorder.h"
#include "framework/engine/session.h"

namespace formfuzz {

// Of the first failure; `signature` is empty where nothing failed.
struct IsolatedResult {
  std::string kind;       // "violated", …
  std::string signature;  // as in SignatureOf
  std::string story;      // as StoryOf; cut off at 16 KiB
  std::string ending;     // "SIGKILL", "exit code 3": it died without a word
  std::string reproducer = {};  // as in Finding; "" where it is too long
  bool saved = false;           // PlayInto's sink has taken it

  bool failed() const { return !kind.empty(); }
  bool harness_broken() const { return kind == "harness_broken"; }
  // A check of the harness ended the child; it has said why, and there is no
  // finding.
  bool harness_ended() const {
    return harness_broken() && signature == "unnamed";
  }
  bool IsSameFailureAs(const IsolatedResult& other) const {
    return kind == other.kind && signature == other.signature &&
           ending == other.ending;
  }
};

// Each function plays in a child of its own, which leaves its first failure in
// memory that is shared; the death of the child is a failure too. Standard
// output and error are the caller's, or thrown away under `quiet`.
class Isolation {
 public:
  Isolation(const Recipe& recipe, uint64_t timeout_s);
  ~Isolation();
  Isolation(const Isolation&) = delete;
  Isolation& operator=(const Isolation&) = delete;

  // One input in a process of its own.
  IsolatedResult Play(Bytes input, bool quiet);

  // The same, but a failure goes to `sink` (in the child) as well.
  IsolatedResult PlayInto(Bytes input, FindingSink& sink);

  // Calls `body` in a child. What it records, or dies of, goes to `sink` (in
  // the child, or in a child of that).
  void Call(FindingSink& sink,
            absl::FunctionRef<void(Session&, FindingSink&)> body);

  // Many failures are to come: starts the sanitizers' symbolizer here, once,
  // rather than in every child.
  void ShareSymbolizer();

  // What one pass over many inputs saw of each.
  struct Pass {
    std::vector<uint64_t> digests;  // of traces; shorter if the child died
    IsolatedResult result;          // of the first that failed
    size_t failed_at = 0;           // its place in `order`
  };
  // All of `inputs` in one process, in the order given.
  Pass PlayAll(const std::vector<std::string>& inputs,
               const std::vector<size_t>& order, bool quiet = false);

  // Where a child leaves a finding for its parent; writes no files.
  struct Slot;

 private:
  // Runs `body` in a child with a watched session; true if it ended well.
  bool InChild(bool quiet,
               absl::FunctionRef<void(Session&, FindingSink&)> body);
  void TellSilentEnd(int status);
  IsolatedResult Take() const;

  const Recipe& recipe_;
  uint64_t timeout_s_;
  std::string ending_;           // of the last child, if it was silent
  Slot* slot_;                   // shared with the children
  FindingSink* next_ = nullptr;  // of the child under way
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_REPLAY_ISOLATE_H_

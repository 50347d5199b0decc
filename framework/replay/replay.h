// SPDX-License-Identifier: Apache-2.0
// The engine that runs given inputs: replay, show, encode, minimise.
//
// Each function prints to standard output, complains in one line on standard
// error, and returns the exit code of the program.
#ifndef FORMFUZZ_FRAMEWORK_REPLAY_REPLAY_H_
#define FORMFUZZ_FRAMEWORK_REPLAY_REPLAY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/engine/session.h"
#include "framework/replay/exhaustive_faults.h"
#include "framework/replay/isolate.h"
#include "framework/replay/minimise/minimiser.h"

namespace formfuzz {

inline constexpr int kFindingExit = 77;  // libFuzzer's
inline constexpr int kUsageExit = 2;
inline constexpr size_t kInputBytesMax = 1 << 20;  // larger files are refused

// Where Minimise writes; the last two may be "".
struct MinimiseFiles {
  std::string input;
  std::string reproducer;   // the scenario as a test in C++
  std::string certificate;  // of the schedule, where tasks take part
};

class Replay {
 public:
  Replay(const Recipe& recipe, uint64_t timeout_s);

  int Describe();
  // `as`: text, json, or what playing it gives: trace, or cpp, a test.
  int Show(const std::string& file, const std::string& as);
  int Encode(const std::string& file, const std::string& out);
  int Minimise(const std::string& file, const MinimiseFiles& out,
               const MinimiseLimits& limits);
  // Plays in isolation; a failure becomes a finding folder below `findings`,
  // whose path is printed.
  int RecordFinding(const std::string& file, const std::string& findings);
  int PlayEach(const std::vector<std::string>& paths);
  // All in one process, forwards and then backwards; traces must be equal.
  int PlayTwice(const std::vector<std::string>& paths);
  // All in one process, and each in its own; traces must be equal.
  int PlayFresh(const std::vector<std::string>& paths);
  // Brings a corpus of an earlier version of this harness over, by the schema
  // in `schema_file`; then keeps the present schema there. Files that cannot
  // be read are named and left. Interrupted, it is simply done again.
  int Migrate(const std::string& corpus, const std::string& schema_file);
  // See exhaustive_faults.h; `findings` as for RecordFinding. Prints counts as
  // JSON.
  int PlayFaults(const std::vector<std::string>& paths,
                 const std::string& findings, const ExhaustiveLimits& limits);
  int PlayRandom(uint64_t runs, uint64_t seed);
  // In this process: for debuggers.
  int PlayHere(const std::string& file);

 private:
  // Binary or text, into session_; text must parse.
  absl::Status Load(const std::string& file);
  // Of what is loaded: the failure's, or the passing run's.
  std::string Reproducer();
  // Of Migrate: what it turned into text is added to `made`.
  absl::Status MakeText(const Schema& old, const std::string& file,
                        std::vector<std::string>* made);
  absl::Status MakeCorpusText(const std::string& corpus,
                              const std::string& old_schema,
                              std::vector<std::string>* made);
  // The encoded inputs of all files and folders; NotFound where there are none.
  absl::Status LoadAll(const std::vector<std::string>& paths,
                       std::vector<std::string>* names,
                       std::vector<std::string>* inputs);

  const Recipe& recipe_;
  Session session_;
  Isolation isolation_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_REPLAY_REPLAY_H_

// SPDX-License-Identifier: Apache-2.0
// Where the findings of a process go, and the counters that others watch.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_RECORDER_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_RECORDER_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "framework/finding/finding.h"
#include "framework/finding/live_stats.h"
#include "framework/scenario/expectations.h"

namespace formfuzz {

inline constexpr size_t kFindingsMax = 256;  // different ones of one process

// "violated: OneOwnerPerVm (vm1 has two owners)" and the trace.
std::string StoryOf(const Finding& finding);

// Takes findings; engines and death handlers know no more than this.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  // True if the finding is safe where the sink keeps it.
  virtual bool Record(const Finding& finding) = 0;
  // Where the last resort writes raw bytes; null: it does not.
  virtual const char* raw_folder() const { return nullptr; }
};

// Writes to a folder.
class Recorder final : public FindingSink {
 public:
  // `folder` need not exist. Maps the file named by FORMFUZZ_STATS, if any.
  explicit Recorder(std::string folder);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder() override;

  // Tells the story on standard error and writes the folder, unless this
  // process recorded the same signature before. False if it could not be
  // written, or is one too many, which is said in one line.
  bool Record(const Finding& finding) override;
  const char* raw_folder() const override { return folder_.c_str(); }

  LiveStats& stats() { return live_->stats; }

  // From the beginning on, so that what is never reached is known too.
  void DeclareGoals(const std::vector<Goal>& goals);
  void set_goals_reached(uint64_t reached) { live_->goals.reached = reached; }

 private:
  void MapStats(const char* path);
  bool RefuseMore();

  std::string folder_;
  std::map<std::string, bool> saved_;  // by signature: the next is tried again
  bool full_ = false;                  // which has been said
  LiveFile own_{};
  LiveFile* live_ = &own_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_RECORDER_H_

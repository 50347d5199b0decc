// SPDX-License-Identifier: Apache-2.0
// Telling and writing of findings.
#include "framework/engine/recorder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "framework/base/text.h"

namespace formfuzz {

std::string StoryOf(const Finding& finding) {
  const Verdict& verdict = finding.verdict;
  const std::string message =
      verdict.message.empty() ? "" : Concat(" (", verdict.message, ")");
  return Concat(NameOf(verdict.kind), ": ", verdict.validator, message, "\n",
                finding.trace);
}

Recorder::Recorder(std::string folder) : folder_(std::move(folder)) {
  if (const char* path = std::getenv(kStatsVariable)) MapStats(path);
  live_->stats.magic = LiveStats::kMagic;
}

Recorder::~Recorder() {
  if (live_ != &own_) munmap(live_, sizeof *live_);
}

void Recorder::MapStats(const char* path) {
  const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return;  // nobody watches then
  if (ftruncate(fd, sizeof(LiveFile)) == 0) {
    void* mapped = mmap(nullptr, sizeof(LiveFile), PROT_READ | PROT_WRITE,
                        MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) live_ = static_cast<LiveFile*>(mapped);
  }
  close(fd);
}

void Recorder::DeclareGoals(const std::vector<Goal>& goals) {
  static_assert(kGoalNameMax < LiveGoals::kNameBytes);
  static_assert(kGoalsMax <= LiveGoals::kMax);
  live_->goals.count = goals.size();
  for (size_t i = 0; i < goals.size(); ++i) {
    goals[i].name.copy(live_->goals.names[i], kGoalNameMax);
  }
}

bool Recorder::Record(const Finding& finding) {
  ++live_->stats.findings;
  const std::string signature = SignatureOf(finding);
  auto saved = saved_.find(signature);
  const bool is_new = saved == saved_.end();
  if (is_new && saved_.size() >= kFindingsMax) return RefuseMore();
  if (is_new) saved = saved_.emplace(signature, false).first;
  if (saved->second) return true;
  if (is_new) std::fprintf(stderr, "\nformfuzz: %s", StoryOf(finding).c_str());
  const absl::StatusOr<std::string> path = WriteFinding(finding, folder_);
  if (path.ok()) {
    std::fprintf(stderr, "formfuzz: finding saved in %s\n", path->c_str());
  } else if (is_new) {
    std::fprintf(stderr, "formfuzz: the finding is NOT saved: %s\n",
                 std::string(path.status().message()).c_str());
  }
  return saved->second = path.ok();
}

bool Recorder::RefuseMore() {
  if (!std::exchange(full_, true)) {
    std::fprintf(stderr,
                 "formfuzz: the finding is NOT saved, nor are further ones: "
                 "this process has found %zu different ones\n",
                 kFindingsMax);
  }
  return false;
}

}  // namespace formfuzz

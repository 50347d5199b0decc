// SPDX-License-Identifier: Apache-2.0
// Names and layout of the work folder, in one place:
//   .formfuzz/<target>/corpus/      what the engine keeps
//   .formfuzz/<target>/seeds/       curated inputs, as the engine reads them
//   .formfuzz/<target>/findings/    one folder a finding
//   .formfuzz/<target>/artifacts/   what the engine leaves when it dies
//   .formfuzz/<target>/logs/        the end of what each job said
//   .formfuzz/<target>/schema.json  of the harness that wrote the corpus
// Nothing else is written by a run; curated corpora are only read.

#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WORK_FOLDER_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WORK_FOLDER_H_

#include <string>

#include "absl/status/status.h"

namespace formfuzz::campaign {

inline constexpr char kWorkFolderName[] = ".formfuzz";

class WorkFolder {
 public:
  WorkFolder(const std::string& project_root, const std::string& target);

  // Makes the folders; those that exist are kept as they are.
  absl::Status Create() const;

  const std::string& root() const { return root_; }
  std::string corpus() const { return root_ + "/corpus"; }
  std::string seeds() const { return root_ + "/seeds"; }
  std::string findings() const { return root_ + "/findings"; }
  std::string artifacts() const { return root_ + "/artifacts"; }
  std::string logs() const { return root_ + "/logs"; }
  std::string schema() const { return root_ + "/schema.json"; }
  std::string log(int job) const;
  std::string live_stats(int job) const;
  std::string journal() const { return logs() + "/kept"; }
  std::string in_flight(int job) const;

 private:
  std::string root_;
};

// Files of a finding folder.
std::string FindingInput(const std::string& finding);
std::string FindingDescription(const std::string& finding);
std::string FindingScenario(const std::string& finding);
std::string FindingTrace(const std::string& finding);
std::string FindingProgram(const std::string& finding);
std::string FindingScript(const std::string& finding);
std::string FindingMinimized(const std::string& finding);
std::string FindingMinimizedTrace(const std::string& finding);
std::string FindingReproducer(const std::string& finding);
std::string FindingCertificate(const std::string& finding);

bool IsFinding(const std::string& path);

// The target that a path belongs to by where it lies: in the work folder, or
// in corpora/<target>/. "" if by neither.
std::string TargetOfPath(const std::string& path);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WORK_FOLDER_H_

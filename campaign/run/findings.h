// SPDX-License-Identifier: Apache-2.0
// Finding folders, as a program outside of the target reads them.

#ifndef FORMFUZZ_CAMPAIGN_RUN_FINDINGS_H_
#define FORMFUZZ_CAMPAIGN_RUN_FINDINGS_H_

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace formfuzz::campaign {

// A finding's description; what the file lacks is "".
struct Finding {
  std::string folder;
  std::string target;
  std::string kind;
  std::string validator;
  std::string signature;
  std::string message;
  std::string reproducer;   // "verified", "not verified: why", or "" not tried
  std::string certificate;  // of its schedule, where tasks take part

  // A broken harness or machine says nothing about the component.
  bool IsOfTheComponent() const {
    return kind != "harness_broken" && kind != "environment_failed";
  }
};

Finding ReadFinding(const std::string& folder);

// Removes what processes that are no more left half written there.
void RemoveAbandoned(const std::string& folder);

// Which findings are new, or were found again, since it was made. A target
// that finds what it has found before gives the folder the time of now.
class FindingWatch {
 public:
  explicit FindingWatch(std::string folder);

  std::vector<std::string> Fresh() const;  // their folders, sorted

 private:
  using Times = std::map<std::string, std::filesystem::file_time_type>;
  Times Look() const;

  std::string folder_;
  Times before_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_RUN_FINDINGS_H_

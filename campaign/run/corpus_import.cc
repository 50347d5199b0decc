// SPDX-License-Identifier: Apache-2.0
// Seeds as text become seeds as bytes, by the target's own replay binary.

#include "campaign/run/corpus_import.h"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "campaign/process/child.h"
#include "framework/base/digest.h"
#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTextStart = "scenario ";
constexpr uint64_t kReplayDeadlineMs = 60'000;
constexpr size_t kMessageMax = 1 << 12;
constexpr size_t kBatchBytesMax = 64 << 10;  // half of what every kernel takes
constexpr size_t kBatchWordsMax = 4 * 256;

bool UpToDate(const fs::path& made, const fs::path& from,
              const fs::path& maker) {
  std::error_code error;
  const auto made_at = fs::last_write_time(made, error);
  if (error) return false;
  return made_at > fs::last_write_time(from, error) && !error &&
         made_at > fs::last_write_time(maker, error) && !error;
}

// What the replay binary said; an error if it did not end well.
absl::StatusOr<std::string> Ask(const Target& target,
                                std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), target.replay);
  const std::string verb = arguments[1];
  auto run = RunToEnd(
      {.arguments = std::move(arguments), .environment = {}, .folder = ""},
      Child::Output::kPiped, kMessageMax, kReplayDeadlineMs);
  if (!run.ok()) return run.status();
  const std::string said(absl::StripAsciiWhitespace(run->output));
  if (run->ending.ok()) return said;
  if (run->ending.code == 2) return absl::InvalidArgumentError(said);
  return absl::UnavailableError(absl::StrCat(
      target.replay, " ", verb, ": ", ToString(run->ending), ": ", said));
}

// Text seeds and the files that they become, for one process. A command line
// has an end.
class EncodeBatch {
 public:
  explicit EncodeBatch(const Target& target) : target_(target) {}

  absl::Status Add(const std::string& from, const std::string& to) {
    words_.insert(words_.end(), {"--encode", from, "--out", to});
    bytes_ += from.size() + to.size();
    const bool full = bytes_ > kBatchBytesMax || words_.size() > kBatchWordsMax;
    return full ? Run() : absl::OkStatus();
  }
  absl::Status Run() {
    bytes_ = 0;
    if (words_.empty()) return absl::OkStatus();
    return Ask(target_, std::exchange(words_, {})).status();
  }

 private:
  const Target& target_;
  std::vector<std::string> words_;
  size_t bytes_ = 0;
};

class Importer {
 public:
  Importer(const Target& target, const WorkFolder& work)
      : target_(target), work_(work), batch_(target) {}

  absl::Status ImportFolder(const std::string& folder) {
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
      if (!entry.is_regular_file(error)) continue;
      const absl::Status status = ImportFile(entry.path().string());
      if (!status.ok()) return status;
    }
    if (!error) return absl::OkStatus();
    return absl::UnavailableError(
        absl::StrCat("cannot read ", folder, ": ", error.message()));
  }

  // Encodes what is left to encode. What was imported once and is curated no
  // more must not come back.
  absl::Status Finish() {
    const absl::Status status = batch_.Run();
    DropOthers();
    return status;
  }

  ImportedSeeds& seeds() { return seeds_; }

 private:
  void DropOthers() {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(work_.seeds(), ignored)) {
      if (made_.count(entry.path().string()) != 0) continue;
      fs::remove(entry.path(), ignored);
    }
  }

  absl::Status ImportFile(const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    if (name == ".gitkeep" || name == "README.md") return absl::OkStatus();
    auto content = ReadFile(path, kSeedSizeMax);
    if (!content.ok()) {
      seeds_.skipped.push_back(
          absl::StrCat(path, ": ", std::string(content.status().message())));
      return absl::OkStatus();
    }
    const std::string made =
        absl::StrCat(work_.seeds(), "/", ToHex(DigestOf(path)));
    made_.insert(made);
    ++seeds_.count;
    if (UpToDate(made, path, target_.replay)) return absl::OkStatus();
    const bool is_text =
        content->compare(0, kTextStart.size(), kTextStart) == 0;
    return is_text ? batch_.Add(path, made)
                   : WriteFileAtomically(made, *content);
  }

  const Target& target_;
  const WorkFolder& work_;
  EncodeBatch batch_;
  ImportedSeeds seeds_;
  std::set<std::string> made_;
};

}  // namespace

absl::StatusOr<std::string> MigrateCorpus(const Target& target,
                                          const WorkFolder& work) {
  return Ask(target, {"--migrate", work.corpus(), "--schema", work.schema()});
}

absl::StatusOr<ImportedSeeds> ImportSeeds(const Target& target,
                                          const WorkFolder& work) {
  Importer importer(target, work);
  for (const std::string& folder : target.CuratedFolders()) {
    const absl::Status status = importer.ImportFolder(folder);
    if (!status.ok()) return status;
  }
  const absl::Status status = importer.Finish();
  if (!status.ok()) return status;
  return std::move(importer.seeds());
}

}  // namespace formfuzz::campaign

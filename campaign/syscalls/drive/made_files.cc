// SPDX-License-Identifier: Apache-2.0
// A file's kind is its name and how it begins.

#include "campaign/syscalls/drive/made_files.h"

#include <algorithm>
#include <cctype>

#include "campaign/syscalls/drive/fixtures.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kBeginBytes = 4;
constexpr size_t kKindsOfNameMax = 4;
constexpr size_t kNamesMax = 1024;

bool IsHex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

// "objects/3f/0a12" and "tmp.123" are other names each time.
std::string WithoutNumbers(std::string_view path) {
  std::string name;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (std::ranges::all_of(part, IsHex)) {
      name += '#';
    } else {
      for (const char c : part) {
        const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
        if (!digit || !name.ends_with('#')) name += digit ? '#' : c;
      }
    }
    name += '/';
  }
  return name;
}

// A copy is of no kind of its own.
bool IsCopyOfFixture(const InputFile& file) {
  return std::ranges::any_of(Fixtures(), [&file](const Fixture& fixture) {
    return std::ranges::any_of(fixture.files, [&file](const InputFile& given) {
      return given.kind == file.kind && given.content == file.content;
    });
  });
}

bool IsAsGiven(const InputFile& file, const std::vector<InputFile>& given) {
  const auto same = std::ranges::find(given, file.path, &InputFile::path);
  return same != given.end() &&
         (same->kind != FileKind::kRegular || same->content == file.content);
}

// Letters of any kind, and what moves a terminal's cursor.
bool IsText(unsigned char c) {
  return c >= ' ' || (c >= '\a' && c <= '\r') || c == '\033';
}

}  // namespace

void AddOutput(std::string_view output, std::vector<InputFile>& files) {
  constexpr const char* kName = "output.bin";
  if (std::ranges::all_of(output, IsText)) return;
  // From an earlier run.
  std::erase_if(files,
                [](const InputFile& file) { return file.path == kName; });
  files.push_back({kName, std::string(output), FileKind::kRegular, 0, 0});
}

bool MadeFiles::IsOfNewKind(const InputFile& file) {
  if (file.kind != FileKind::kRegular || file.content.empty()) return false;
  const std::string name = WithoutNumbers(file.path);
  if (kinds_.size() >= kNamesMax && !kinds_.contains(name)) return false;
  std::set<std::string>& begins = kinds_[name];
  return begins.size() < kKindsOfNameMax &&
         begins.insert(file.content.substr(0, kBeginBytes)).second;
}

MadeFiles::Made MadeFiles::Take(const std::vector<InputFile>& left,
                                const Trial& trial) {
  Made made;
  if (taken_ >= kSetsMax) return made;
  const std::vector<InputFile> given = trial.Files();
  for (const InputFile& file : left) {
    const bool as_given = IsAsGiven(file, given);
    const bool own = std::ranges::find(trial.files, file.path,
                                       &InputFile::path) != trial.files.end();
    // What the trial has from elsewhere goes with it.
    if (as_given && !own) continue;
    made.files.push_back(file);
    if (as_given || IsCopyOfFixture(file) || !IsOfNewKind(file)) continue;
    if (made.new_ones.size() < kNewMax) made.new_ones.push_back(file.path);
  }
  if (made.new_ones.empty()) return {};
  ++taken_;
  return made;
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Writing a new harness.

#include "cli/scaffold/scaffold.h"

#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "campaign/process/work_folder.h"
#include "cli/scaffold/templates.h"
#include "framework/base/file.h"

namespace formfuzz::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kListSizeMax = 1 << 20;
constexpr size_t kNameMax = 64;

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > kNameMax) return false;
  if (!absl::ascii_islower(static_cast<unsigned char>(name[0]))) return false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool fits =
        absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '_';
    if (!fits) return false;
  }
  return true;
}

absl::Status CheckName(std::string_view name) {
  if (IsName(name)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("\"", std::string(name),
                   "\" cannot be a target's name: it wants a small letter, "
                   "then small letters, digits and _"));
}

// order_book is OrderBook.
std::string ClassName(std::string_view name) {
  std::string text;
  bool upper = true;
  for (const char c : name) {
    if (c != '_') {
      text += upper ? absl::ascii_toupper(static_cast<unsigned char>(c)) : c;
    }
    upper = c == '_';
  }
  return text;
}

std::string Filled(const char* text, std::string_view name) {
  return absl::StrReplaceAll(
      text, {{"@name@", std::string(name)}, {"@Name@", ClassName(name)}});
}

}  // namespace

Scaffold::Scaffold(std::string project_root)
    : root_(std::move(project_root)),
      folder_(Exists("harnesses/CMakeLists.txt") ? "harnesses" : "fuzz") {}

absl::Status Scaffold::Init(std::string_view first) {
  if (absl::Status status = CheckName(first); !status.ok()) return status;
  if (Exists(folder_)) {
    return absl::AlreadyExistsError(absl::StrCat(
        folder_, "/ is there already: formfuzz add NAME adds a harness"));
  }
  absl::Status status = Write(folder_ + "/CMakeLists.txt", kFolderList);
  if (status.ok()) status = Append("CMakeLists.txt", kRootList);
  if (status.ok()) {
    status = Append(".gitignore",
                    absl::StrCat("/", campaign::kWorkFolderName, "/\n"));
  }
  return status.ok() ? AddHarness(first) : status;
}

absl::Status Scaffold::AddHarness(std::string_view name) {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  const std::string list = folder_ + "/CMakeLists.txt";
  if (!Exists(list)) {
    return absl::FailedPreconditionError(
        absl::StrCat("there is no ", list, " yet: formfuzz init makes it"));
  }
  const std::string text(name);
  const std::string place = absl::StrCat(folder_, "/", text, "/", text);
  absl::Status status = Write(place + ".cc", Filled(kHarnessSource, name));
  if (status.ok()) status = Write(place + ".dict", kDictionary);
  if (status.ok()) status = Append(list, Filled(kHarnessList, name));
  return status;
}

bool Scaffold::Exists(const std::string& path) const {
  std::error_code ignored;
  return fs::exists(root_ + "/" + path, ignored);
}

absl::Status Scaffold::Write(const std::string& path, const std::string& text) {
  if (Exists(path)) {
    return absl::AlreadyExistsError(absl::StrCat(path, " is there already"));
  }
  std::error_code error;
  const std::string whole = root_ + "/" + path;
  fs::create_directories(fs::path(whole).parent_path(), error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot make a folder for ", path, ": ", error.message()));
  }
  const absl::Status status = WriteFileAtomically(whole, text);
  if (status.ok()) changed_.push_back(path);
  return status;
}

absl::Status Scaffold::Append(const std::string& path,
                              const std::string& text) {
  const std::string whole = root_ + "/" + path;
  auto before = ReadFile(whole, kListSizeMax);
  if (!before.ok() && !absl::IsNotFound(before.status())) {
    return before.status();
  }
  std::string all = before.ok() ? *std::move(before) : "";
  if (!all.empty() && all.back() != '\n') all += '\n';
  const absl::Status status = WriteFileAtomically(whole, all + text);
  if (status.ok()) changed_.push_back(path);
  return status;
}

}  // namespace formfuzz::cli

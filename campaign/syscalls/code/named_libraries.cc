// SPDX-License-Identifier: Apache-2.0
// Words of the file that look like paths of libraries, or of their folders.

#include "campaign/syscalls/code/named_libraries.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>

#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFileBytesMax = size_t{1} << 30;
constexpr size_t kWordBytesMax = 200;

bool IsPathChar(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("/._+-").find(c) != std::string_view::npos;
}

// "x.so", "x.so.1.2"
bool IsLibrary(std::string_view name) {
  const size_t at = name.rfind(".so");
  if (at == name.npos || at == 0) return false;
  return std::ranges::all_of(name.substr(at + 3), [](char c) {
    return c == '.' || std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

// A folder of libraries is called so; "/" and "/etc" are not searched.
bool IsLibraryFolder(std::string_view word) {
  return word.starts_with("/") && word.find("/lib") != word.npos;
}

std::set<std::string> PathsIn(std::string_view bytes) {
  std::set<std::string> paths;
  for (size_t at = 0; at < bytes.size();) {
    if (!IsPathChar(bytes[at])) {
      ++at;
      continue;
    }
    const size_t from = at;
    while (at < bytes.size() && IsPathChar(bytes[at])) ++at;
    const std::string_view word = bytes.substr(from, at - from);
    if (word.size() > kWordBytesMax) continue;
    if (IsLibrary(word) || IsLibraryFolder(word)) paths.emplace(word);
  }
  return paths;
}

class Search {
 public:
  explicit Search(std::span<const std::string> files) {
    std::error_code ignored;
    for (const std::string& file : files) {
      known_.insert(fs::weakly_canonical(file, ignored));
    }
    for (const std::string& file : files.subspan(1)) {
      folders_.insert(fs::path(file).parent_path());
    }
  }

  void Take(const fs::path& word) {
    std::error_code ignored;
    if (!IsLibrary(word.filename().string())) {
      if (IsEverybodys(word)) return;
      for (const auto& entry : fs::directory_iterator(word, ignored)) {
        if (IsLibrary(entry.path().filename().string())) Add(entry.path());
      }
    } else if (word.is_absolute()) {
      Add(word);
    } else {
      for (const fs::path& folder : folders_) Add(folder / word);
    }
  }

  std::vector<std::string> found() && { return std::move(found_); }

 private:
  // Where the loader looks for the libraries of all programs.
  bool IsEverybodys(const fs::path& folder) const {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error) return true;  // it is not there
    for (const char* usual : {"/lib", "/usr/lib", "/usr/local/lib"}) {
      if (real == fs::weakly_canonical(usual, error)) return true;
    }
    return std::ranges::any_of(folders_, [&real](const fs::path& one) {
      std::error_code ignored;
      return fs::weakly_canonical(one, ignored) == real;
    });
  }

  void Add(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (error || !fs::is_regular_file(real, error)) return;
    if (found_.size() >= kNamedLibrariesMax) return;
    if (known_.insert(real).second) found_.push_back(real);
  }

  std::set<fs::path> known_;
  std::set<fs::path> folders_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> LibrariesNamedIn(std::span<const std::string> files) {
  if (files.empty()) return {};
  const auto bytes = ReadFile(files[0], kFileBytesMax);
  if (!bytes.ok()) return {};
  Search search(files);
  for (const std::string& path : PathsIn(*bytes)) search.Take(path);
  return std::move(search).found();
}

}  // namespace formfuzz::campaign

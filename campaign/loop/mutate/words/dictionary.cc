// SPDX-License-Identifier: Apache-2.0
// Reading dictionaries, and the words of a binary.
#include "campaign/loop/mutate/words/dictionary.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "campaign/process/program/elf_headers.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// A string that is shorter is mostly code by chance, a longer one a message.
constexpr size_t kStringMin = 3;
constexpr size_t kStringMax = 20;
constexpr size_t kProgramSizeMax = 64 << 20;

std::optional<uint8_t> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower < 'a' || lower > 'f') return std::nullopt;
  return static_cast<uint8_t>(lower - 'a' + 10);
}

// What the escape at `at` stands for, and passes it.
std::optional<char> Unescape(std::string_view text, size_t* at) {
  const char kind = *at + 1 < text.size() ? text[*at + 1] : '\0';
  if (kind == '\\' || kind == '"') {
    *at += 2;
    return kind;
  }
  if (kind != 'x' || *at + 3 >= text.size()) return std::nullopt;
  const auto high = HexDigit(text[*at + 2]);
  const auto low = HexDigit(text[*at + 3]);
  if (!high.has_value() || !low.has_value()) return std::nullopt;
  *at += 4;
  return static_cast<char>(*high << 4 | *low);
}

// What stands between the first quote and the last one of a line.
std::optional<std::string> WordOf(std::string_view line) {
  const size_t first = line.find('"');
  const size_t last = line.rfind('"');
  if (first == std::string_view::npos || last == first) return std::nullopt;
  const std::string_view quoted = line.substr(first + 1, last - first - 1);
  std::string word;
  for (size_t at = 0; at < quoted.size();) {
    if (quoted[at] != '\\') {
      word += quoted[at++];
      continue;
    }
    const std::optional<char> plain = Unescape(quoted, &at);
    if (!plain.has_value()) return std::nullopt;
    word += *plain;
  }
  return word;
}

bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

bool IsShorter(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// As of printf or scanf; "%PDF" and "%%EOF" are none.
bool IsFormat(std::string_view text) {
  for (size_t at = text.find('%'); at != std::string_view::npos;
       at = text.find('%', at)) {
    at = text.find_first_not_of("-+# .0123456789*'$", at + 1);
    if (at == std::string_view::npos) return false;
    constexpr std::string_view kConversions = "diouxXeEfFgGaAcCsSpnlhzjtLm[";
    if (kConversions.find(text[at]) != std::string_view::npos) return true;
    if (text[at] == '%') ++at;
  }
  return false;
}

// Symbols, formats and messages are not what inputs hold, nor what our own
// runtime in the program asks its environment for.
bool LooksLikeInput(std::string_view text) {
  if (text.size() < kStringMin || text.size() > kStringMax) return false;
  if (text.starts_with("FORMFUZZ_")) return false;
  if (text[0] == '_' || text[0] == '.') return false;
  return !IsFormat(text) && std::count(text.begin(), text.end(), ' ') <= 1;
}

// Where the names of symbols are that a program asks its libraries for, in
// memory; empty where there is none.
std::pair<uint64_t, uint64_t> NamesOf(std::string_view file,
                                      const Elf64_Phdr& dynamic) {
  std::pair<uint64_t, uint64_t> names;
  for (uint64_t at = 0; at < dynamic.p_filesz; at += sizeof(Elf64_Dyn)) {
    const auto entry = ReadAt<Elf64_Dyn>(file, dynamic.p_offset + at);
    if (!entry) break;
    if (entry->d_tag == DT_STRTAB) names.first = entry->d_un.d_ptr;
    if (entry->d_tag == DT_STRSZ) names.second = entry->d_un.d_val;
  }
  return names;
}

// What is loaded and is no code, but for the names of symbols: not what is
// there for a debugger. Of other files all.
std::vector<std::string_view> ConstantParts(std::string_view file) {
  const auto header = ElfHeader(file);
  if (!header) return {file};
  const std::vector<Elf64_Phdr> all = ProgramHeaders(file, *header);
  std::pair<uint64_t, uint64_t> names;
  for (const Elf64_Phdr& one : all) {
    if (one.p_type == PT_DYNAMIC) names = NamesOf(file, one);
  }
  std::vector<std::string_view> parts;
  bool separate = false;
  for (const Elf64_Phdr& one : all) {
    separate = separate || (one.p_type == PT_LOAD && one.p_flags == PF_R);
    if (one.p_type != PT_LOAD || (one.p_flags & PF_X) != 0) continue;
    const std::string_view bytes = BytesOf(file, one);
    const uint64_t from = names.first - one.p_vaddr;
    const bool holds = from < bytes.size();
    parts.push_back(bytes.substr(0, holds ? from : bytes.size()));
    if (!holds || names.second > bytes.size() - from) continue;
    parts.push_back(bytes.substr(from + names.second));
  }
  // Old linkers lay constants out beside the code.
  if (!separate) return {file};
  return parts;
}

void AddStrings(std::string_view left, std::unordered_set<std::string>& known,
                std::vector<std::string>& found) {
  while (!left.empty()) {
    const auto end = std::find_if_not(left.begin(), left.end(), IsPrintable);
    const auto size = static_cast<size_t>(end - left.begin());
    const std::string_view text = left.substr(0, size);
    const bool ended = size < left.size() && left[size] == '\0';
    if (ended && LooksLikeInput(text) && known.emplace(text).second) {
      found.emplace_back(text);
    }
    left.remove_prefix(std::min(size + 1, left.size()));
  }
}

}  // namespace

bool Dictionary::Add(std::string_view word) {
  if (word.empty() || word.size() > kWordBytesMax) return false;
  if (words_.size() >= kWordsMax) return false;
  if (!known_.emplace(word).second) return false;
  words_.emplace_back(word);
  return true;
}

absl::Status Dictionary::AddText(std::string_view text,
                                 const std::string& path) {
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos || line[start] == '#') continue;
    const std::optional<std::string> word = WordOf(line);
    if (!word.has_value()) {
      return absl::InvalidArgumentError(
          Concat(path, ":", number, ": expected name=\"word\" with \\\\, \\\" ",
                 "and \\xHH, found ", line));
    }
    Add(*word);
  }
  return absl::OkStatus();
}

void Dictionary::AddCompared(std::string_view seen, std::string_view wanted) {
  if (seen == wanted || seen.empty() || wanted.empty()) return;
  std::pair<std::string, std::string> pair(seen.substr(0, kWordBytesMax),
                                           wanted.substr(0, kWordBytesMax));
  if (compared_.size() < kComparedMax) {
    compared_.push_back(std::move(pair));
    return;
  }
  compared_[next_compared_] = std::move(pair);
  next_compared_ = (next_compared_ + 1) % kComparedMax;
}

void Dictionary::AddByte(uint8_t byte) {
  if (std::find(bytes_.begin(), bytes_.end(), byte) != bytes_.end()) return;
  bytes_.push_back(byte);
}

std::vector<std::string> StringsOfProgram(const std::string& path,
                                          size_t limit) {
  std::vector<std::string> found;
  const auto binary = ReadFile(path, kProgramSizeMax);
  if (!binary.ok()) return found;
  std::unordered_set<std::string> known;
  for (const std::string_view part : ConstantParts(*binary)) {
    AddStrings(part, known, found);
  }
  std::sort(found.begin(), found.end(), IsShorter);
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Reading libFuzzer's lines.

#include "campaign/run/engine_output.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace formfuzz::campaign {
namespace {

// A target may print without ever ending a line.
constexpr size_t kLineMax = 1 << 14;
constexpr std::string_view kUnits = "stat::number_of_executed_units:";
constexpr std::string_view kDone = "Done ";
constexpr std::string_view kWritten = "Test unit written to ";
constexpr std::string_view kUnsaved = "formfuzz: the finding is NOT saved: ";
constexpr size_t kUnsavedMax = 16;  // with a full disk there are many

// The number at the start of `text`, after blanks; 0 if there is none.
uint64_t LeadingNumber(std::string_view text) {
  const size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return 0;
  uint64_t number = 0;
  std::from_chars(text.data() + start, text.data() + text.size(), number);
  return number;
}

uint64_t NumberAfter(std::string_view line, std::string_view key) {
  const size_t at = line.find(key);
  return at == std::string_view::npos
             ? 0
             : LeadingNumber(line.substr(at + key.size()));
}

}  // namespace

void EngineOutput::StartOver() {
  EngineOutput fresh;
  fresh.edges_ = edges_;
  fresh.corpus_ = corpus_;
  *this = std::move(fresh);
}

void EngineOutput::Add(std::string_view piece) {
  tail_ += piece;
  if (tail_.size() > kTailMax) tail_.erase(0, tail_.size() - kTailMax);
  while (!piece.empty()) {
    const size_t end = piece.find('\n');
    if (line_.size() < kLineMax) line_ += piece.substr(0, end);
    if (end == std::string_view::npos) return;
    AddLine(line_);
    line_.clear();
    piece.remove_prefix(end + 1);
  }
}

void EngineOutput::AddLine(std::string_view line) {
  if (line.empty()) return;
  if (line[0] == '#') return AddStatus(line);
  if (line.substr(0, kUnits.size()) == kUnits) {
    executions_ = std::max(executions_, NumberAfter(line, kUnits));
  }
  done_ = done_ || (line.substr(0, kDone.size()) == kDone &&
                    line.find(" runs in ") != std::string_view::npos);
  if (line.substr(0, kUnsaved.size()) == kUnsaved &&
      unsaved_.size() < kUnsavedMax) {
    unsaved_.emplace_back(line.substr(kUnsaved.size()));
  }
  const size_t at = line.find(kWritten);
  if (at != std::string_view::npos) {
    artifacts_.emplace_back(line.substr(at + kWritten.size()));
  }
}

// A sanitizer's frames begin with # too, but have no "cov:".
void EngineOutput::AddStatus(std::string_view line) {
  if (line.find(" cov: ") == std::string_view::npos &&
      line.find("\tINITED") == std::string_view::npos) {
    return;
  }
  executions_ = std::max(executions_, LeadingNumber(line.substr(1)));
  edges_ = std::max(edges_, NumberAfter(line, " cov:"));
  const uint64_t corpus = NumberAfter(line, " corp:");
  if (corpus != 0) corpus_ = corpus;
  initialised_ = initialised_ || line.find("INITED") != std::string_view::npos;
}

}  // namespace formfuzz::campaign

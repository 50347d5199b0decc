// SPDX-License-Identifier: Apache-2.0
//
// From a parsed pattern to the automaton: the subset construction over classes
// of bytes that the pattern does not tell apart, then distances to an end, then
// the order of the bytes at each state.
#include "framework/domain/regexp/regexp.h"

#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "framework/domain/regexp/nfa.h"
#include "framework/domain/regexp/pattern.h"

namespace formfuzz {
namespace {

// Sum of the sizes of all subsets: bounds time and memory of that stage, since
// a pattern within all other bounds can still have subsets of thousands.
constexpr size_t kSubsetMembersMax = size_t{1} << 20;

// Orders alphanumeric bytes before other printable ones before the rest.
unsigned SimplicityRank(uint8_t byte) {
  const unsigned lower = byte | 0x20u;
  if ((byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'z')) {
    return byte;
  }
  const bool printable = byte >= ' ' && byte <= '~';
  return (printable ? 0x100u : 0x200u) + byte;
}

}  // namespace

class Regexp::Builder {
 public:
  explicit Builder(const regexp::Pattern& pattern)
      : nfa_(pattern.nfa),
        accept_(pattern.whole.stop),
        seen_in_(pattern.nfa.node_count(), 0) {
    AssignClasses();
    StateOf({pattern.whole.start});
  }

  absl::StatusOr<Regexp> Build() {
    for (size_t state = 0; state < subsets_.size(); ++state) {
      if (subsets_.size() > kStatesMax || members_ > kSubsetMembersMax) {
        return absl::ResourceExhaustedError(
            absl::StrCat("more than ", kStatesMax, " states, or as costly"));
      }
      for (const uint8_t byte : class_bytes_) AddMove(state, byte);
    }
    result_.states_.resize(subsets_.size());
    MeasureDistances();
    OrderOptions();
    return std::move(result_);
  }

 private:
  using Subset = std::vector<int>;  // Nodes that consume or accept, ascending.

  // Two bytes share a class unless some set holds exactly one of them.
  void AssignClasses() {
    for (const regexp::ByteSet& set : nfa_.sets()) {
      std::map<std::pair<uint8_t, bool>, uint8_t> split;
      for (size_t byte = 0; byte < 256; ++byte) {
        uint8_t& its_class = result_.class_of_[byte];
        const auto fresh = static_cast<uint8_t>(split.size());
        its_class =
            split.try_emplace({its_class, set.test(byte)}, fresh).first->second;
      }
    }
    for (size_t byte = 0; byte < 256; ++byte) {
      if (result_.class_of_[byte] == class_bytes_.size()) {
        class_bytes_.push_back(static_cast<uint8_t>(byte));
      }
    }
    result_.class_count_ = class_bytes_.size();
  }

  void AddMove(size_t state, uint8_t byte) {
    std::vector<int> reached;
    for (const int index : *subsets_[state]) {
      const regexp::Nfa::Node& node = nfa_.node(index);
      const bool moves = node.set >= 0 && nfa_.sets()[node.set].test(byte);
      if (moves) reached.push_back(node.next);
    }
    result_.next_.push_back(reached.empty() ? kNone
                                            : StateOf(std::move(reached)));
  }

  // The state for `nodes` and all they reach for free; a new one if need be.
  uint16_t StateOf(std::vector<int> nodes) {
    Subset subset;
    ++visit_;
    while (!nodes.empty()) {
      const int index = nodes.back();
      nodes.pop_back();
      if (index < 0 || std::exchange(seen_in_[index], visit_) == visit_) {
        continue;
      }
      const regexp::Nfa::Node& node = nfa_.node(index);
      if (node.set >= 0 || index == accept_) {
        subset.push_back(index);
      } else {
        nodes.insert(nodes.end(), {node.next, node.other});
      }
    }
    std::sort(subset.begin(), subset.end());
    const auto fresh = static_cast<uint16_t>(subsets_.size());
    const auto [at, added] = state_of_.try_emplace(std::move(subset), fresh);
    if (added) {
      subsets_.push_back(&at->first);
      members_ += at->first.size();
    }
    return at->second;
  }

  // Breadth first from the accepting states, backwards. It reaches all: no set
  // of the pattern is empty, so every node of it leads to its end.
  void MeasureDistances() {
    const size_t classes = result_.class_count_;
    std::vector<std::vector<uint16_t>> sources(subsets_.size());
    std::vector<uint16_t> queue;
    for (size_t state = 0; state < subsets_.size(); ++state) {
      const Subset& subset = *subsets_[state];
      const bool accepts =
          std::binary_search(subset.begin(), subset.end(), accept_);
      result_.states_[state].distance = accepts ? 0 : kNone;
      if (accepts) queue.push_back(static_cast<uint16_t>(state));
      for (size_t move = state * classes; move < (state + 1) * classes;
           ++move) {
        const uint16_t to = result_.next_[move];
        if (to != kNone) sources[to].push_back(static_cast<uint16_t>(state));
      }
    }
    for (size_t i = 0; i < queue.size(); ++i) {
      const uint16_t further = result_.states_[queue[i]].distance + 1;
      for (const uint16_t source : sources[queue[i]]) {
        if (result_.states_[source].distance != kNone) continue;
        result_.states_[source].distance = further;
        queue.push_back(source);
      }
    }
  }

  void OrderOptions() {
    const auto state_count = static_cast<uint16_t>(subsets_.size());
    std::vector<std::pair<unsigned, uint8_t>> ranked;
    for (uint16_t state = 0; state < state_count; ++state) {
      ranked.clear();
      for (unsigned byte = 0; byte < 256; ++byte) {
        const uint16_t to = result_.Next(state, static_cast<uint8_t>(byte));
        if (to == kNone) continue;
        const unsigned rank = SimplicityRank(static_cast<uint8_t>(byte));
        ranked.emplace_back(result_.states_[to].distance * 0x400u + rank, byte);
      }
      std::sort(ranked.begin(), ranked.end());
      State& at = result_.states_[state];
      at.options_begin = static_cast<uint32_t>(result_.options_.size());
      at.options_count = static_cast<uint16_t>(ranked.size());
      for (const auto& [rank, byte] : ranked) result_.options_.push_back(byte);
    }
  }

  const regexp::Nfa& nfa_;
  const int accept_;
  Regexp result_;
  std::vector<uint8_t> class_bytes_;  // One byte of each class.
  std::map<Subset, uint16_t> state_of_;
  std::vector<const Subset*> subsets_;  // By state; owned by state_of_.
  size_t members_ = 0;
  std::vector<uint32_t> seen_in_;  // By node: the last visit that met it.
  uint32_t visit_ = 0;
};

absl::StatusOr<Regexp> Regexp::Compile(std::string_view pattern) {
  const absl::StatusOr<regexp::Pattern> parsed = regexp::ParsePattern(pattern);
  if (!parsed.ok()) return parsed.status();
  absl::StatusOr<Regexp> built = Builder(*parsed).Build();
  if (built.ok()) return built;
  return absl::InvalidArgumentError(absl::StrCat(
      "regexp '", std::string(pattern), "': expected a smaller ",
      "automaton; it has ", std::string(built.status().message())));
}

bool Regexp::Matches(std::string_view text) const {
  uint16_t state = 0;
  for (const char c : text) {
    state = Next(state, static_cast<uint8_t>(c));
    if (state == kNone) return false;
  }
  return states_[state].distance == 0;
}

}  // namespace formfuzz

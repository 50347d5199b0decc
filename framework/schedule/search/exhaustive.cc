// SPDX-License-Identifier: Apache-2.0
// Depth first: a run follows the path so far and extends it by what is usual;
// then the last choice that has something untried is changed.
#include "framework/schedule/search/exhaustive.h"

#include <bit>

#include "framework/base/text.h"
#include "framework/schedule/task_bit.h"

namespace formfuzz {
namespace {

bool IsSame(const Choice& a, const Choice& b) {
  return a.yield == b.yield && a.ready == b.ready && a.current == b.current &&
         a.usual == b.usual && a.is_preemption == b.is_preemption;
}

std::string Counted(uint64_t count, std::string_view what) {
  return Concat(count, " ", what, count == 1 ? "" : "s");
}

}  // namespace

uint8_t ExhaustivePolicy::Choose(const Choice& choice) {
  if (depth_ < path_.size()) {
    const Node& node = path_[depth_++];
    if (IsSame(node.choice, choice)) return node.taken;
    strayed_ = true;
    return choice.usual;
  }
  const uint32_t spent =
      path_.empty() ? 0 : path_.back().spent + Spends(path_.back());
  const uint32_t untried = MayDeviate(choice, spent)
                               ? choice.ready & choosable_ & ~Bit(choice.usual)
                               : 0;
  path_.push_back({choice, untried, choice.usual, spent});
  ++depth_;
  return choice.usual;
}

bool ExhaustivePolicy::Advance() {
  strayed_ |= depth_ < prefix_;
  path_.resize(depth_);
  while (!path_.empty()) {
    Node& last = path_.back();
    if (last.untried != 0) {
      last.taken = static_cast<uint8_t>(std::countr_zero(last.untried));
      last.untried &= last.untried - 1;
      prefix_ = path_.size();
      return true;
    }
    path_.pop_back();
  }
  return false;
}

std::vector<Switch> ExhaustivePolicy::switches() const {
  std::vector<Switch> switches;
  for (const Node& node : path_) {
    if (node.taken == node.choice.usual) continue;
    switches.push_back({static_cast<uint16_t>(node.choice.yield), node.taken});
  }
  return switches;
}

uint32_t ExhaustivePolicy::preemptions() const {
  uint32_t count = 0;
  for (const Node& node : path_) count += Preempts(node);
  return count;
}

SearchResult SearchExhaustively(absl::FunctionRef<bool(Policy&)> fails,
                                const SearchLimits& limits) {
  SearchResult result;
  uint64_t left = limits.runs_max;
  for (uint32_t allowed = 0; allowed <= limits.preemptions_max; ++allowed) {
    ExhaustivePolicy policy(allowed, limits.bounded, limits.choosable);
    uint64_t& runs = result.runs.emplace_back(0);
    bool more = true;
    while (more) {
      if (left-- == 0) return result;
      ++runs;
      if (fails(policy)) {
        result.found = true;
        result.preemptions = policy.preemptions();
        result.switches = policy.switches();
      }
      more = policy.Advance();
      result.strayed = policy.has_strayed();
      if (result.found || result.strayed) return result;
    }
  }
  result.complete = true;
  return result;
}

std::string CertificateOf(const SearchResult& result, const Ending& ending) {
  if (!result.found) {
    const auto allowed = result.runs.size() - 1;
    return Concat(result.complete ? "passes" : "no failure found",
                  " with at most ", Counted(allowed, "preemption"), " in ",
                  Counted(result.runs.back(), "schedule"));
  }
  std::string text =
      Concat("fails with ", Counted(result.preemptions, "preemption"));
  const char* separator = ": ";
  for (const Passage& passage : ending.passages) {
    if (!passage.chosen) continue;
    const char* site = passage.left == nullptr ? "its end" : passage.left;
    text +=
        Concat(separator, "at yield ", passage.yield, " (", site,
               passage.from == passage.to ? ") still in task " : ") from task ",
               unsigned{passage.from});
    if (passage.from != passage.to) {
      text += Concat(" to task ", unsigned{passage.to});
    }
    separator = ", ";
  }
  if (result.preemptions > 0) {
    text += Concat(
        "; with ", Counted(result.preemptions - 1, "preemption"), " all ",
        Counted(result.runs[result.preemptions - 1], "schedule"), " pass");
  }
  return text;
}

}  // namespace formfuzz

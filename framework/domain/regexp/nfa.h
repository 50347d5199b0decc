// SPDX-License-Identifier: Apache-2.0
//
// A nondeterministic automaton over bytes, put together from fragments
// (Thompson's construction): what a pattern is parsed into.
//
// Bounded: past kNodesMax nodes `overflown()` is true and fragments mean
// nothing, so that nested repetitions, which multiply, cannot exhaust memory.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_NFA_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_NFA_H_

#include <bitset>
#include <cstddef>
#include <vector>

namespace formfuzz::regexp {

using ByteSet = std::bitset<256>;

// How often something stands in a row. `max` says nothing when `unbounded`.
struct Repetition {
  size_t min = 1;
  size_t max = 1;
  bool unbounded = false;
};

class Nfa {
 public:
  static constexpr size_t kNodesMax = 16384;

  // Consumes one byte of set(set) on its way to `next`; or, with no set, goes
  // on for free to `next` and to `other`, where those exist.
  struct Node {
    int set = -1;
    int next = -1;
    int other = -1;
  };

  // A part with one way in and one way out. `stop` has no set and no successor
  // until the fragment is used in a larger one, which may be done once.
  struct Fragment {
    int start = 0;
    int stop = 0;
  };

  // `set` must not be empty, so that no node of an automaton is a dead end.
  Fragment Bytes(const ByteSet& set);
  Fragment Empty();
  Fragment Either(Fragment one, Fragment two);
  Fragment Then(Fragment first, Fragment second);
  // `once` must be all nodes added since node_count() was `first_node`.
  Fragment Repeat(Fragment once, size_t first_node, Repetition times);

  bool overflown() const { return overflown_; }
  size_t node_count() const { return nodes_.size(); }
  const Node& node(int index) const { return nodes_[index]; }
  const std::vector<ByteSet>& sets() const { return sets_; }

 private:
  int Add(Node node);
  Fragment Copy(Fragment once, size_t first_node, size_t size);

  std::vector<Node> nodes_;
  std::vector<ByteSet> sets_;
  bool overflown_ = false;
};

}  // namespace formfuzz::regexp

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_REGEXP_NFA_H_

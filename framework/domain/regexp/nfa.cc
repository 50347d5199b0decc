// SPDX-License-Identifier: Apache-2.0
//
// Fragments are linked by setting the successors of their `stop` node, so no
// fragment is ever rewritten and a repetition may copy one by shifting indices.
#include "framework/domain/regexp/nfa.h"

#include <algorithm>

namespace formfuzz::regexp {

int Nfa::Add(Node node) {
  // Node 0 then stands for whatever was meant; the caller gives up anyway.
  overflown_ = overflown_ || nodes_.size() >= kNodesMax;
  if (overflown_) return 0;
  nodes_.push_back(node);
  return static_cast<int>(nodes_.size()) - 1;
}

Nfa::Fragment Nfa::Bytes(const ByteSet& set) {
  sets_.push_back(set);
  const int stop = Add({});
  const int set_index = static_cast<int>(sets_.size()) - 1;
  return {Add({.set = set_index, .next = stop}), stop};
}

Nfa::Fragment Nfa::Empty() {
  const int node = Add({});
  return {node, node};
}

Nfa::Fragment Nfa::Either(Fragment one, Fragment two) {
  const int start = Add({.next = one.start, .other = two.start});
  const int stop = Add({});
  nodes_[one.stop].next = stop;
  nodes_[two.stop].next = stop;
  return {start, stop};
}

Nfa::Fragment Nfa::Then(Fragment first, Fragment second) {
  nodes_[first.stop].next = second.start;
  return {first.start, second.stop};
}

// A chain of copies. A free edge leads to the common end from before each copy
// past the minimum; in an unbounded repetition the last copy may start over.
Nfa::Fragment Nfa::Repeat(Fragment once, size_t first_node, Repetition times) {
  const size_t count =
      times.unbounded ? std::max<size_t>(times.min, 1) : times.max;
  if (count == 0) return Empty();
  const size_t size = nodes_.size() - first_node;
  std::vector<Fragment> pieces = {once};
  while (pieces.size() < count && !overflown_) {
    pieces.push_back(Copy(once, first_node, size));
  }
  const Fragment all = {Add({}), Add({})};
  int gate = all.start;
  for (size_t i = 0; i < pieces.size(); ++i) {
    nodes_[gate].next = pieces[i].start;
    if (i >= times.min) nodes_[gate].other = all.stop;
    gate = pieces[i].stop;
  }
  nodes_[gate].next = all.stop;
  if (times.unbounded) nodes_[gate].other = pieces.back().start;
  return all;
}

Nfa::Fragment Nfa::Copy(Fragment once, size_t first_node, size_t size) {
  const int shift = static_cast<int>(nodes_.size() - first_node);
  for (size_t i = first_node; i < first_node + size; ++i) {
    Node node = nodes_[i];
    if (node.next >= 0) node.next += shift;
    if (node.other >= 0) node.other += shift;
    Add(node);
    if (overflown_) return {};
  }
  return {once.start + shift, once.stop + shift};
}

}  // namespace formfuzz::regexp

// SPDX-License-Identifier: Apache-2.0
// Edges with how often they were taken, in eight classes: 1, 2, 3, 4-7, 8-15,
// 16-31, 32-127, more (AFL's). A feature is a cell of the map and a class.
//
// Most executions show nothing that was not shown twice before: for these the
// whole map is read once, eight cells at a time, and nothing is written.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_EDGES_H_
#define FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_EDGES_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "campaign/loop/feedback/feedback.h"

namespace formfuzz::campaign {

class EdgeFeedback final : public Feedback {
 public:
  // Maps larger than kCellsMax are looked at up to there.
  static constexpr size_t kCellsMax = kNumbersMax / 8;

  explicit EdgeFeedback(size_t cells);

  std::string_view name() const override { return "edges"; }
  Observation Observe(const Execution& execution) override;
  void Features(const Execution& execution, Feature base,
                std::vector<Feature>* features) override;
  void Learn(uint32_t number) override;
  bool HasLearnt(uint32_t number) const override;
  uint64_t learnt() const override { return cells_learnt_; }
  uint64_t singletons() const override { return singletons_; }

 private:
  // Eight cells with a bit a class; bit b of byte i is number 64 * word + 8 *
  // i + b.
  struct Word {
    uint64_t settled = 0;  // learnt, and shown more than once
    uint64_t learnt = 0;
    uint64_t once = 0;
    uint64_t often = 0;
  };

  bool Count(uint64_t shown, Word& word);
  void Grow(size_t cells);

  std::vector<uint64_t> settled_;  // of words_, close together
  std::vector<Word> words_;
  uint64_t cells_learnt_ = 0;
  uint64_t singletons_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_EDGES_H_

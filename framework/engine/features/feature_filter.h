// SPDX-License-Identifier: Apache-2.0
// Hides from an engine the runs that it would do nothing with.
//
// libFuzzer looks at each feature of each run, a fifth of the time of a small
// target, and acts on three kinds of runs: those with a feature it never saw
// (their input is kept), those of a shorter input than the one it was made from
// (it may take its place), and those with a rare feature (inputs that reach
// such are chosen more often). These are shown. All others cover nothing, as
// far as the engine can see. Costs two instructions for every sixteen edges.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_FEATURES_FEATURE_FILTER_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_FEATURES_FEATURE_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace formfuzz {

class FeatureFilter {
 public:
  // A feature is rare until it was shown so often: libFuzzer's own bound. With
  // 32, planted defects took a tenth more executions.
  static constexpr uint8_t kRareShowings = 255;

  // `edges`: 0 or 1 each when a run has ended. `states`: a feature is a
  // counter and its value's range, see StateCoverage.
  FeatureFilter(std::span<uint8_t> edges, std::span<uint8_t> states);

  // After a run: clears edges and states unless the engine needs them.
  // `shorter`: than the input it was made from.
  void Filter(bool shorter);
  // After a run whose features the engine asked for.
  void Show();

 private:
  bool HasRare() const;

  std::span<uint8_t> edges_;
  std::span<uint8_t> states_;
  std::vector<uint8_t> edge_showings_;
  std::vector<uint8_t> state_showings_;  // eight for each counter
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_FEATURES_FEATURE_FILTER_H_

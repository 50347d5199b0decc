// SPDX-License-Identifier: Apache-2.0
// Leaving out by halves.
#include "campaign/loop/triage/minimise.h"

#include <algorithm>
#include <bit>

#include "campaign/loop/mutate/block.h"

namespace formfuzz::campaign {
namespace {

constexpr uint8_t kPlain = '0';

class Minimiser {
 public:
  Minimiser(const MinimiseLimits& limits, StillDoes still_does,
            InputBytes& input)
      : limits_(limits), still_does_(still_does), input_(input) {}

  bool Run() {
    const size_t smallest =
        std::max<size_t>(1, std::bit_ceil(input_.size()) / limits_.pieces_max);
    bool changed = false;
    bool again = true;
    while (again && left()) {
      again = false;
      for (size_t piece = std::bit_ceil(input_.size()) / 2; piece >= smallest;
           piece /= 2) {
        again |= LeaveOut(piece);
      }
      changed |= again;
    }
    return (limits_.plain && MakePlain()) || changed;
  }

 private:
  bool left() const { return tries_ < limits_.tries_max; }

  bool Try(InputBytes candidate) {
    ++tries_;
    if (!still_does_(candidate)) return false;
    input_ = std::move(candidate);
    return true;
  }

  // From the end: what comes first often says what follows.
  bool LeaveOut(size_t piece) {
    bool changed = false;
    for (size_t end = input_.size(); end > 0 && left();) {
      const size_t at = end > piece ? end - piece : 0;
      InputBytes candidate = input_;
      EraseBlock(candidate, {at, end - at});
      changed |= Try(std::move(candidate));
      end = std::min(at, input_.size());
    }
    return changed;
  }

  bool MakePlain() {
    bool changed = false;
    for (size_t i = 0; i < input_.size() && left(); ++i) {
      if (input_[i] == kPlain) continue;
      InputBytes candidate = input_;
      candidate[i] = kPlain;
      changed |= Try(std::move(candidate));
    }
    return changed;
  }

  const MinimiseLimits& limits_;
  StillDoes still_does_;
  InputBytes& input_;
  uint32_t tries_ = 0;
};

}  // namespace

bool Minimise(const MinimiseLimits& limits, StillDoes still_does,
              InputBytes& input) {
  return Minimiser(limits, still_does, input).Run();
}

}  // namespace formfuzz::campaign

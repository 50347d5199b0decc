// SPDX-License-Identifier: Apache-2.0
// The batch as the argument of a step, typed mutation on, as a whole run.
#include "bench/batch_check.h"
#include "framework/formfuzz.h"

namespace {

using formfuzz::bench::RequestView;

class Batches {
 public:
  void Take(std::span<const RequestView> batch) {
    formfuzz::bench::Check(batch);
  }
};

FORMFUZZ_HARNESS(batch_typed, Batches)
    .Step("take", &Batches::Take, formfuzz::bench::ViewDomain())
    .StepsMax(1);

}  // namespace

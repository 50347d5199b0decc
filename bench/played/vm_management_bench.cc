// SPDX-License-Identifier: Apache-2.0
// Scenarios of vm_management, of one to all of its sixteen steps.
#include "bench/played/played.h"

namespace formfuzz::bench {
namespace {

void VmManagement(benchmark::State& state) {
  PlayScenarios(state, [](const Player& player) { return player.steps() > 0; });
}
BENCHMARK(VmManagement);

}  // namespace
}  // namespace formfuzz::bench

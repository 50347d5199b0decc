// SPDX-License-Identifier: Apache-2.0
// Sets of tasks are words: bit i is task i.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_TASK_BIT_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_TASK_BIT_H_

#include <cstdint>

namespace formfuzz {

constexpr uint32_t Bit(uint8_t task) { return uint32_t{1} << task; }

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_TASK_BIT_H_

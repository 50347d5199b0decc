// SPDX-License-Identifier: Apache-2.0
// Arithmetic on resources that cannot overflow: additions are judged before
// they are made. A quota may be set below the usage; then nothing fits, and
// what is there stays.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_QUOTA_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_QUOTA_H_

#include "components/vm_manager/records.h"

namespace vm_manager {

// What one VM of this shape costs its owner. Snapshots cost nothing.
Resources CostOf(const Shape& shape);

// Whether usage + more stays at or below the quota in each of the four.
bool Fits(const Resources& quota, const Resources& usage,
          const Resources& more);

// Whether `usage` with `before` taken out and `after` put in stays at or below
// the quota. What does not grow always fits.
bool FitsChange(const Resources& quota, const Resources& usage,
                const Resources& before, const Resources& after);

// Callers have made sure that the sum does not overflow (Fits) and that no
// more is taken away than was charged.
void Charge(Resources* usage, const Resources& cost);
void Release(Resources* usage, const Resources& cost);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_QUOTA_H_

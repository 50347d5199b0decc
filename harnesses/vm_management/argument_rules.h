// SPDX-License-Identifier: Apache-2.0
// Which arguments the VM manager takes, restated from its limits for the
// model: true when every text, number and list is within them.
#ifndef FORMFUZZ_HARNESSES_VM_MANAGEMENT_ARGUMENT_RULES_H_
#define FORMFUZZ_HARNESSES_VM_MANAGEMENT_ARGUMENT_RULES_H_

#include "components/vm_manager/request/request.h"

namespace formfuzz {

bool HasValidArguments(const vm_manager::Operation& operation);

// What a VM of this shape is charged for.
vm_manager::Resources PriceOf(const vm_manager::Shape& shape);
// Whether usage and price together stay within the quota in every part; where
// a quota is below the usage, nothing does.
bool Affords(const vm_manager::Resources& quota,
             const vm_manager::Resources& usage,
             const vm_manager::Resources& price);
// The same for the usage less `freed`, but a part that does not grow is always
// afforded.
bool AffordsInstead(const vm_manager::Resources& quota,
                    const vm_manager::Resources& usage,
                    const vm_manager::Resources& freed,
                    const vm_manager::Resources& price);

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_MANAGEMENT_ARGUMENT_RULES_H_

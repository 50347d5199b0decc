// SPDX-License-Identifier: Apache-2.0
// The fields that OCI's JSON and Kubernetes' YAML share.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_OCI_FIELDS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_OCI_FIELDS_H_

#include "campaign/syscalls/policy/policy.h"
#include "campaign/syscalls/profile/json_fields.h"

namespace formfuzz::campaign {

// What is wrong is in the status of `fields`.
Policy ReadOciFields(const JsonFields& fields);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_OCI_FIELDS_H_

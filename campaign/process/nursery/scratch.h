// SPDX-License-Identifier: Apache-2.0
// Emptying the scratch folder.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_SCRATCH_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_SCRATCH_H_

namespace formfuzz::campaign {

// Removes all that is in the folder, following no link and entering no other
// file system, and makes the work folder anew. False with errno set.
bool WipeScratch(int scratch);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_SCRATCH_H_

// SPDX-License-Identifier: Apache-2.0
// Namespaces, capabilities and the network of a sandbox.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_NAMESPACES_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_NAMESPACES_H_

#include <sys/types.h>

#include "campaign/process/nursery/trouble.h"
#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

// Comes back twice: as 0 in a new process that is init of its own PID, mount,
// IPC, UTS and network namespaces (of a user namespace too unless we are
// root), and as its process outside. Negative: `trouble` says why.
pid_t EnterNamespaces(const SetUp& set_up, Trouble& trouble);

// Out of a chroot, if we are in one, to where our mount namespace begins.
// False: root and folder are as they were, and errno says why.
bool GoToTopOfMounts();

// The rest, from inside: nothing that is executed from now on can mount, make
// devices, load modules, set clocks, gain rights by setuid or see keyrings.
Trouble FinishNamespaces(const SetUp& set_up);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_NAMESPACES_H_

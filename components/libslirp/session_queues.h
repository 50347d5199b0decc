// SPDX-License-Identifier: Apache-2.0
// What docs/findings/libslirp/waiting_leak.md has slirp_cleanup forget.
#ifndef FORMFUZZ_COMPONENTS_LIBSLIRP_SESSION_QUEUES_H_
#define FORMFUZZ_COMPONENTS_LIBSLIRP_SESSION_QUEUES_H_

#include <libslirp.h>

#ifdef __cplusplus
extern "C" {
#endif

// Frees every packet that waits behind another one of its connection.
void formfuzz_slirp_free_waiting(Slirp* slirp);

#ifdef __cplusplus
}
#endif

#endif  // FORMFUZZ_COMPONENTS_LIBSLIRP_SESSION_QUEUES_H_

// SPDX-License-Identifier: Apache-2.0
// A queue's packets are the first of each connection; the others of that
// connection hang on it, in a ring.
#include "components/libslirp/session_queues.h"

#include "slirp.h"

static void FreeBehindFirsts(struct slirp_quehead* queue) {
  struct slirp_quehead* at = queue->qh_link;
  for (; at != queue; at = at->qh_link) {
    struct mbuf* first = (struct mbuf*)at;
    while (first->ifs_next != first) {
      struct mbuf* behind = first->ifs_next;
      first->ifs_next = behind->ifs_next;
      m_free(behind);
    }
  }
}

void formfuzz_slirp_free_waiting(Slirp* slirp) {
  FreeBehindFirsts(&slirp->if_fastq);
  FreeBehindFirsts(&slirp->if_batchq);
}

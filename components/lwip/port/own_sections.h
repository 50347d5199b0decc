// SPDX-License-Identifier: Apache-2.0
// Included first in every file of lwIP: its variables go where port.cc finds
// them all. clang only.
#ifndef FORMFUZZ_COMPONENTS_LWIP_PORT_OWN_SECTIONS_H_
#define FORMFUZZ_COMPONENTS_LWIP_PORT_OWN_SECTIONS_H_

#pragma clang section bss = "lwip_bss" data = "lwip_data"

#endif  // FORMFUZZ_COMPONENTS_LWIP_PORT_OWN_SECTIONS_H_

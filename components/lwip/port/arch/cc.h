// SPDX-License-Identifier: Apache-2.0
// What lwIP is told of the compiler and the system. A failed assertion of its
// own ends the process, and so is a finding.
#ifndef FORMFUZZ_COMPONENTS_LWIP_PORT_ARCH_CC_H_
#define FORMFUZZ_COMPONENTS_LWIP_PORT_ARCH_CC_H_

#include "components/lwip/port/port.h"

#define LWIP_ERRNO_STDINCLUDE 1
#define LWIP_RAND() formfuzz_lwip_random()
#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(text) \
  formfuzz_lwip_assert(text, __FILE__, __LINE__)

#endif  // FORMFUZZ_COMPONENTS_LWIP_PORT_ARCH_CC_H_

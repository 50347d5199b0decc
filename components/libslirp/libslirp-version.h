// SPDX-License-Identifier: Apache-2.0
// What libslirp's own build would make of its version.
#ifndef FORMFUZZ_COMPONENTS_LIBSLIRP_LIBSLIRP_VERSION_H_
#define FORMFUZZ_COMPONENTS_LIBSLIRP_LIBSLIRP_VERSION_H_

#define SLIRP_MAJOR_VERSION 4
#define SLIRP_MINOR_VERSION 7
#define SLIRP_MICRO_VERSION 0
#define SLIRP_VERSION_STRING "4.7.0"
#define SLIRP_CHECK_VERSION(major, minor, micro)   \
  (4 > (major) || (4 == (major) && 7 > (minor)) || \
   (4 == (major) && 7 == (minor) && 0 >= (micro)))

#endif  // FORMFUZZ_COMPONENTS_LIBSLIRP_LIBSLIRP_VERSION_H_

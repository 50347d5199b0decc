#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes a call that the shell does not make by itself, where a variable is set
# that nothing but this text names.
if [ -n "${RARE_MASK-}" ]; then
  umask 022
fi

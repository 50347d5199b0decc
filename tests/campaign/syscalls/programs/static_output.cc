// SPDX-License-Identifier: Apache-2.0
// Linked statically, and always in the same place: its C library's streams
// call through tables that nothing but their addresses tells of.

#include <cstdio>

int main() { return std::puts("said") < 0 ? 1 : 0; }

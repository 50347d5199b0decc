// SPDX-License-Identifier: Apache-2.0
// The library of a program that is hardly more than it.

#include <cstring>

bool IsMagicLine(const char* line) { return strcmp(line, "levitate") == 0; }

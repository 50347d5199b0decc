// SPDX-License-Identifier: Apache-2.0
// What sanitizers report: errors of ASan and UBSan in a run, leaks behind it.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_DEATH_REPORTS_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_DEATH_REPORTS_H_

namespace formfuzz {

// Once a process. True if a sanitizer is linked that handles signals itself.
bool WatchReports();

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_DEATH_REPORTS_H_

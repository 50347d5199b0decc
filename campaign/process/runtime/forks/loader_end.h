// SPDX-License-Identifier: Apache-2.0
// What the loader does after a program's own handlers have run: it calls the
// destructors of all objects that are loaded. It writes to pages for that,
// which a forked process has to copy first: a tenth of a short run and more.
// Where no object has a destructor, processes of a forkserver end without it.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_LOADER_END_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_LOADER_END_H_

namespace formfuzz::campaign {

using LoaderEnd = void (*)();

// For __libc_start_main, which is given `loaders` by the loader, or null in a
// static program.
LoaderEnd InPlaceOf(LoaderEnd loaders);

// In the server, before it forks: looks whether there is anything to call.
void LeaveOutLoaderEnd();

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_LOADER_END_H_

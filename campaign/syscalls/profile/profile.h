// SPDX-License-Identifier: Apache-2.0
// The profile of a program: what it was seen to ask of the kernel, and why each
// call is in it. Plain values, initialised so that designated ones may be few;
// docs/profile_format.md describes its JSON.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_PROFILE_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_PROFILE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/profile/condition.h"

namespace formfuzz::campaign {

// When in the life of a process a call is made; a set of these is a bit mask.
enum Phase : uint8_t {
  kLoaderPhase = 1,   // from execve to the program's entry: the dynamic linker
  kStartupPhase = 2,  // constructors, libc, up to main or the program's marker
  kMainPhase = 4,
};
inline constexpr uint8_t kAllPhases = 7;

// How an entry came to be in the profile.
enum class Presence : uint8_t {
  kSeen,         // a run made the call
  kReachable,    // the code can make it, no run did: not allowed
  kUnreachable,  // nothing in the code makes it: not allowed
  kImplied,      // no run shows it, and it is needed all the same: see `reason`
};

// What happened when the call was denied.
enum class Need : uint8_t {
  kUnknown,        // was not tried
  kNeeded,         // results change without it
  kTolerated,      // another way is taken, or the failure is reported
  kNotSeenNeeded,  // nothing that was observed changes
};

// A file or the standard input that a run was given. Small printable content
// stands in the profile itself; everything is in the saved corpus.
struct InputReference {
  std::string path = {};    // as the program sees it; "" for standard input
  std::string digest = {};  // of the content, and its name in the corpus
  uint64_t bytes = 0;
  std::string text = {};  // the content, where it is short and printable
};

// The smallest run that is known to make the call.
struct Evidence {
  std::vector<std::string> command = {};
  std::vector<std::pair<std::string, std::string>> environment = {};  // added
  std::vector<InputReference> inputs = {};
  std::string circumstances =
      {};                   // "stdout is closed, SIGTERM at 3 ms"; may be ""
  uint64_t first_run = 0;   // its number in the campaign, from 1
  uint64_t runs = 0;        // how many runs made the call
  std::string module = {};  // where the instruction is: file and offset in it
  uint64_t offset = 0;
  std::vector<std::string> stack =
      {};  // callers, innermost first, where asked for
};

struct ProfileEntry {
  Arch arch = kArchX86_64;
  int number = -1;
  std::string name = {};   // by the tables of the day; `number` is what counts
  Clauses arguments = {};  // that were seen; empty: not told apart
  std::map<int, uint64_t> results = {};  // errno to how often; 0: success
  uint8_t phases = 0;                    // of Phase
  Presence presence = Presence::kSeen;
  Need need = Need::kUnknown;
  std::string reason =
      {};  // of an implied entry, or what a person ought to know
  Evidence evidence = {};

  // Whether the profile lets the program make this call.
  bool allowed() const {
    return presence == Presence::kSeen || presence == Presence::kImplied;
  }
};

// After `runs` runs and `seconds`, so many different items were known.
struct DiscoveryPoint {
  uint64_t runs = 0;
  double seconds = 0;
  uint64_t calls = 0;
  uint64_t items = 0;  // of the finest grain that was fed back
};

struct CampaignNumbers {
  uint64_t runs = 0;
  double seconds = 0;
  uint64_t runs_since_new = 0;  // since the last new call
  double seconds_since_new = 0;
  uint64_t counted_runs = 0;    // those in which every call was seen
  uint64_t seen_once = 0;       // calls that exactly one counted run made
  double residual = 1;          // Good-Turing: chance that the next run shows a
                                // new call; 1 where nothing is known
  std::string stopped_by = {};  // the rule, as a person reads it
  std::vector<DiscoveryPoint> discovery =
      {};  // grows; thinned to a few hundred
};

// How a program that serves was reached, and stopped.
struct ProfiledService {
  std::string at = {};  // "6379", "53/udp", a socket's path; "": serves nobody
  std::vector<std::string> peer = {};  // the command that visited it
  int stop_signal = 15;
};

struct Profile {
  // What was profiled, and where.
  std::vector<std::string> command = {};
  // Of each run, unless it says otherwise.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string program = {};         // the file that was executed
  std::string program_digest = {};  // of that file
  std::string kernel = {};          // uname -sr
  std::string machine = {};         // uname -m
  std::string libc = {};            // "glibc 2.36", "none: static"
  std::string made_at = {};         // RFC 3339, UTC
  ProfiledService service = {};

  std::vector<ProfileEntry> entries = {};  // by arch and number; see Sort()
  std::vector<std::string> notes =
      {};  // self-sandboxing, io_uring, foreign ABIs
  CampaignNumbers campaign = {};
  std::string corpus = {};  // folder of the saved runs, relative to the profile
};

// By arch and number, one entry each: those of the same call become one.
void Sort(Profile& profile);

// Null where there is none. Needs a sorted profile.
const ProfileEntry* Find(const Profile& profile, Arch arch, int number);
ProfileEntry* Find(Profile& profile, Arch arch, int number);

// Takes up what `more` saw of the same call: unions of arguments, results and
// phases, the sum of runs, the evidence that came first.
void Absorb(ProfileEntry& entry, const ProfileEntry& more);

// "loader,main".
std::string PhasesText(uint8_t phases);
std::string NameOf(Presence presence);
std::string NameOf(Need need);

// As one would type it: quoted where a shell would need it, with environment.
std::string CommandText(const Evidence& evidence);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_PROFILE_H_

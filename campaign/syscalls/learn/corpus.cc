// SPDX-License-Identifier: Apache-2.0
// What a person reads later: entries and evidence.

#include "campaign/syscalls/learn/corpus.h"

#include <gnu/libc-version.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <limits>

#include "absl/strings/str_format.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/policy/implied.h"
#include "framework/base/clock.h"
#include "framework/base/digest.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kTrialBytesMax = 16 << 20;
constexpr size_t kShortTextMax = 200;
// More different combinations of bits than this are told by their union.
constexpr size_t kCombinationsMax = 6;

uint8_t PhaseOf(Stage stage) {
  switch (stage) {
    case Stage::kLoader:
      return kLoaderPhase;
    case Stage::kStartUp:
      return kStartupPhase;
    case Stage::kMain:
      return kMainPhase;
  }
  return kMainPhase;
}

int BitsOf(uint64_t mask) { return mask == ~uint64_t{0} ? 64 : 32; }

Clauses ClausesOf(const ClassRule& rule, const std::set<CallClass>& classes) {
  Clauses clauses;
  const ClassArgument& first = rule.arguments[0];
  if (rule.flags && rule.count == 1 && classes.size() > kCombinationsMax) {
    uint64_t bits = 0;
    for (const CallClass& values : classes) bits |= values[0];
    return {{OnlyBits(first.index, BitsOf(first.mask), bits)}};
  }
  if (classes.size() >= CallSet::kClassesMax) return {};
  for (const CallClass& values : classes) {
    Clause clause;
    for (size_t i = 0; i < rule.count; ++i) {
      clause.push_back(EqualInWidth(rule.arguments[i].index,
                                    BitsOf(rule.arguments[i].mask), values[i]));
    }
    clauses.push_back(std::move(clause));
  }
  Normalise(clauses);
  return clauses;
}

InputReference ReferenceTo(const std::string& path,
                           const std::string& content) {
  InputReference reference;
  reference.path = path;
  char digest[17];
  snprintf(digest, sizeof(digest), "%016llx",
           static_cast<unsigned long long>(DigestOf(AsBytes(content))));
  reference.digest = digest;
  reference.bytes = content.size();
  const bool printable = std::ranges::all_of(content, [](char c) {
    return (c >= ' ' && c < 127) || c == '\n' || c == '\r';
  });
  if (printable && content.size() <= kShortTextMax) reference.text = content;
  return reference;
}

struct Gathered {
  std::set<CallClass> classes;
  uint8_t phases = 0;
  const Discovery* first = nullptr;
};

ProfileEntry EntryOf(const Learner& learner, const ItemKey& key,
                     const Gathered& gathered,
                     const std::vector<std::string>& command) {
  ProfileEntry entry;
  entry.number = static_cast<int>(key.number);
  entry.arch = ArchOfCall(key.arch, entry.number);
  entry.name = NameOfCall(entry.arch, entry.number);
  const ClassRule* rule =
      entry.arch == NativeArch() ? ClassRuleOf(key.number) : nullptr;
  if (rule != nullptr) entry.arguments = ClausesOf(*rule, gathered.classes);
  entry.phases = gathered.phases;
  const Trial& trial =
      learner.Smallest(key.arch, key.number, gathered.first->trial);
  const auto& results = learner.discoveries().results();
  const auto came_to = results.find({key.arch, key.number});
  if (came_to != results.end()) entry.results = came_to->second;
  if (!trial.refused.empty()) {
    entry.reason = Concat("only where ", CircumstancesOf(trial));
  }
  entry.evidence = EvidenceOf(trial, command);
  entry.evidence.first_run = gathered.first->run;
  entry.evidence.runs = std::max<uint64_t>(
      1, learner.discoveries().RunsWith(key.arch, key.number));
  entry.evidence.module = gathered.first->site.module;
  entry.evidence.offset = gathered.first->site.offset;
  entry.evidence.stack = learner.StackAt(key.arch, key.number);
  return entry;
}

std::string MadeAt() {
  const time_t seconds = static_cast<time_t>(WallClockMs() / 1000);
  tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

void Describe(const Learner& learner, Profile& profile) {
  utsname kernel{};
  uname(&kernel);
  profile.kernel = Concat(kernel.sysname, " ", kernel.release);
  profile.machine = kernel.machine;
  profile.libc = learner.program().dynamic || learner.program().script
                     ? Concat("glibc ", gnu_get_libc_version())
                     : "none: static, or of 32 bits";
  profile.program = learner.program().path;
  constexpr size_t kProgramBytesMax = size_t{1} << 30;
  const auto file = ReadFile(profile.program, kProgramBytesMax);
  if (file.ok()) profile.program_digest = ReferenceTo("", *file).digest;
  profile.made_at = MadeAt();
  profile.service = learner.service();
}

// A folder of somebody else's is not thrown away.
absl::Status HoldsOnlyTrials(const std::string& folder) {
  std::error_code absent;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder, absent)) {
    if (entry.path().extension() == ".json") continue;
    return absl::FailedPreconditionError(
        Concat("will not replace ", folder, ": it holds ",
               entry.path().filename().string(),
               ", which no profile put there; move it, or name another --out"));
  }
  return absl::OkStatus();
}

}  // namespace

Evidence EvidenceOf(const Trial& trial,
                    const std::vector<std::string>& command) {
  Evidence evidence;
  evidence.command = command;
  evidence.command.insert(evidence.command.end(), trial.arguments.begin(),
                          trial.arguments.end());
  evidence.environment = trial.variables;
  if (!trial.standard_input.empty()) {
    evidence.inputs.push_back(ReferenceTo("", trial.standard_input));
  }
  for (const InputFile& file : trial.Files()) {
    if (file.kind == FileKind::kRegular) {
      evidence.inputs.push_back(ReferenceTo(file.path, file.content));
    }
  }
  for (size_t i = 0; i < trial.requests.size(); ++i) {
    evidence.inputs.push_back(
        ReferenceTo(Concat("connection ", i + 1), trial.requests[i]));
  }
  evidence.circumstances = CircumstancesOf(trial);
  return evidence;
}

Profile ProfileOf(const Learner& learner, const Needs& needs,
                  const std::vector<std::string>& command) {
  Profile profile;
  profile.command = command;
  profile.environment = UsualVariables();
  Describe(learner, profile);
  std::map<std::pair<uint32_t, uint32_t>, Gathered> calls;
  for (const auto& [key, discovery] : learner.discoveries().items()) {
    Gathered& gathered = calls[{key.arch, key.number}];
    gathered.classes.insert(key.values);
    gathered.phases |= PhaseOf(key.stage);
    if (gathered.first == nullptr || discovery.run < gathered.first->run) {
      gathered.first = &discovery;
    }
  }
  for (const auto& [call, gathered] : calls) {
    ItemKey key;
    key.arch = call.first;
    key.number = call.second;
    profile.entries.push_back(EntryOf(learner, key, gathered, command));
    const auto need = needs.find(call);
    if (need != needs.end()) profile.entries.back().need = need->second;
  }
  AddImplied(profile);
  Sort(profile);
  profile.campaign = learner.numbers();
  profile.notes = learner.notes();
  return profile;
}

void AddReached(const ReachedCalls& reached, Profile& profile) {
  const auto is_reached = [&reached](int number) {
    return reached.numbers.contains(static_cast<uint32_t>(number));
  };
  std::vector<ProfileEntry> entries;
  std::string missed;
  for (const int number : KnownCalls(NativeArch())) {
    const ProfileEntry* known = Find(profile, NativeArch(), number);
    if (known != nullptr) {
      const bool seen = known->presence == Presence::kSeen;
      if (seen && !is_reached(number)) missed += " " + known->name;
      continue;
    }
    ProfileEntry entry;
    entry.arch = NativeArch();
    entry.number = number;
    entry.name = NameOfCall(entry.arch, number);
    entry.presence =
        is_reached(number) ? Presence::kReachable : Presence::kUnreachable;
    entries.push_back(std::move(entry));
  }
  profile.entries.insert(profile.entries.end(), entries.begin(), entries.end());
  Sort(profile);
  const auto warn = [&profile](const std::string& why) {
    profile.notes.push_back(
        Concat(why, ": what is called unreachable may not be"));
  };
  if (!missed.empty()) {
    warn(Concat("runs made calls that were not found in the code,", missed,
                " (programs that it executes and what libraries load are not "
                "looked at)"));
  }
  if (reached.loads_more) {
    std::string looked = "the program can load code by dlopen";
    for (const std::string& path : reached.loaded) {
      looked +=
          Concat(path == reached.loaded[0] ? " (looked at as well: " : " ",
                 std::filesystem::path(path).filename().string());
    }
    if (!reached.loaded.empty()) looked += ")";
    warn(looked);
  }
  if (reached.unknown != 0) {
    warn(Concat(reached.unknown, " places compute the number of their call"));
  }
}

std::string CorpusFolderOf(const std::string& path) {
  return std::filesystem::path(path).replace_extension(".corpus").string();
}

absl::Status SaveTrials(const std::string& folder,
                        const std::vector<Trial>& trials) {
  if (absl::Status ours = HoldsOnlyTrials(folder); !ours.ok()) return ours;
  const std::string aside = folder + ".new";
  std::error_code error;
  std::filesystem::remove_all(aside, error);
  std::filesystem::create_directories(aside, error);
  absl::Status written = absl::OkStatus();
  for (size_t i = 0; !error && written.ok() && i < trials.size(); ++i) {
    written =
        WriteFileAtomically(Concat(aside, "/", absl::StrFormat("%06d.json", i)),
                            ToJson(trials[i]) + "\n");
  }
  if (!error && written.ok()) std::filesystem::remove_all(folder, error);
  if (!error && written.ok()) std::filesystem::rename(aside, folder, error);
  if (!error && written.ok()) return written;
  std::error_code ignored;
  std::filesystem::remove_all(aside, ignored);
  if (!written.ok()) return written;
  return absl::UnavailableError(
      Concat("cannot write ", folder, ": ", error.message()));
}

absl::StatusOr<std::vector<Trial>> ReadTrials(const std::string& folder) {
  const auto files = ListFiles(folder);
  if (!files.ok()) return files.status();
  std::vector<std::string> paths = *files;
  std::ranges::sort(paths);
  std::vector<Trial> trials;
  for (const std::string& path : paths) {
    const auto text = ReadFile(path, kTrialBytesMax);
    if (!text.ok()) return text.status();
    auto trial = TrialOf(*text);
    if (!trial.ok()) {
      return absl::InvalidArgumentError(
          Concat(path, ": ", std::string(trial.status().message())));
    }
    trials.push_back(*std::move(trial));
  }
  return trials;
}

}  // namespace formfuzz::campaign

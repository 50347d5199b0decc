// SPDX-License-Identifier: Apache-2.0
// From profiles to policies: levels, phases, what is implied, what a runtime
// needs; and profiles against each other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/parse/read.h"
#include "campaign/syscalls/policy/comparison.h"
#include "campaign/syscalls/policy/implied.h"
#include "campaign/syscalls/policy/policy.h"

namespace formfuzz::campaign {
namespace {

using ::testing::HasSubstr;

int Number(std::string_view name) { return *NumberOfCall(kArchX86_64, name); }

Profile Example() {
  Profile profile;
  profile.entries = {
      {.number = Number("read"), .results = {{0, 5}}, .phases = kMainPhase},
      {.number = Number("access"),
       .results = {{ENOENT, 5}},
       .phases = kLoaderPhase},
      {.number = Number("statx"), .results = {{ENOSYS, 2}}},
      {.number = Number("ioctl"),
       .arguments = {{EqualInWidth(1, 32, 0x5401)}},
       .results = {{0, 1}, {ENOTTY, 4}},
       .phases = kMainPhase},
      {.number = Number("fork"), .presence = Presence::kReachable},
      {.number = Number("ptrace"), .presence = Presence::kUnreachable}};
  Sort(profile);
  return profile;
}

Decision Of(const Policy& policy, std::string_view name,
            const CallArguments& arguments = {}) {
  return Judge(policy, kArchX86_64, Number(name), arguments);
}

TEST(ViewTest, AllowsWhatWasSeenAndNothingElse) {
  const Policy policy = PolicyOf(Example(), {});
  for (const char* name : {"read", "access", "statx", "ioctl"}) {
    EXPECT_TRUE(Of(policy, name).lets_through()) << name;
  }
  for (const char* name : {"fork", "ptrace", "write"}) {
    EXPECT_EQ(Of(policy, name), (Decision{Action::kErrno, ENOSYS})) << name;
  }
  EXPECT_EQ(Judge(policy, kArchX86, 3, {}).action, Action::kKillProcess)
      << "an interface that the program never used";
}

TEST(ViewTest, RefusesLikewiseWhatWasOnlyRefused) {
  const Policy policy = PolicyOf(Example(), {.level = Level::kErrno});
  EXPECT_EQ(Of(policy, "statx"), (Decision{Action::kErrno, ENOSYS}));
  EXPECT_TRUE(Of(policy, "access").lets_through()) << "a file may appear";
  EXPECT_TRUE(Of(policy, "ioctl").lets_through()) << "it succeeded once";
}

TEST(ViewTest, HoldsArgumentsToWhatWasSeen) {
  const Policy policy = PolicyOf(Example(), {.level = Level::kArguments});
  EXPECT_TRUE(Of(policy, "ioctl", {0, 0xff00005401}).lets_through());
  EXPECT_FALSE(Of(policy, "ioctl", {0, 0x5402}).lets_through());
}

TEST(ViewTest, APhaseHasItsCallsAndThoseOfNoPhase) {
  const Policy policy = PolicyOf(Example(), {.phases = kMainPhase});
  EXPECT_TRUE(Of(policy, "read").lets_through());
  EXPECT_TRUE(Of(policy, "statx").lets_through()) << "of no known phase";
  EXPECT_FALSE(Of(policy, "access").lets_through());
}

TEST(ViewTest, ARuntimeGetsItsOwnCalls) {
  EXPECT_FALSE(Of(PolicyOf(Example(), {}), "capset").lets_through());
  for (const Runtime runtime : {Runtime::kRunc, Runtime::kCrun}) {
    const Policy policy = PolicyOf(Example(), {.runtime = runtime});
    for (const std::string_view name : CallsOf(runtime)) {
      EXPECT_TRUE(Of(policy, name).lets_through()) << name;
    }
    EXPECT_EQ(policy.remarks.size(), 1u);
  }
}

TEST(ImpliedTest, AddsWhatNoRunShows) {
  Profile profile = Example();
  profile.entries.push_back({.number = Number("exit_group"),
                             .arguments = {{EqualInWidth(0, 32, 0)}},
                             .phases = kMainPhase});
  AddImplied(profile);
  for (const char* name : {"restart_syscall", "rt_sigreturn", "exit", "execve",
                           "clock_gettime", "getcpu", "time"}) {
    const ProfileEntry* entry = Find(profile, kArchX86_64, Number(name));
    ASSERT_NE(entry, nullptr) << name;
    EXPECT_EQ(entry->presence, Presence::kImplied) << name;
    EXPECT_FALSE(entry->reason.empty()) << name;
  }
  const ProfileEntry* seen = Find(profile, kArchX86_64, Number("exit_group"));
  EXPECT_EQ(seen->presence, Presence::kSeen);
  EXPECT_TRUE(seen->arguments.empty()) << "any exit code will do";
  const size_t entries = profile.entries.size();
  AddImplied(profile);
  EXPECT_EQ(profile.entries.size(), entries) << "twice is once";
}

TEST(ImpliedTest, BelongsToEveryPhase) {
  Profile profile;
  profile.entries = {{.number = Number("exit_group"), .phases = kMainPhase},
                     {.number = Number("read"), .phases = kMainPhase}};
  AddImplied(profile);
  const Policy policy = PolicyOf(profile, {.phases = kLoaderPhase});
  EXPECT_TRUE(Of(policy, "exit_group").lets_through());
  EXPECT_FALSE(Of(policy, "read").lets_through());
}

TEST(ComparisonTest, AMergeKeepsWhatAnyPhaseMayDo) {
  Profile any;
  any.entries = {{.number = Number("read")}};
  Profile main;
  main.entries = {{.number = Number("read"), .phases = kMainPhase},
                  {.number = Number("write"), .phases = kMainPhase}};
  Profile loader;
  loader.entries = {
      {.number = Number("write"), .phases = kLoaderPhase},
      {.number = Number("fork"), .presence = Presence::kReachable}};
  for (const Profile* more : {&main, &loader}) Merge(any, *more);
  EXPECT_EQ(Find(any, kArchX86_64, Number("read"))->phases, 0);
  EXPECT_EQ(Find(any, kArchX86_64, Number("write"))->phases,
            kMainPhase | kLoaderPhase);
}

TEST(ComparisonTest, NamesWhatDiffers) {
  const Profile a = Example();
  Profile b = a;
  Find(b, kArchX86_64, Number("read"))->presence = Presence::kReachable;
  Find(b, kArchX86_64, Number("fork"))->presence = Presence::kSeen;
  Find(b, kArchX86_64, Number("ioctl"))->arguments.clear();
  const ProfileDifference difference = Differ(a, b, true);
  ASSERT_EQ(difference.only_a.size(), 1u);
  EXPECT_EQ(difference.only_a[0]->number, Number("read"));
  ASSERT_EQ(difference.only_b.size(), 1u);
  EXPECT_EQ(difference.only_b[0]->number, Number("fork"));
  ASSERT_EQ(difference.changed.size(), 1u);
  EXPECT_TRUE(Differ(a, b, false).changed.empty());
  EXPECT_TRUE(Differ(a, a, true).empty());
}

TEST(ComparisonTest, ASubsetAllowsNoMore) {
  const Profile a = Example();
  Profile wider = a;
  Find(wider, kArchX86_64, Number("ioctl"))->arguments.clear();
  EXPECT_TRUE(Beyond(a, wider, true).empty());
  ASSERT_EQ(Beyond(wider, a, true).size(), 1u);
  EXPECT_TRUE(Beyond(wider, a, false).empty());
  EXPECT_EQ(Beyond(a, Profile(), false).size(), 4u);
}

TEST(ComparisonTest, AClauseLiesWithinAWiderOne) {
  const Clauses exact = {{EqualInWidth(1, 64, 3)}};
  const Clauses in_width = {{EqualInWidth(1, 32, 3)}};
  const Clauses bits = {{OnlyBits(1, 32, 7)}};
  EXPECT_TRUE(Within(exact, in_width));
  EXPECT_FALSE(Within(in_width, exact));
  EXPECT_TRUE(Within(in_width, bits));
  EXPECT_FALSE(Within(bits, in_width));
  EXPECT_FALSE(Within({{EqualInWidth(1, 32, 8)}}, bits));
  EXPECT_FALSE(Within({{EqualInWidth(2, 32, 3)}}, bits));
}

TEST(ComparisonTest, AMergeAllowsWhatEitherDoes) {
  Profile a = Example();
  Profile b;
  b.entries = {{.number = Number("fork")},
               {.number = Number("ioctl"),
                .arguments = {{EqualInWidth(1, 32, 0x5413)}}}};
  Sort(b);
  const Profile before = a;
  Merge(a, b);
  EXPECT_TRUE(Beyond(before, a, true).empty());
  EXPECT_TRUE(Beyond(b, a, true).empty());
  EXPECT_EQ(Find(a, kArchX86_64, Number("ioctl"))->arguments.size(), 2u);
}

TEST(ReaderTest, ReadsWhatDockerAddsToOci) {
  const auto policy = ReadOci(R"({
    "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
    "archMap": [
      {"architecture": "SCMP_ARCH_X86_64",
       "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
      {"architecture": "SCMP_ARCH_AARCH64",
       "subArchitectures": ["SCMP_ARCH_ARM"]}],
    "syscalls": [
      {"names": ["read", "nosuchcall"], "action": "SCMP_ACT_ALLOW"},
      {"names": ["mount"], "action": "SCMP_ACT_ALLOW",
       "includes": {"caps": ["CAP_SYS_ADMIN"]}},
      {"names": ["arch_prctl"], "action": "SCMP_ACT_ALLOW",
       "includes": {"arches": ["amd64", "x32"]}},
      {"names": ["sync_file_range2"], "action": "SCMP_ACT_ALLOW",
       "includes": {"arches": ["ppc64le"]}},
      {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
       "args": [{"index": 0, "value": 2114060288, "valueTwo": 0,
                 "op": "SCMP_CMP_MASKED_EQ"}],
       "excludes": {"caps": ["CAP_SYS_ADMIN"], "arches": ["s390", "s390x"]}},
      {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]})");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->arches.size(), 3u);
  EXPECT_TRUE(Of(*policy, "read").lets_through());
  EXPECT_TRUE(Of(*policy, "arch_prctl").lets_through());
  EXPECT_EQ(Of(*policy, "mount"), (Decision{Action::kErrno, EPERM}));
  EXPECT_TRUE(Of(*policy, "clone", {0x1200011}).lets_through());
  EXPECT_FALSE(Of(*policy, "clone", {0x10000000}).lets_through());
  EXPECT_EQ(Of(*policy, "clone3"), (Decision{Action::kErrno, ENOSYS}));
  EXPECT_EQ(policy->remarks.size(), 2u) << "the capability, and nosuchcall";
}

TEST(ReaderTest, MakesNoProfileOfWhatIsRefused) {
  const auto deny = ReadOci(R"({
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]})");
  ASSERT_TRUE(deny.ok()) << deny.status();
  EXPECT_THAT(std::string(ProfileOf(*deny).status().message()),
              HasSubstr("whatever it does not name"));
  const std::string both[] = {
      R"({"names": ["ioctl"], "action": "SCMP_ACT_ERRNO",
          "args": [{"index": 1, "value": 21522, "op": "SCMP_CMP_EQ"}]})",
      R"({"names": ["ioctl"], "action": "SCMP_ACT_ALLOW"})"};
  for (const bool refusal_first : {true, false}) {
    const auto policy = ReadOci(
        R"({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [)" +
        both[refusal_first ? 0 : 1] + "," + both[refusal_first ? 1 : 0] + "]}");
    ASSERT_TRUE(policy.ok()) << policy.status();
    EXPECT_EQ(ProfileOf(*policy).ok(), !refusal_first);
  }
}

TEST(ReaderTest, ReadsUnitsAsSystemdDoes) {
  const auto policy = ReadSystemd(
      "[Service]\nSystemCallFilter=read write mount\n"
      "SystemCallFilter=~mount statx:ENOSYS\nSystemCallErrorNumber=EPERM\n",
      {});
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(Of(*policy, "read").lets_through());
  EXPECT_EQ(Of(*policy, "mount"), (Decision{Action::kErrno, EPERM}));
  EXPECT_EQ(Of(*policy, "statx"), (Decision{Action::kErrno, ENOSYS}));
  const auto joined = ReadSystemd(
      "SystemCallFilter=read \\\n# of a later day\n  write nosuchcall\\\n "
      "mmap\n",
      {});
  ASSERT_TRUE(joined.ok()) << joined.status();
  for (const char* call : {"read", "write", "mmap"}) {
    EXPECT_TRUE(Of(*joined, call).lets_through()) << call;
  }
  ASSERT_EQ(joined->remarks.size(), 1u);
  EXPECT_THAT(joined->remarks[0], HasSubstr("nosuchcall"));
  const auto deny = ReadSystemd("SystemCallFilter=~mount\n", {});
  ASSERT_TRUE(deny.ok());
  EXPECT_EQ(Of(*deny, "mount").action, Action::kKillProcess);
  EXPECT_TRUE(Of(*deny, "read").lets_through());
}

TEST(ReaderTest, ReadsExpressionsOfKafel) {
  const auto policy = ReadKafel(
      "#define CMD 0x5401\n"
      "POLICY base { ALLOW { write(fd, b, n) { fd == 1 || 2 == fd } } }\n"
      "POLICY all { USE base, ERRNO(1) { SYSCALL[101] },\n"
      "  ALLOW { ioctl(d, c) { (d == 0 || d == 1) && !(c != CMD) },\n"
      "          mmap(a, l, p) { (p & 4) == 0, a > 9 } } }\n"
      "USE all DEFAULT KILL\n",
      kArchX86_64);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(Of(*policy, "write", {2}).lets_through());
  EXPECT_FALSE(Of(*policy, "write", {3}).lets_through());
  EXPECT_TRUE(Of(*policy, "ioctl", {1, 0x5401}).lets_through());
  EXPECT_FALSE(Of(*policy, "ioctl", {1, 0x5402}).lets_through());
  EXPECT_FALSE(Of(*policy, "ioctl", {2, 0x5401}).lets_through());
  EXPECT_TRUE(Of(*policy, "mmap", {0, 0, 3}).lets_through());
  EXPECT_TRUE(Of(*policy, "mmap", {10, 0, 7}).lets_through());
  EXPECT_FALSE(Of(*policy, "mmap", {9, 0, 7}).lets_through());
  EXPECT_EQ(Of(*policy, "ptrace"), (Decision{Action::kErrno, EPERM}));
  EXPECT_EQ(policy->otherwise.action, Action::kKillThread);
}

// The names and the order of words are those of kafel's own tables and grammar.
TEST(ReaderTest, HasKafelsNamesOfCalls) {
  const auto policy = ReadKafel(
      "ALLOW { umount, sendfile64, newfstat, getuid ON x86,\n"
      "  write(fd) ON { x86_64, x86 } { fd == 1 }, SYSCALL[0x40000001] }",
      kArchX86_64);
  ASSERT_TRUE(policy.ok()) << policy.status();
  for (const char* call : {"umount2", "sendfile", "fstat"}) {
    EXPECT_TRUE(Of(*policy, call).lets_through()) << call;
  }
  const auto on_x86 = [&](const char* call, uint64_t argument) {
    return Judge(*policy, kArchX86, *NumberOfCall(kArchX86, call), {argument});
  };
  EXPECT_TRUE(on_x86("getuid32", 0).lets_through());
  EXPECT_FALSE(on_x86("getuid", 0).lets_through());
  EXPECT_TRUE(on_x86("write", 1).lets_through());
  EXPECT_FALSE(on_x86("write", 2).lets_through());
  EXPECT_TRUE(Judge(*policy, kArchX32, kX32Bit | 1, {}).lets_through());
  const Policy both{.arches = {kArchX86_64, kArchX86},
                    .rules = {{.number = Number("umount2")},
                              {.number = Number("write"),
                               .any_of = {{{.argument = 0, .value = 1}}}},
                              {.arch = kArchX86, .number = 24}}};
  const std::string text = RenderKafel(both, "p").text;
  EXPECT_THAT(text, HasSubstr("\n    umount ON x86_64,\n"));
  EXPECT_THAT(text, HasSubstr("a5) ON x86_64 { a0 == 0x1 }"));
  EXPECT_THAT(text, HasSubstr("SYSCALL[24] ON x86\n"));
}

TEST(ReaderTest, NamesTheLineThatItDoesNotUnderstand) {
  const auto kafel = ReadKafel("ALLOW {\n read,\n opennat\n}", kArchX86_64);
  EXPECT_THAT(std::string(kafel.status().message()), HasSubstr("opennat"));
  const auto minijail =
      ReadMinijail("read: 1\nioctl: arg1 == TCGETS\n", kArchX86_64);
  EXPECT_THAT(std::string(minijail.status().message()),
              HasSubstr("line 2: line 1: want a number, not \"TCGETS\""));
  const auto yaml = ReadKubernetes("kind: SeccompProfile\nspec: {a: [");
  EXPECT_THAT(std::string(yaml.status().message()), HasSubstr("not YAML"));
}

}  // namespace
}  // namespace formfuzz::campaign

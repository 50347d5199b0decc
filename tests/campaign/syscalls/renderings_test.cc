// SPDX-License-Identifier: Apache-2.0
// Every form against the policy that it was made of: read back, or compiled and
// run, over all architectures, all calls and the kinds of arguments that
// matter to a rule.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/parse/read.h"
#include "campaign/syscalls/policy/policy.h"
#include "campaign/syscalls/render/filter_machine.h"
#include "campaign/syscalls/render/render.h"
#include "framework/base/random.h"
#include "tests/campaign/syscalls/random_policy.h"

namespace formfuzz::campaign {
namespace {

using ::testing::HasSubstr;

std::string RulesText(const Policy& policy, Arch arch, int number) {
  std::string text;
  for (const Rule& rule : policy.rules) {
    if (rule.arch != arch || rule.number != number) continue;
    text += "; " + ToString(rule.verdict) + " " + ToString(rule.any_of);
  }
  return text;
}

using Decide = std::function<Decision(Arch, int, const CallArguments&)>;

// How many decisions were compared; stops at the first that differs.
size_t ExpectSame(const Policy& policy, const Decide& decide, Random* random) {
  size_t compared = 0;
  for (const Arch arch : {kArchX86_64, kArchX86, kArchX32, kArchAarch64}) {
    const bool listed =
        std::count(policy.arches.begin(), policy.arches.end(), arch) != 0;
    std::vector<int> calls = KnownCalls(arch);
    const int bit = arch == kArchX32 ? kX32Bit : 0;
    for (const int number : {333, 470, 900, 901, 1023, 5000}) {
      calls.push_back(number | bit);
    }
    for (const int number : calls) {
      if (IsMultiplexed(arch, number)) continue;
      for (const auto& arguments :
           ArgumentKinds(policy, arch, number, random)) {
        const Decision wanted = Judge(policy, arch, number, arguments);
        const Decision got = decide(arch, number, arguments);
        ++compared;
        // How the process ends is the runtime's to choose.
        const bool same = listed
                              ? wanted == got
                              : !got.lets_through() && !wanted.lets_through();
        if (same) continue;
        ADD_FAILURE() << NameOfArch(arch) << " " << NameOfCall(arch, number)
                      << "(" << std::hex << ::testing::PrintToString(arguments)
                      << "): " << ToString(got) << ", not " << ToString(wanted)
                      << RulesText(policy, arch, number);
        return compared;
      }
    }
  }
  return compared;
}

struct Form {
  Format format;
  Ability ability;
};

class RenderingLaws : public ::testing::TestWithParam<Form> {};

constexpr int kPolicies = 12;
constexpr size_t kDecisionsMin = 50'000;

TEST_P(RenderingLaws, IsReadBackAsWhatItWasMadeOf) {
  Random random(11);
  size_t compared = 0;
  for (int i = 0; i < kPolicies && !HasFailure(); ++i) {
    Policy policy = AnyPolicy(GetParam().ability, &random);
    if (GetParam().format == Format::kMinijail) {
      policy.otherwise = {Action::kKillProcess, 0};
    }
    const auto rendering = Render(GetParam().format, policy, {});
    ASSERT_TRUE(rendering.ok()) << rendering.status();
    if (GetParam().format != Format::kSystemd) {
      EXPECT_TRUE(rendering->lost.empty()) << rendering->lost[0];
    }
    EXPECT_EQ(GuessFormat(rendering->text), GetParam().format);
    const auto read = ReadPolicy(GetParam().format, rendering->text, {});
    ASSERT_TRUE(read.ok()) << read.status() << "\n" << rendering->text;
    compared += ExpectSame(
        policy,
        [&](Arch arch, int number, const CallArguments& arguments) {
          return Judge(*read, arch, number, arguments);
        },
        &random);
    if (HasFailure()) std::fputs(rendering->text.c_str(), stderr);
  }
  EXPECT_GT(compared, kDecisionsMin);
}

TEST_P(RenderingLaws, IsTheSameAfterASecondTurn) {
  Random random(12);
  const Policy policy = AnyPolicy(GetParam().ability, &random);
  const auto first = Render(GetParam().format, policy, {});
  ASSERT_TRUE(first.ok()) << first.status();
  const auto read = ReadPolicy(GetParam().format, first->text, {});
  ASSERT_TRUE(read.ok()) << read.status();
  if (GetParam().format == Format::kPfc) return;  // rules by halves of words
  EXPECT_EQ(Render(GetParam().format, *read, {})->text, first->text);
}

// Whoever reads what others wrote must stay whole: no crash, no endless work.
TEST_P(RenderingLaws, BrokenTextIsRefusedOrRead) {
  Random random(14);
  const auto whole =
      Render(GetParam().format, AnyPolicy(GetParam().ability, &random), {});
  ASSERT_TRUE(whole.ok()) << whole.status();
  const std::string& text = whole->text;
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    std::string broken = text.substr(0, 3000);
    for (size_t edits = 1 + random.Below(4); edits > 0; --edits) {
      const size_t place = random.Below(broken.size());
      if (random.OneIn(2)) {
        broken[place] = static_cast<char>(random.Below(256));
      } else {
        broken.insert(place, broken.substr(random.Below(broken.size()), 9));
      }
    }
    if (!ReadPolicy(GetParam().format, broken, {}).ok()) ++refused;
  }
  // systemd takes what it does not know for a call of a newer kernel.
  if (GetParam().format != Format::kSystemd) {
    EXPECT_GT(refused, 0);
  }
}

TEST(FilterTest, DecidesAsThePolicyItWasMadeOf) {
  Random random(13);
  size_t compared = 0;
  for (int i = 0; i < kPolicies && !HasFailure(); ++i) {
    const Policy policy = AnyPolicy({.orders = false}, &random);
    const auto rendering = Render(Format::kBpf, policy, {});
    ASSERT_TRUE(rendering.ok()) << rendering.status();
    compared += ExpectSame(
        policy,
        [&](Arch arch, int number, const CallArguments& arguments) {
          const auto verdict =
              RunFilter(rendering->text, arch, number, arguments);
          EXPECT_TRUE(verdict.ok()) << verdict.status();
          return verdict.value_or(Decision{Action::kTrap, 0});
        },
        &random);
  }
  EXPECT_GT(compared, kDecisionsMin);
}

std::string FormName(const ::testing::TestParamInfo<Form>& test) {
  return std::string(NameOf(test.param.format));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, RenderingLaws,
    ::testing::Values(
        Form{Format::kOci, {.arches = false, .numbers = false}},
        Form{Format::kKubernetes, {.arches = false, .numbers = false}},
        Form{Format::kSystemd,
             {.arguments = false, .arches = false, .numbers = false}},
        Form{Format::kPfc, {.orders = false}},
        Form{Format::kMinijail, {.arches = false, .numbers = false}},
        Form{Format::kKafel, {}}),
    FormName);

Policy Small() {
  return {.arches = {kArchX86_64},
          .rules = {{.number = 0},
                    {.number = 16, .any_of = {{EqualInWidth(1, 32, 0x5401)}}},
                    {.number = 900}}};
}

TEST(RenderingTest, TellsWhatAFormCannotSay) {
  using ::testing::Contains;
  EXPECT_THAT(RenderOci(Small()).lost,
              Contains(HasSubstr("syscall_900: has no name yet")));
  EXPECT_THAT(RenderSystemd(Small()).lost,
              Contains(HasSubstr("ioctl: systemd does not look at arguments")));
  EXPECT_THAT(RenderMinijail(Small()).lost,
              Contains(HasSubstr("no other default")));
  EXPECT_TRUE(RenderKafel(Small(), "p").lost.empty());
  Policy odd = Small();
  odd.rules[1].any_of = {{{.compare = Compare::kLess, .mask = 7, .value = 3}}};
  const auto bpf = RenderBpf(odd);
  ASSERT_TRUE(bpf.ok());
  EXPECT_THAT(bpf->lost, Contains(HasSubstr("no words for arg0 & 0x7 < 0x3")));
  EXPECT_TRUE(RunFilter(bpf->text, kArchX86_64, 16, {5})->lets_through())
      << "what cannot be said lets more through, never less";
}

TEST(RenderingTest, LeavesOutWhatLibseccompHasNoNameFor) {
  constexpr int kMseal = 462;  // newer than libseccomp 2.5
  const Policy policy{
      .arches = {kArchX86_64, kArchX86},
      .rules = {{.number = 1}, {.arch = kArchX86, .number = kMseal}}};
  for (const Format format : {Format::kBpf, Format::kPfc}) {
    const auto rendering = Render(format, policy, {});
    ASSERT_TRUE(rendering.ok()) << rendering.status();
    const Rule rule = policy.rules[1];
    EXPECT_EQ(rendering->lost.empty(), LibseccompKnows(rule.arch, rule.number));
  }
  const auto bpf = RenderBpf(policy);
  for (const int number : KnownCalls(kArchX86)) {
    if (number == kMseal) continue;
    EXPECT_FALSE(RunFilter(bpf->text, kArchX86, number, {})->lets_through())
        << number;
  }
}

TEST(RenderingTest, ReadsAsPeopleWriteThem) {
  EXPECT_EQ(RenderKafel(Small(), "my tool").text,
            "// x86_64\n"
            "POLICY my_tool {\n"
            "  ALLOW {\n"
            "    read,\n"
            "    ioctl(a0, a1, a2, a3, a4, a5) { (a1 & 0xffffffff) == 0x5401 "
            "},\n"
            "    SYSCALL[900]\n"
            "  }\n"
            "}\n"
            "USE my_tool DEFAULT ERRNO(38)\n");
  EXPECT_EQ(RenderSystemd(Small()).text,
            "[Service]\nNoNewPrivileges=yes\nSystemCallArchitectures=native\n"
            "SystemCallFilter=ioctl read\nSystemCallErrorNumber=ENOSYS\n");
  EXPECT_THAT(RenderKubernetes(Small(), "/usr/bin/My Tool").text,
              HasSubstr("\n  name: usr-bin-my-tool\n"));
  EXPECT_THAT(RenderMinijail(Small()).text,
              HasSubstr("ioctl: arg1 in 0xffffffff00005401 && arg1 & 0x1 && "));
}

TEST(SystemdGroupsTest, CoverAllThatIsAllowed) {
  const SystemdGroups groups = ParseSystemdGroups(
      "@default\n    # always\n    execve\n    exit\n\n@io\n    read\n"
      "    write\n    lseek\n\n@all\n    @io\n    ioctl\n");
  EXPECT_EQ(groups.at("@all"),
            (std::set<std::string>{"ioctl", "lseek", "read", "write"}));
  Policy policy{.arches = {kArchX86_64},
                .rules = {{.number = 0}, {.number = 1}, {.number = 59}}};
  const auto cover = RenderSystemdGroups(policy, &groups);
  ASSERT_TRUE(cover.ok()) << cover.status();
  EXPECT_THAT(cover->text, HasSubstr("SystemCallFilter=@default @io\n"));
  const auto read = ReadSystemd(cover->text, {.groups = &groups});
  ASSERT_TRUE(read.ok()) << read.status();
  for (const Rule& rule : policy.rules) {
    EXPECT_TRUE(Judge(*read, rule.arch, rule.number, {}).lets_through());
  }
  EXPECT_FALSE(Judge(*read, kArchX86_64, 16, {}).lets_through());
  EXPECT_FALSE(RenderSystemdGroups(policy, nullptr).ok());
  EXPECT_FALSE(ReadSystemd(cover->text, {}).ok()) << "groups are not known";
}

}  // namespace
}  // namespace formfuzz::campaign

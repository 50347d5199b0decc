// SPDX-License-Identifier: Apache-2.0
// Whether driving finds what is there: programs whose one rare call is known,
// behind one condition each.

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>

#include "campaign/syscalls/learn/learner.h"
#include "tests/campaign/syscalls/learning.h"

namespace formfuzz::campaign {
namespace {

struct Needle {
  const char* name;
  int number;
  bool by_denial = false;  // shows only when another call fails
  const char* family = FORMFUZZ_NEEDLES;
  bool compares = false;  // what it compares has to be answered
};

class Needles : public testing::TestWithParam<Needle> {};

// Of the calls in the profile, those that the run in their evidence makes.
double Precision(Learner& learner) {
  size_t calls = 0;
  size_t confirmed = 0;
  std::set<uint32_t> seen;
  for (const auto& [key, discovery] : learner.discoveries().items()) {
    if (!seen.insert(key.number).second) continue;
    ++calls;
    const Trial& trial =
        learner.Smallest(key.arch, key.number, discovery.trial);
    // A signal may come too late the next time; all else is the same.
    const int attempts = trial.conditions.signals.empty() ? 1 : 4;
    bool again = false;
    for (int attempt = 0; attempt < attempts && !again; ++attempt) {
      const auto look = learner.LookAt(trial);
      again = look.ok() &&
              std::ranges::any_of(look->notes,
                                  [number = key.number](const Note& note) {
                                    return note.call.number == number;
                                  });
    }
    if (again) ++confirmed;
  }
  return calls == 0
             ? 0
             : static_cast<double>(confirmed) / static_cast<double>(calls);
}

TEST_P(Needles, IsFound) {
  const std::string program =
      GetParam().family + std::to_string(GetParam().number);
  LearnOptions options = OptionsFor(program);
  options.answers_by_turns = GetParam().compares;
  auto learner = Learner::Make(options);
  ASSERT_TRUE(learner.ok()) << learner.status();
  const auto found = [&] { return HasFound(**learner, SYS_getsid); };
  ASSERT_TRUE((*learner)
                  ->Learn([&](const LearnProgress& now) {
                    return GetParam().by_denial ? now.runs < 400 : !found();
                  })
                  .ok());
  if (GetParam().by_denial) {
    EXPECT_FALSE(found());
    ASSERT_TRUE((*learner)->TryWithout(kForeverMs).ok());
  }
  EXPECT_TRUE(found());
  const double precision = Precision(**learner);
  std::printf("%s: recall %d of 1, precision %.2f, %llu runs\n",
              GetParam().name, found() ? 1 : 0, precision,
              static_cast<unsigned long long>((*learner)->numbers().runs));
  EXPECT_GE(precision, 0.9);
}

INSTANTIATE_TEST_SUITE_P(
    All, Needles,
    testing::Values(
        Needle{"Flag", 1}, Needle{"PairOfFlags", 2}, Needle{"LargeNumber", 3},
        Needle{"ChoiceOfHelp", 4}, Needle{"MagicOnStdin", 5},
        Needle{"Variable", 6}, Needle{"NoHome", 7}, Needle{"Handler", 8},
        Needle{"OutOfDescriptors", 9}, Needle{"Thread", 10},
        Needle{"Child", 11}, Needle{"ExecutedProgram", 12},
        Needle{"ClosedStdout", 13}, Needle{"Terminal", 14},
        Needle{"NestedSubcommand", 15}, Needle{"Folder", 16},
        Needle{"FileContent", 17}, Needle{"HiddenFlag", 18},
        Needle{"FallBack", 19, true}, Needle{"Daemon", 20},
        Needle{"Settings", 21}, Needle{"TerminalForErrors", 22},
        Needle{"VariableThatNamesAFile", 23}, Needle{"WordBehindAPrefix", 24},
        Needle{"Code", 25}, Needle{"SocketForInput", 26},
        Needle{"UnreadOutput", 27}, Needle{"FullDevice", 28},
        Needle{"MuchInput", 29}, Needle{"DashBehindDashes", 30},
        Needle{"WideNumber", 31}, Needle{"FileThatIsLookedFor", 32},
        Needle{"FilesOfOneContent", 33}, Needle{"WordOfALibrary", 34}),
    [](const auto& needle) { return std::string(needle.param.name); });

Needle Reader(const char* name, int number, bool by_denial = false) {
  return {name, number, by_denial, FORMFUZZ_READERS};
}

INSTANTIATE_TEST_SUITE_P(
    Readers, Needles,
    testing::Values(
        Reader("FileThatItMakes", 1), Reader("PackedInput", 2),
        Reader("WideInput", 3), Reader("ColumnOfATable", 4),
        Reader("FieldOfAnObject", 5), Reader("ArgumentsInAFile", 6),
        Reader("SecondInterrupt", 7), Reader("ReloadThenEnd", 8),
        Reader("MultipleOfANumber", 9), Reader("FileOfNames", 10),
        Reader("DashForInput", 11), Reader("ComesAgain", 12, true),
        Reader("AcrossFileSystems", 13, true), Reader("StoreOfThreeRuns", 14),
        Reader("CommandBehindAColon", 15), Reader("ExampleOfItsHelp", 16),
        Reader("ExamplesOneAfterTheOther", 17), Reader("AnswerToARequest", 18),
        Reader("GreetingOfAHost", 19), Reader("SomebodyElsewhere", 20),
        Reader("OutputThatIsInput", 21), Reader("HiddenLetter", 22)),
    [](const auto& needle) { return std::string(needle.param.name); });

Needle Comparer(const char* name, int number) {
  return {name, number, false, FORMFUZZ_COMPARERS, true};
}

INSTANTIATE_TEST_SUITE_P(Comparers, Needles,
                         testing::Values(Comparer("FieldsOfAHeader", 1),
                                         Comparer("SumOfAFile", 2),
                                         Comparer("LinesOneAfterTheOther", 3),
                                         Comparer("FormatOfALine", 4),
                                         Comparer("ValueOfAVariable", 5),
                                         Comparer("ValueOfAFlag", 6)),
                         [](const auto& needle) {
                           return std::string(needle.param.name);
                         });

}  // namespace
}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// Forked processes leave out what the loader does at a program's end where that
// is nothing; what the program has to do is done as ever.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/campaign/process/executors/programs.h"

namespace formfuzz::campaign {
namespace {

struct Row {
  std::string name;
  ExecutorKind kind;
  std::string program;
  std::string library;  // that it loads
  std::string says;     // when the loader is called at its end
};

std::vector<Row> Rows() {
  std::vector<Row> rows;
  const auto add = [&rows](const std::string& name, ExecutorKind kind,
                           const std::string& program) {
    rows.push_back({name + "Plain", kind, program, "", ""});
    rows.push_back({name + "Destructor", kind, program + "_destructor", "",
                    "destructor\n"});
    rows.push_back({name + "Fini", kind, program + "_fini", "", "fini\n"});
    rows.push_back(
        {name + "Loads", kind, program, FORMFUZZ_ENDING_LIBRARY, "library\n"});
  };
  add("Zygote", ExecutorKind::kZygote, FORMFUZZ_ENDING);
#ifdef FORMFUZZ_COUNTED_ENDING
  add("Runtime", ExecutorKind::kRuntime, FORMFUZZ_COUNTED_ENDING);
#endif
  return rows;
}

class EndingTest : public ::testing::TestWithParam<Row> {
 protected:
  // What it writes.
  std::string Run(std::vector<std::string> arguments) {
    const auto executor =
        Made(OptionsFor({GetParam().program}, GetParam().kind));
    if (executor == nullptr) return "";
    ProgramInput input;
    input.arguments = std::move(arguments);
    Execution execution;
    EXPECT_TRUE(executor->Run(input, execution).ok());
    EXPECT_EQ(execution.code, 0);
    return std::string(execution.output);
  }
};

TEST_P(EndingTest, DoesWhatIsToBeDone) {
  // The library's object was made after the program's.
  const std::string objects =
      GetParam().library.empty() ? "object\n" : "object\nobject\n";
  EXPECT_EQ(Run({GetParam().library}),
            "handler\n" + objects + GetParam().says + "text\n");
}

TEST_P(EndingTest, LeavesTheLoaderOutWhereItHasNothingToDo) {
  // The zygote is no part of the program, which looks by itself.
  const bool looks = GetParam().kind == ExecutorKind::kZygote;
  EXPECT_EQ(Run({GetParam().library, looks ? "looks" : "asks"}),
            GetParam().says.empty() ? "left out\n" : "called\n");
}

INSTANTIATE_TEST_SUITE_P(All, EndingTest, ::testing::ValuesIn(Rows()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace formfuzz::campaign

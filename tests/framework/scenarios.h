// SPDX-License-Identifier: Apache-2.0
// Short forms for tests of scenarios: each owns what its scenario points to.
#ifndef FORMFUZZ_TESTS_FRAMEWORK_SCENARIOS_H_
#define FORMFUZZ_TESTS_FRAMEWORK_SCENARIOS_H_

#include <gtest/gtest.h>

#include <string>

#include "framework/form/scenario_codec.h"
#include "framework/form/scenario_text.h"
#include "tests/framework/bank.h"

namespace formfuzz {

inline std::string Encoded(const Recipe& recipe, const Scenario& scenario) {
  ByteSink out;
  EncodeScenario(recipe, scenario, out);
  return std::string(AsText(out.bytes()));
}

// A bank, an arena, and scenarios in it.
class BankScenarios : public testing::Test {
 protected:
  // `lines` follow the title of the strategy.
  Scenario Parse(std::string_view lines, std::string_view strategy = "all") {
    const std::string_view text =
        arena_.Copy(Concat("scenario bank strategy ", strategy, "\n", lines));
    Scenario scenario;
    const absl::Status status = ParseScenario(recipe_, text, arena_, scenario);
    EXPECT_TRUE(status.ok()) << status << "\n" << text;
    return scenario;
  }
  Scenario Decode(std::string_view bytes) {
    Scenario scenario;
    DecodeScenario(recipe_, AsBytes(arena_.Copy(bytes)), arena_, scenario);
    return scenario;
  }
  // What follows the title.
  std::string Lines(const Scenario& scenario) const {
    const std::string text = PrintScenario(recipe_, scenario);
    return text.substr(text.find('\n') + 1);
  }
  std::string Encode(const Scenario& scenario) const {
    return Encoded(recipe_, scenario);
  }

  std::unique_ptr<Recipe> owned_ = BankRecipe();
  const Recipe& recipe_ = *owned_;
  Arena arena_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_TESTS_FRAMEWORK_SCENARIOS_H_

// SPDX-License-Identifier: Apache-2.0
// Inputs that are bytes and nothing else.
#include <algorithm>

#include "campaign/loop/form/input_form.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kShownMax = 2048;
constexpr size_t kColumns = 16;

// One line of a hexadecimal listing.
std::string HexLine(size_t offset, Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  std::string text;
  for (const uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
    hex += ' ';
    text += byte >= ' ' && byte <= '~' ? static_cast<char>(byte) : '.';
  }
  hex.resize(3 * kColumns, ' ');
  const std::string place = std::to_string(offset);
  return Concat(std::string(6 - std::min<size_t>(6, place.size()), ' '), place,
                "  ", hex, " ", text, "\n");
}

class PlainForm final : public InputForm {
 public:
  void Fill(Bytes input, ProgramInput& program) override {
    program.bytes = input;
  }
  bool Shrink(const MinimiseLimits& limits, StillDoes still_does,
              InputBytes& input) override {
    return Minimise(limits, still_does, input);
  }
  void AddMutators(Mutators*) override {}
  std::string Text(Bytes input) override {
    std::string text = Concat(input.size(), " bytes\n");
    const Bytes shown = input.first(std::min(input.size(), kShownMax));
    for (size_t at = 0; at < shown.size(); at += kColumns) {
      text +=
          HexLine(at, shown.subspan(at, std::min(kColumns, shown.size() - at)));
    }
    if (shown.size() < input.size()) text += "   ...\n";
    return text;
  }
  InputBytes Adopt(Bytes content) override {
    return InputBytes(content.begin(), content.end());
  }
  std::vector<InputBytes> Smallest() override {
    return {InputBytes(), InputBytes{'0'}, InputBytes(64, 0)};
  }
  bool plain() const override { return true; }
};

}  // namespace

std::unique_ptr<InputForm> MakePlainForm() {
  return std::make_unique<PlainForm>();
}

}  // namespace formfuzz::campaign

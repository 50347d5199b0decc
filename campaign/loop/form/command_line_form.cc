// SPDX-License-Identifier: Apache-2.0
// Inputs that are whole command lines.
#include <algorithm>
#include <utility>

#include "campaign/loop/form/argument_mutators.h"
#include "campaign/loop/form/input_form.h"
#include "campaign/loop/mutate/structure/domain_mutator.h"
#include "generators/command_line.h"

namespace formfuzz::campaign {
namespace {

using Domain = CommandLineDomain;

StdinKind KindOf(InputStream stream) {
  switch (stream) {
    case InputStream::kPipe:
      return StdinKind::kPipe;
    case InputStream::kTerminal:
      return StdinKind::kTerminal;
    case InputStream::kClosed:
      return StdinKind::kClosed;
    case InputStream::kNothing:
      return StdinKind::kNothing;
    case InputStream::kFile:
      break;
  }
  return StdinKind::kFile;
}

StdoutKind KindOf(OutputStream stream) {
  switch (stream) {
    case OutputStream::kFile:
      return StdoutKind::kFile;
    case OutputStream::kTerminal:
      return StdoutKind::kTerminal;
    case OutputStream::kClosed:
      return StdoutKind::kClosed;
    case OutputStream::kNothing:
      return StdoutKind::kNothing;
    case OutputStream::kPipe:
      break;
  }
  return StdoutKind::kPipe;
}

class CommandLineForm final : public InputForm {
 public:
  explicit CommandLineForm(std::vector<std::string> words)
      : words_(std::move(words)), domain_(CommandLines()) {
    for (char letter = 'a'; letter <= 'z'; ++letter) {
      words_.push_back({'-', letter});
      words_.push_back({'-', static_cast<char>(letter - 'a' + 'A')});
    }
    words_.insert(words_.end(),
                  {"--help", "--version", "--", "-", "0", "-1", "1", "10",
                   "255", "65536", "99999999999", "a", "b", "c.txt"});
  }

  void Fill(Bytes input, ProgramInput& program) override {
    line_ = Decoded(domain_, input, arena_);
    program.bytes = AsBytes(line_.content);
    program.arguments = line_.arguments;
    program.files.clear();
    for (const GivenFile& file : line_.files) {
      const bool twice = std::any_of(
          program.files.begin(), program.files.end(),
          [&](const InputFile& other) { return other.path == file.name; });
      if (!twice) program.files.push_back({file.name, file.content});
    }
    program.environment.clear();
    for (const GivenVariable& variable : line_.variables) {
      program.environment.emplace_back(variable.name, variable.value);
    }
    program.stdin_kind = KindOf(line_.input);
    program.stdout_kind = KindOf(line_.output);
  }

  bool Shrink(const MinimiseLimits& limits, StillDoes still_does,
              InputBytes& input) override {
    CommandLine line = Decoded(domain_, input, arena_);
    uint32_t tries = 0;
    const auto accept = [&](const CommandLine& candidate) {
      if (tries >= limits.tries_max) return false;
      ++tries;
      const InputBytes bytes = Encoded(domain_, candidate);
      if (bytes.size() > input.size() || !still_does(bytes)) return false;
      input = bytes;
      return true;
    };
    bool shrank = false;
    while (tries < limits.tries_max && domain_.Shrink(line, arena_, accept)) {
      shrank = true;
    }
    return shrank;
  }

  void AddMutators(Mutators* mutators) override {
    mutators->push_back(
        std::make_unique<DomainMutator<Domain>>("command-line", domain_));
    AddArgumentMutators(words_, mutators);
  }

  std::string Text(Bytes input) override {
    TextSink out;
    domain_.Print(Decoded(domain_, input, arena_), out);
    return out.Take() + "\n";
  }

  InputBytes Adopt(Bytes content) override {
    CommandLine line = Decoded(domain_, {}, arena_);
    line.content =
        AsText(content.first(std::min(content.size(), kContentBytesMax)));
    return Encoded(domain_, line);
  }

  std::vector<InputBytes> Smallest() override {
    const CommandLine nothing = Decoded(domain_, {}, arena_);
    std::vector<InputBytes> inputs = {Encoded(domain_, nothing)};
    for (const char* word : {"--help", "--version", "a"}) {
      CommandLine line = nothing;
      line.arguments = {word};
      inputs.push_back(Encoded(domain_, line));
    }
    return inputs;
  }

  bool plain() const override { return false; }

 private:
  std::vector<std::string> words_;
  Domain domain_;
  Arena arena_;
  CommandLine line_;  // of the last Fill: what the program borrows
};

}  // namespace

std::unique_ptr<InputForm> MakeCommandLineForm(std::vector<std::string> words) {
  return std::make_unique<CommandLineForm>(std::move(words));
}

}  // namespace formfuzz::campaign

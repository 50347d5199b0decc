// SPDX-License-Identifier: Apache-2.0
// Inputs that are whole command lines.
#include <algorithm>
#include <utility>

#include "campaign/loop/form/input_form.h"
#include "campaign/loop/mutate/structure/domain_mutator.h"
#include "campaign/loop/mutate/words/dictionary.h"
#include "generators/command_line.h"

namespace formfuzz::campaign {
namespace {

using Domain = decltype(CommandLines());

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

InputBytes Encoded(const Domain& domain, const CommandLine& line) {
  ByteSink out;
  domain.Encode(line, out);
  return InputBytes(out.bytes().begin(), out.bytes().end());
}

CommandLine Decoded(const Domain& domain, Bytes input, Arena& arena) {
  arena.Reset();
  ByteSource in(input, arena);
  return domain.Decode(in);
}

// An argument made of a word that the program knows: as it is, behind one or
// two dashes, or with a value.
class ArgumentMutator final : public Mutator {
 public:
  explicit ArgumentMutator(std::vector<std::string> words)
      : words_(std::move(words)), domain_(CommandLines()) {}

  std::string_view name() const override { return "argument-word"; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    if (words_.empty()) return false;
    CommandLine line = Decoded(domain_, input, arena_);
    std::string argument = MakeArgument(scene.random);
    const size_t at = scene.random.Below(line.arguments.size() + 1);
    const auto place = line.arguments.begin() + static_cast<ptrdiff_t>(at);
    if (at < line.arguments.size() && scene.random.OneIn(2)) {
      *place = std::move(argument);
    } else if (line.arguments.size() < kArgumentsMax) {
      line.arguments.insert(place, std::move(argument));
    } else {
      return false;
    }
    const InputBytes made = Encoded(domain_, line);
    if (made.size() > scene.size_max || made == input) return false;
    input = made;
    return true;
  }

 private:
  std::string MakeArgument(Random& random) const {
    std::string word = words_[random.Below(words_.size())];
    if (word[0] != '-' && random.OneIn(2)) {
      word.insert(0, word.size() == 1 || random.OneIn(4) ? "-" : "--");
    }
    if (random.OneIn(4)) {
      word += '=';
      word += words_[random.Below(words_.size())];
    }
    if (word.size() > kArgumentBytesMax) word.resize(kArgumentBytesMax);
    return word;
  }

  std::vector<std::string> words_;
  Domain domain_;
  Arena arena_;
};

class CommandLineForm final : public InputForm {
 public:
  explicit CommandLineForm(std::vector<std::string> words)
      : words_(std::move(words)), domain_(CommandLines()) {
    for (char letter = 'a'; letter <= 'z'; ++letter) {
      words_.push_back({'-', letter});
      words_.push_back({'-', static_cast<char>(letter - 'a' + 'A')});
    }
    words_.insert(words_.end(), {"--help", "--version", "--", "-", "0", "-1",
                                 "1", "99999999999", "a", "b", "c.txt"});
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
    mutators->push_back(std::make_unique<ArgumentMutator>(words_));
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

// SPDX-License-Identifier: Apache-2.0
// What the bytes of an input mean to the program: the content of one file, or
// a whole command line.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_FORM_INPUT_FORM_H_
#define FORMFUZZ_CAMPAIGN_LOOP_FORM_INPUT_FORM_H_

#include <memory>
#include <string>
#include <vector>

#include "campaign/loop/mutate/mutator.h"
#include "campaign/loop/triage/minimise.h"
#include "campaign/process/program_input.h"

namespace formfuzz::campaign {

class InputForm {
 public:
  virtual ~InputForm() = default;

  // What the program is given. `program` borrows from `input`.
  virtual void Fill(Bytes input, ProgramInput& program) = 0;
  // True if it was made smaller.
  virtual bool Shrink(const MinimiseLimits& limits, StillDoes still_does,
                      InputBytes& input) = 0;
  // Mutators that know the form; may add none.
  virtual void AddMutators(Mutators* mutators) = 0;
  // For people; ends with a line end.
  virtual std::string Text(Bytes input) = 0;
  // The input that gives the program these bytes to read: what a file of
  // somebody's inputs stands for.
  virtual InputBytes Adopt(Bytes content) = 0;
  // Inputs to begin with where none are given.
  virtual std::vector<InputBytes> Smallest() = 0;
  // Whether inputs are just bytes, which can be handed over in batches.
  virtual bool plain() const = 0;
};

// The bytes are those that the program reads from its file or stdin.
std::unique_ptr<InputForm> MakePlainForm();

// The bytes encode a CommandLine; `words` are what arguments are made from.
// Where the command has an `@@`, its file is one of the parts.
std::unique_ptr<InputForm> MakeCommandLineForm(std::vector<std::string> words);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_FORM_INPUT_FORM_H_

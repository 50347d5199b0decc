// SPDX-License-Identifier: Apache-2.0
// Thinks up ways to run a program: first a plan that goes through everything
// known of its command line once, then random combinations, and changes of
// those trials that have shown something new.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_DRIVER_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_DRIVER_H_

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "campaign/loop/mutate/havoc.h"
#include "campaign/loop/mutate/words/dictionary.h"
#include "campaign/syscalls/drive/looked_for.h"
#include "campaign/syscalls/drive/made_files.h"
#include "campaign/syscalls/drive/trial.h"
#include "campaign/syscalls/help/flags.h"
#include "campaign/syscalls/help/forms.h"
#include "campaign/syscalls/writings/shown_commands.h"
#include "campaign/syscalls/writings/spoken.h"
#include "framework/base/random.h"

namespace formfuzz::campaign {

// Made of what a program says of itself, and of its user's own runs.
struct DrivingWords {
  CommandWords command;
  // Of subcommands, by name; those of "" are in `command`.
  std::map<std::string, CommandWords> subcommands;
  std::vector<OperandForm> forms;      // of operands
  std::vector<std::string> variables;  // likely names
  std::vector<std::string> constants;  // that input is compared with
  std::vector<std::string> numbers;    // that its code compares with
  std::vector<std::string> formats;    // that it may read by, filled in
  std::vector<std::string> settings;   // files that it may look for
  std::string prefixes;                // characters before its own commands
  std::vector<ShownCommand> shown;     // by manuals and scripts, in order
  std::vector<std::string> scripts;    // paths, in the program's language
  Spoken spoken;                       // by these
  Dictionary dictionary;
  std::vector<Trial> examples;
  // To a program that serves; empty: to no other, or by somebody else alone.
  std::vector<std::string> requests;
  bool serves = false;
};

// The first of each part, the second of each, ...; so many at most.
template <class T>
std::deque<T> InTurns(std::vector<std::deque<T>> parts, size_t most) {
  std::deque<T> all;
  for (bool more = true; more;) {
    more = false;
    for (std::deque<T>& part : parts) {
      if (part.empty() || all.size() >= most) continue;
      all.push_back(std::move(part.front()));
      part.pop_front();
      more = true;
    }
  }
  return all;
}

// "remote add" is two words.
void AppendSubcommand(const std::string& subcommand, Trial& trial);

class Driver {
 public:
  Driver(DrivingWords words, uint64_t seed);

  // Of the plan, while there is one.
  Trial Next();
  Trial NextByChance();
  // Of the last trial: it is likely to make something of what was made before.
  bool leads_on() const { return leads_on_; }
  // What is left of the plan.
  size_t planned() const;
  // Only chance and what programs look for and make, from now on.
  void ForgetPlan() {
    parts_.clear();
    shown_.clear();
    turn_ = nullptr;
  }
  // Paths that the trial's run has looked for in vain.
  void Missed(const std::set<std::string>& paths, const Trial& trial);
  // Files that lay there at the end of the trial's run.
  void Left(const std::vector<InputFile>& files, const Trial& trial);
  // What was just run showed something new: `news` of 3 a call, 1 less.
  void Keep(const Trial& trial, uint32_t news);
  // Of each run of a trial that was handed out: words with which runs take too
  // long are taken less often, and what takes long has fewer turns.
  void Ran(const Trial& trial, bool hung, uint64_t wall_ns);

 private:
  // Of a turn, where a run that leads on costs 1.
  static constexpr uint64_t kCost = 3;
  // Of the plan. Those that have taken less time have their turn first.
  struct Part {
    std::deque<Trial> trials;
    uint64_t spent = 0;
  };
  struct Kept {
    Trial trial;
    uint32_t energy = 0;
  };
  // Runs among files that the program has made, which would be large if each
  // had its own.
  struct AmongMade {
    Trial base;
    struct Use {
      std::vector<std::string> arguments;
      std::string input;  // standard input: the path of a file; "": none
      bool leads_on = false;
    };
    std::deque<Use> uses;
  };

  void Plan();
  void PlanOperands(const CommandWords& words, const std::string& subcommand);
  void PlanFlags(const CommandWords& words, const std::string& subcommand);
  void PlanPairs(const CommandWords& words, const std::string& subcommand);
  void PlanMakers(const CommandWords& words, const std::string& subcommand);
  void PlanSurroundings();
  void PlanVariables();
  void PlanFlagsAround();
  void MakeContents();
  void PlanSettings();
  void PlanByWords();
  void PlanForms();
  void PlanFlagsBehind();
  void PlanOwnValues();
  void PlanPrefixedVariables();
  void PlanPlacesOfConstants();
  void PlanSignalsFirst();
  void PlanConversations();
  void PlanStandardInput();
  void PlanNamesAsInput();
  void PlanDashes();
  void PlanCodeAsInput();
  void PlanWords();
  void PlanPrefixes();
  void PlanDocuments();
  std::vector<std::string> NamesOfFields() const;
  void PlanResponseFiles();
  void PlanCode();
  void PlanShown();
  void PlanScripts();
  void PlanSpoken();
  void PlanInTurns();
  std::deque<Trial> TakePlan();
  void AddPart(std::deque<Trial> trials);
  Part* LeastSpent();
  Part* NextPart();
  static Trial TakeFirst(Part& part);
  Trial TakeFound();
  Trial TakeMade();
  Trial TakeShown();
  void TakeLeftByShown(const std::vector<InputFile>& files);
  std::deque<AmongMade::Use> UsesOf(const std::vector<std::string>& paths,
                                    const CommandWords& words,
                                    const std::string& subcommand);
  // Where the trial names what it looks for, by other names in that folder.
  void MissedNamed(const std::string& path, const Trial& trial);
  // Has its turns from now on, not those that it missed.
  void BeginsNow(Part& part);
  std::vector<std::string> LikelyOperands();
  std::vector<std::vector<std::string>> OperandSets(const CommandWords& words);

  bool IsShunned(const std::string& word) const;
  const CommandWords& PickWords(Trial& trial);
  Trial Random();
  Trial Changed();
  void Change(Trial& trial);
  void AddFlag(const CommandWords& words, Trial& trial);
  void ChangeSurroundings(Trial& trial);
  void ChangeStandardInput(Trial& trial);
  void ChangeFile(InputFile& file);
  std::string Mutated(std::string_view bytes);
  Trial Varied(Trial trial);
  void PlanRequests();
  void PlanWordsAsRequests();
  std::string Request();
  void ChangeRequests(Trial& trial);
  void Visit(Trial& trial);
  std::string ValueFor(ValueKind kind, const std::vector<std::string>& choices);
  std::string Operand(const CommandWords& words, size_t at);
  std::string AnyWord();
  void AppendFlag(const Flag& flag, const std::string& value, Trial& trial);
  // Of those that it has to choose from, or that are usual for its kind: what
  // the description of another has in quotes may be a unit.
  static std::string FirstValueOf(const Flag& flag);
  // With what it is said to need.
  void AppendWithNeeds(const CommandWords& words, const Flag& flag,
                       const std::string& value, Trial& trial);

  DrivingWords words_;
  formfuzz::Random random_;
  Havoc havoc_;
  std::deque<Trial> plan_;               // while it is made
  std::vector<Part> parts_;              // the first before all others
  Part* turn_ = nullptr;                 // whose trial was handed out last
  std::deque<std::deque<Trial>> found_;  // for each file, from the back
  Part of_found_;                        // has no trials of its own
  std::deque<AmongMade> made_;           // in turns
  Part of_made_;                         // as the former
  std::deque<Trial> shown_;              // without what those before have left
  Part of_shown_;                        // as the former
  std::vector<InputFile> left_by_shown_;
  bool shows_ = false;  // the last trial is one of these
  MadeFiles made_files_;
  std::vector<std::string> contents_;  // of settings: all words
  std::vector<std::string> lines_;     // one each
  LookedFor looked_for_;
  std::set<std::string> folders_of_names_;
  size_t group_max_ = 0;  // what one part of the plan may come to
  std::vector<Kept> kept_;
  uint64_t handed_out_ = 0;
  bool leads_on_ = false;
  struct Patience {
    uint32_t runs = 0;
    uint32_t hangs = 0;
  };
  std::map<std::string, Patience> patience_;  // by word
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_DRIVER_H_

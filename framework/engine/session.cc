// SPDX-License-Identifier: Apache-2.0
// Decoding, keeping and mutating: what every engine does with an input.
#include "framework/engine/session.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "framework/change/scenario_edit.h"
#include "framework/finding/reproducer_source.h"
#include "framework/form/scenario_codec.h"
#include "framework/form/scenario_text.h"
#include "framework/validate/rerun/repetition.h"

namespace formfuzz {
namespace {

// A scenario mutated again and again without being decoded anew leaves its
// old values in the arena; past this much it is decoded from its bytes.
constexpr size_t kArenaBytesMax = 256 << 10;

constexpr size_t kStrategyAt = 1;  // offset in the encoding

// libFuzzer asks for as many crossovers as mutations, which is too many for
// scenarios of a dozen steps: the others are mutations.
constexpr size_t kCrossOverOneIn = 4;

// Changes of a corpus go back on the way first, but for one in so many: those
// of whole scenarios pay for what comes after them, and mostly see it again.
constexpr size_t kWholeOneIn = 4;

// Every so many runs one is repeated and compared with itself: often enough to
// be noticed in seconds, and a thousandth of the time.
constexpr uint64_t kRepeatEvery = 1024;

// "off": tasks are left only where they wait, to tell what finds a defect.
constexpr char kYieldsVariable[] = "FORMFUZZ_YIELDS";
// "off": nothing is made to fail, for the same reason.
constexpr char kFaultsVariable[] = "FORMFUZZ_FAULTS";
// "off": the engine is not told of states, to compare with knowing them.
constexpr char kStatesVariable[] = "FORMFUZZ_STATES";

// "off": schedules are listed, and not drawn.
constexpr char kDrawsVariable[] = "FORMFUZZ_DRAWS";

bool IsOff(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && std::string_view(value) == "off";
}

bool IsText(Bytes input) {
  constexpr std::string_view kMark = kScenarioTextMark;
  return input.size() >= kMark.size() &&
         AreSame(input.first(kMark.size()), AsBytes(kMark));
}

// No scenario is larger; what an engine reads beyond it is not copied.
constexpr size_t kInputBytesMax = 4 << 20;

}  // namespace

Session::Session(const Recipe& recipe, std::span<uint8_t> counters,
                 std::span<uint8_t> edges)
    : recipe_(recipe),
      coverage_(IsOff(kStatesVariable) ? std::span<uint8_t>() : counters,
                edges),
      judge_(recipe, coverage_),
      examiner_(recipe, judge_),
      mutator_(recipe) {
  if (recipe.restoring == Restoring::kFork) {
    forked_ = std::make_unique<ForkedPlay>(judge_, coverage_);
  }
  if (IsOff(kYieldsVariable)) examiner_.UseYields(false);
  if (IsOff(kFaultsVariable)) examiner_.UseFaults(false);
  if (IsOff(kDrawsVariable)) mutator_.ListSwitches();
}

void Session::PinStrategy(uint8_t strategy) {
  pinned_ = strategy;
  mutator_.PinStrategy(strategy);
}

void Session::Load(Bytes input) {
  if (!runs_alike_ && Keeps(input) && arena_.used() < kArenaBytesMax) return;
  input = input.first(std::min(input.size(), kInputBytesMax));
  kept_.assign(AsText(input));
  has_kept_ = true;
  is_played_ = false;
  arena_.Reset();
  if (IsText(input)) {
    const absl::Status parsed =
        ParseScenario(recipe_, kept_, arena_, scenario_);
    if (parsed.ok()) return;
    SayUnread(std::string(parsed.message()));
  }
  // The engine's buffer does not outlive this call; views need one that does.
  const std::span<uint8_t> own(arena_.Uninitialised<uint8_t>(input.size()),
                               input.size());
  std::copy(input.begin(), input.end(), own.begin());
  if (pinned_.has_value() && own.size() > kStrategyAt) {
    own[kStrategyAt] = *pinned_;
  }
  DecodeScenario(recipe_, own, arena_, scenario_);
}

// Once: an engine may make many more of the first. It did not say which file
// this is.
void Session::SayUnread(const std::string& mistake) {
  if (has_said_unread_) return;
  has_said_unread_ = true;
  std::fprintf(stderr,
               "formfuzz: an input begins like the text of a scenario, and is "
               "none (%s): run as bytes; %s_replay names the file\n",
               mistake.c_str(), std::string(recipe_.name).c_str());
}

absl::Status Session::LoadText(std::string_view text) {
  has_kept_ = is_played_ = false;
  arena_.Reset();
  const std::string_view own = arena_.Copy(text);
  if (absl::Status status = ParseScenario(recipe_, own, arena_, scenario_);
      !status.ok()) {
    return status;
  }
  kept_ = Encoded();
  has_kept_ = true;
  return absl::OkStatus();
}

void Session::LoadScenario(const Scenario& scenario) {
  encoded_.Clear();
  EncodeScenario(recipe_, scenario, encoded_);
  const std::string bytes(AsText(encoded_.bytes()));
  Load(AsBytes(bytes));
}

const Verdict& Session::PlayLoaded() {
  is_played_ = true;
  const Verdict& verdict = PlayOnce();
  if (runs_alike_ || ++plays_ % kRepeatEvery != 0 || !verdict.passed()) {
    return verdict;
  }
  return Repeat();
}

const Verdict& Session::PlayOnce() {
  if (forked_ == nullptr) return examiner_.Play(scenario_);
  return forked_->Play(
      [&]() -> const Verdict& { return examiner_.Play(scenario_); });
}

const Verdict& Session::PlayUnder(Policy& policy) {
  is_played_ = false;
  judge_.UsePolicy(&policy);
  const Verdict& verdict = judge_.Play(scenario_);
  judge_.UsePolicy(nullptr);
  return verdict;
}

const Verdict& Session::Repeat() {
  const bool forks = forked_ != nullptr;
  const Verdict& again = forks ? PlayOnce() : judge_.Play(scenario_);
  if (!again.passed()) return again;
  const Trace first = judge_.trace();
  forks ? PlayOnce() : judge_.Play(scenario_);  // `again` is now of this one
  std::optional<Verdict> difference = CompareRuns(first, judge_.trace());
  if (!difference.has_value()) return again;
  return nondeterministic_ = *std::move(difference);
}

const Verdict& Session::Execute(Bytes input) {
  Load(input);
  return PlayLoaded();
}

std::string Session::Encoded() const {
  ByteSink out;
  EncodeScenario(recipe_, scenario_, out);
  return std::string(AsText(out.bytes()));
}

void Session::MutateLoaded(Mutation& mutation) {
  has_kept_ = false;
  const bool is_cut = has_corpus_ && !mutation.random().OneIn(kWholeOneIn) &&
                      mutator_.GoBack(scenario_, mutation);
  mutator_.MutateFrom(AsBytes(kept_), scenario_, mutation,
                      is_played_ && !is_cut ? &judge_.run() : nullptr,
                      encoded_);
}

// Puts what is encoded into `out`, leaving out last steps until it fits; keeps
// the result.
size_t Session::Store(std::span<uint8_t> out) {
  while (encoded_.size() > out.size() && !scenario_.steps.empty()) {
    EraseSteps(recipe_, scenario_, scenario_.steps.size() - 1, 1);
    encoded_.Clear();
    EncodeScenario(recipe_, scenario_, encoded_);
  }
  const size_t size = std::min(encoded_.size(), out.size());
  std::memcpy(out.data(), encoded_.bytes().data(), size);
  kept_.assign(AsText(out.first(size)));
  has_kept_ = size == encoded_.size();
  is_played_ = false;
  return size;
}

size_t Session::Mutate(uint8_t* input, size_t size, size_t size_max,
                       uint64_t seed, BytesMutator engine) {
  Random random(seed);
  // Now and then the engine changes the whole input, so that its dictionary
  // and the form's own bytes are not forgotten.
  if (engine != nullptr && (recipe_.kinds.empty() || random.OneIn(32))) {
    return engine(input, size, size_max);
  }
  Load({input, size});
  Mutation mutation(random, arena_, engine);
  MutateLoaded(mutation);
  return Store({input, size_max});
}

size_t Session::CrossOver(Bytes first, Bytes second, std::span<uint8_t> out,
                          uint64_t seed) {
  Random random(seed);
  if (recipe_.kinds.empty()) {  // there is nothing to cross
    const size_t size = std::min(first.size(), out.size());
    std::copy_n(first.begin(), size, out.begin());
    return size;
  }
  Load(first);
  Mutation mutation(random, arena_);
  if (random.OneIn(kCrossOverOneIn)) {
    has_kept_ = false;
    // In the same arena: steps taken over keep their views into it.
    DecodeScenario(recipe_, AsBytes(arena_.Copy(AsText(second))), arena_,
                   other_);
    mutator_.CrossOver(scenario_, other_, mutation);
    encoded_.Clear();
    EncodeScenario(recipe_, scenario_, encoded_);
  } else {
    MutateLoaded(mutation);
  }
  return Store(out);
}

Finding Session::MakeFinding(const Verdict& verdict) const {
  Finding finding;
  finding.target = recipe_.name;
  finding.verdict = verdict;
  finding.schema_digest = recipe_.SchemaDigest();
  if (verdict.step < scenario_.steps.size()) {
    finding.step_name =
        recipe_.kinds[scenario_.steps[verdict.step].kind]->name();
  }
  if (verdict.step < trace().steps.size() &&
      trace().steps[verdict.step].returned) {
    finding.outcome = trace().steps[verdict.step].outcome.label();
  }
  finding.input = Encoded();
  finding.scenario = PrintScenario(recipe_, scenario_);
  finding.trace = PrintTrace(recipe_, scenario_, trace(), verdict);
  finding.report = verdict.message;
  finding.reproducer = ReproducerSource(recipe_, scenario_, trace(), verdict);
  return finding;
}

}  // namespace formfuzz

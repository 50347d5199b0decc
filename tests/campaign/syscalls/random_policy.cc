// SPDX-License-Identifier: Apache-2.0
// Policies by chance, and the arguments that tell them apart.

#include "tests/campaign/syscalls/random_policy.h"

#include <cerrno>
#include <iterator>

#include "campaign/syscalls/names/call_names.h"

namespace formfuzz::campaign {
namespace {

// A condition of the kinds that learning writes, or that others do.
Condition AnyCondition(int argument, Random* random) {
  constexpr uint64_t kValues[] = {0,          1,          7,
                                  0x5401,     0x80000000, 0xffffff9c,
                                  1ull << 32, kWholeWord, 0x123456789abcdef};
  const uint64_t value = kValues[random->Below(std::size(kValues))];
  switch (random->Below(4)) {
    case 0:
      return EqualInWidth(argument, 32, value);
    case 1:
      return OnlyBits(argument, random->OneIn(2) ? 32 : 64, value);
    case 2:
      return EqualInWidth(argument, 64, value);
    default:
      return {.argument = argument,
              .compare = static_cast<Compare>(random->Below(6)),
              .value = value};
  }
}

Clauses AnyClauses(Random* random) {
  Clauses clauses;
  for (size_t i = random->Below(4); i > 0; --i) {
    Clause clause;
    for (int argument = 0; argument < kArgumentsMax; ++argument) {
      if (random->OneIn(4)) clause.push_back(AnyCondition(argument, random));
    }
    if (!clause.empty()) clauses.push_back(clause);
  }
  Normalise(clauses);
  return clauses;
}

bool HasOrder(const Rule& rule) {
  for (const Clause& clause : rule.any_of) {
    for (const Condition& one : clause) {
      if (one.compare != Compare::kEqual) return true;
    }
  }
  return false;
}

// At, below and above everything that a clause asks about, with and without
// bits above an int.
void AddNear(const Clause& clause, Random* random,
             std::vector<CallArguments>* kinds) {
  CallArguments exact = {};
  for (const Condition& one : clause) {
    exact[static_cast<size_t>(one.argument)] = one.value;
  }
  kinds->push_back(exact);
  for (const Condition& one : clause) {
    const auto place = static_cast<size_t>(one.argument);
    const uint64_t changes[] = {1,
                                kWholeWord,
                                1ull << 32,
                                ~one.mask,
                                1ull << random->Below(64),
                                random->Next()};
    for (const uint64_t change : changes) {
      CallArguments near = exact;
      near[place] += change;
      kinds->push_back(near);
      near[place] = exact[place] ^ change;
      kinds->push_back(near);
    }
  }
}

}  // namespace

Policy AnyPolicy(const Ability& ability, Random* random) {
  Policy policy{.arches = {kArchX86_64}};
  if (ability.arches && random->OneIn(2)) {
    policy.arches = {kArchX86, kArchX86_64, kArchAarch64};
  }
  for (const Arch arch : policy.arches) {
    std::vector<int> calls = KnownCalls(arch);
    const bool numbers = ability.numbers && arch == NativeArch();
    if (numbers) calls.push_back(900);
    for (const int number : calls) {
      // What runtimes of today know; and no part of socketcall, which
      // libseccomp adds to what is asked for.
      const bool usual = LibseccompKnows(arch, number) || numbers;
      if (!usual || !random->OneIn(6) || IsMultiplexed(arch, number)) continue;
      Rule rule{.arch = arch, .number = number};
      if (ability.arguments && random->OneIn(2)) {
        rule.any_of = AnyClauses(random);
        if (!ability.orders && HasOrder(rule)) rule.any_of.resize(1);
      }
      const bool refused = ability.errors && rule.any_of.empty();
      if (refused && random->OneIn(5)) rule.verdict = {Action::kErrno, ENOTTY};
      policy.rules.push_back(rule);
    }
  }
  Sort(policy);
  return policy;
}

std::vector<CallArguments> ArgumentKinds(const Policy& policy, Arch arch,
                                         int number, Random* random) {
  std::vector<CallArguments> kinds = {{}, {1, 2, 3, 4, 5, 6}};
  kinds.push_back(
      {kWholeWord, kWholeWord, kWholeWord, kWholeWord, kWholeWord, kWholeWord});
  for (const Rule& rule : policy.rules) {
    if (rule.arch != arch || rule.number != number) continue;
    for (const Clause& clause : rule.any_of) AddNear(clause, random, &kinds);
  }
  const uint64_t word = HasNarrowWords(arch) ? 0xffffffff : kWholeWord;
  for (CallArguments& kind : kinds) {
    for (uint64_t& argument : kind) argument &= word;
  }
  return kinds;
}

}  // namespace formfuzz::campaign

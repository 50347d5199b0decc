// SPDX-License-Identifier: Apache-2.0
// A harness for the tests of the framework: a small bank whose every part is
// there to exercise one of the framework's: handles that are made and taken
// away, two handles in one step, views, a model, state, faults, the clock.
//
// Defects are planted by template argument, so one program may hold all.
#ifndef FORMFUZZ_TESTS_FRAMEWORK_BANK_H_
#define FORMFUZZ_TESTS_FRAMEWORK_BANK_H_

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "framework/formfuzz.h"

namespace formfuzz {

enum class Plant {
  kNone,
  kOverdraft,      // taking 77 does not look at the balance
  kThrows,         // taking 77 throws
  kChangesAnyway,  // a refused close closes
};

struct Account {
  static constexpr std::string_view kName = "account";
};

template <Plant kPlant>
class Bank {
 public:
  static constexpr std::string_view kFault = "bank.ledger";

  explicit Bank(Run& run) : accounts_(run), ledger_(run.faults(), kFault) {}

  Outcome Open(uint8_t credit) {
    if (const Fault* fault = ledger_.Hit();
        fault != nullptr && fault->kind == FaultKind::kError) {
      return Outcome::Refused("ledger_failed");
    }
    accounts_.Bind(books_.size());
    books_.push_back({credit, true});
    return Outcome::Ok();
  }
  Outcome Take(Handle<Account> from, int amount) {
    Book* book = Find(from);
    if (book == nullptr) return Outcome::Refused("not_found");
    if (!book->is_open) return Outcome::Refused("closed");
    if (kPlant == Plant::kThrows && amount == 77) {
      throw std::runtime_error("seventy-seven");
    }
    const bool looks = kPlant != Plant::kOverdraft || amount != 77;
    if (looks && book->balance < amount) return Outcome::Refused("poor");
    book->balance -= amount;
    return Outcome::Ok();
  }
  Outcome Move(Handle<Account> from, Handle<Account> to, int amount) {
    if (Find(to) == nullptr) return Outcome::Refused("not_found");
    const Outcome taken = Take(from, amount);
    if (taken.ok()) Find(to)->balance += amount;
    return taken;
  }
  bool Close(Handle<Account> account) {
    Book* book = Find(account);
    if (book == nullptr) return false;
    const bool refused = book->balance > 0;
    if (!refused || kPlant == Plant::kChangesAnyway) book->is_open = false;
    return !refused;
  }
  void Note(std::string_view text) { notes_ += text.size(); }

  bool NeverNegative() const {
    for (const Book& book : books_) {
      if (book.balance < 0) return false;
    }
    return true;
  }
  uint64_t State() const {
    Digest digest;
    for (const Book& book : books_) {
      digest.Add(static_cast<uint64_t>(book.balance)).Add(book.is_open);
    }
    return digest.Add(notes_).value();
  }

 private:
  struct Book {
    int balance;
    bool is_open;
  };
  Book* Find(Handle<Account> account) {
    const size_t* index = accounts_.Find(account);
    return index == nullptr ? nullptr : &books_[*index];
  }

  Handles<Account, size_t> accounts_;
  FaultPoint ledger_;
  std::vector<Book> books_;
  size_t notes_ = 0;
};

// Kinds in order: open, take, move, close, note. Strategies: all, tellers
// (three tasks; open, take, move), notes.
template <Plant kPlant = Plant::kNone>
std::unique_ptr<Recipe> BankRecipe() {
  using B = Bank<kPlant>;
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "bank";
  HarnessBuilder<B>(*recipe)
      .Faults({B::kFault, "bank.vault"})
      .FaultScopes({"bank.teller", "bank.door"})
      .Step("open", &B::Open, Arg("credit", Arbitrary<uint8_t>()))
      .template Makes<Account>()
      .Step("take", &B::Take, Arg("from", AnyHandle<Account>()),
            Arg("amount", InRange(0, 100)))
      .Step("move", &B::Move, AnyHandle<Account>(),
            Arg("to", AnyHandle<Account>()), Arg("amount", InRange(0, 100)))
      .Step("close", &B::Close, AnyHandle<Account>())
      .template Retires<Account>()
      .Step("note", &B::Note, PrintableAsciiString<std::string_view>())
      .Strategy("all", {"open", "take", "move", "close", "note"})
      .Strategy("tellers", {"open", "take", "move"}, Tasks(3))
      .Strategy("notes", {"note"})
      .State(&B::State)
      .Invariant("NeverNegative", &B::NeverNegative);
  recipe->Finish();
  return recipe;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_TESTS_FRAMEWORK_BANK_H_

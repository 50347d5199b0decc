// SPDX-License-Identifier: Apache-2.0
// The part of the plan that is about what files hold: documents with fields
// that the program's words name, and arguments in files (`@file`).

#include <algorithm>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/material/sections.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFieldsMax = 512;
constexpr size_t kFieldsOfDocument = 32;
constexpr size_t kArgumentsInFileMax = 40;
constexpr size_t kFlagsForDocumentsMax = 4;
// Texts in sections are long, and all of them are held.
constexpr size_t kFieldsInSectionsMax = 2 * kNamesOfSectionsMax;
constexpr size_t kFieldsWithValues = 32;

// Words of a document are joined between a beginning and an end.
struct Form {
  std::string_view name;  // of the file
  std::string_view begin;
  std::string_view before;  // the field
  std::string_view after;
  std::string_view between;
  std::string_view end;
};

constexpr Form kForms[] = {
    {"given.json", "{", "\"", "\": 1", ", ", "}\n"},
    {"given.json", "{", "\"", "\": \"text.txt\"", ", ", "}\n"},
    {"given.json", "{", "\"", "\": true", ", ", "}\n"},
    {"given.json", "[{", "\"", "\": true", ", ", "}]\n"},
    {"given.yaml", "", "", ": 1", "\n", "\n"},
    {"given.ini", "", "[", "]\nvalue = 1", "\n", "\n"},
    {"given.xml", "<?xml version=\"1.0\"?>\n<all>\n", "<", "/>", "\n",
     "\n</all>\n"}};

std::string Written(const Form& form, std::span<const std::string> fields) {
  std::string text(form.begin);
  for (const std::string& field : fields) {
    if (&field != fields.data()) text += form.between;
    text += Concat(form.before, field, form.after);
  }
  return text + std::string(form.end);
}

// A table of a line: names, then what is said of them.
std::string Table(std::span<const std::string> fields, char separator) {
  std::string names;
  std::string values;
  for (const std::string& field : fields) {
    names += field;
    names += separator;
    values += Concat(values.empty() ? 1 : 2);
    values += separator;
  }
  names.back() = values.back() = '\n';
  return names + values;
}

}  // namespace

std::vector<std::string> Driver::NamesOfFields() const {
  std::vector<std::string> fields;
  for (const std::string& word : words_.dictionary.words()) {
    if (fields.size() >= kFieldsMax) break;
    // Some programs look for names with their quotes.
    const bool quoted =
        word.size() > 2 && word.front() == '"' && word.back() == '"';
    std::string name = quoted ? word.substr(1, word.size() - 2) : word;
    if (MayNameSetting(name)) fields.push_back(std::move(name));
  }
  return fields;
}

void Driver::PlanDocuments() {
  const std::vector<std::string> fields = NamesOfFields();
  std::vector<const Flag*> readers;  // "--config=FILE"
  for (const Flag& flag : words_.command.flags) {
    if (readers.size() >= kFlagsForDocumentsMax) break;
    const bool reads = flag.value == ValueKind::kFile && flag.alias.empty();
    if (reads) readers.push_back(&flag);
  }
  const auto add = [&](std::string_view name, const std::string& text) {
    if (plan_.size() >= group_max_) return;
    Trial trial;
    trial.fixtures = {"text.txt"};
    trial.standard_input = text;
    plan_.push_back(trial);
    trial.standard_input.clear();
    trial.files = {{std::string(name), text, FileKind::kRegular, 0, 0}};
    trial.arguments = {std::string(name)};
    plan_.push_back(trial);
    for (const Flag* flag : readers) {
      trial.arguments.clear();
      AppendFlag(*flag, std::string(name), trial);
      plan_.push_back(trial);
    }
  };
  const auto each = [&](size_t count, size_t most, auto visit) {
    const auto all = std::span(fields).first(std::min(count, fields.size()));
    for (size_t at = 0; at < all.size(); at += most) {
      visit(all.subspan(at, std::min(most, all.size() - at)));
    }
  };
  each(kFieldsMax, kFieldsOfDocument, [&](std::span<const std::string> some) {
    for (const Form& form : kForms) add(form.name, Written(form, some));
    add("given.csv", Table(some, ','));
    add("given.tsv", Table(some, '\t'));
  });
  std::deque<Trial> forms = TakePlan();
  each(kFieldsInSectionsMax, kNamesOfSectionsMax,
       [&](std::span<const std::string> some) {
         for (const std::string_view value : SettingValues()) {
           add("given.ini", SectionsOf(some, value));
         }
       });
  // "mode = fast": what is a key's name and what its value is not known.
  each(kFieldsInSectionsMax, kFieldsWithValues,
       [&](std::span<const std::string> some) {
         for (const std::string& value : some) {
           const std::string after = Concat("\": \"", value, "\"");
           add("given.ini", SectionsOf(some, value));
           add("given.json",
               Written({"given.json", "{", "\"", after, ", ", "}\n"}, some));
         }
       });
  plan_ = InTurns(std::vector{std::move(forms), TakePlan()}, group_max_);
}

// All flags at once, one a line, and each alone.
void Driver::PlanResponseFiles() {
  const auto add = [this](const std::string& text) {
    Trial& trial = plan_.emplace_back();
    trial.files = {{"given", text, FileKind::kRegular, 0, 0}};
    trial.arguments = {"@given"};
    trial.fixtures = {"text.txt"};
  };
  std::string all;
  std::vector<std::string> lines;
  for (const Flag& flag : words_.command.flags) {
    if (!flag.alias.empty() || lines.size() >= kArgumentsInFileMax) continue;
    Trial trial;
    AppendWithNeeds(words_.command, flag, FirstValueOf(flag), trial);
    std::string& line = lines.emplace_back();
    for (const std::string& argument : trial.arguments) {
      line += argument + "\n";
    }
    all += line;
  }
  add("text.txt\n");
  if (!all.empty()) add(all);
  for (const std::string& line : lines) add(line + "text.txt\n");
}

}  // namespace formfuzz::campaign

// SPDX-License-Identifier: Apache-2.0
// A corpus of an earlier harness, brought over so that it can be interrupted at
// any moment and done again.
//
// Inputs become text first, which says the same beside the old schema and the
// new one; then the schema is renewed; then text becomes bytes again. What an
// interruption leaves as text is an input like others.
#include <cstdio>

#include "framework/base/file.h"
#include "framework/base/text.h"
#include "framework/form/migration.h"
#include "framework/form/scenario_text.h"
#include "framework/replay/replay.h"
#include "framework/replay/say.h"

namespace formfuzz {
absl::Status Replay::MakeText(const Schema& old, const std::string& file,
                              std::vector<std::string>* made) {
  const absl::StatusOr<std::string> input = ReadFile(file, kInputBytesMax);
  absl::Status unread = input.status();
  if (input.ok() && input->starts_with(kScenarioTextMark)) return unread;
  if (input.ok()) {
    const absl::StatusOr<std::string> migrated =
        MigrateInput(old, AsBytes(*input), recipe_);
    unread = migrated.status();
    if (migrated.ok()) session_.Load(AsBytes(*migrated));
  }
  if (!unread.ok()) {
    std::fprintf(stderr, "left as it is: %s\n",
                 std::string(unread.message()).c_str());
    return absl::OkStatus();
  }
  made->push_back(file);
  return WriteFileAtomically(file, PrintScenario(recipe_, session_.scenario()));
}

absl::Status Replay::MakeCorpusText(const std::string& corpus,
                                    const std::string& old_schema,
                                    std::vector<std::string>* made) {
  const absl::StatusOr<Schema> old = SchemaFromJson(old_schema);
  if (!old.ok()) return old.status();
  if (old->kind != "scenario") {
    return absl::InvalidArgumentError("the schema is not one of a scenario");
  }
  const absl::StatusOr<std::vector<std::string>> files = ListFiles(corpus);
  if (!files.ok()) return files.status();
  for (const std::string& file : *files) {
    if (absl::Status status = MakeText(*old, file, made); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

int Replay::Migrate(const std::string& corpus, const std::string& schema_file) {
  const std::string present = SchemaToJson(recipe_.Describe()) + "\n";
  const absl::StatusOr<std::string> kept =
      ReadFile(schema_file, kInputBytesMax);
  if (kept.ok() && *kept == present) return 0;
  if (!kept.ok() && !absl::IsNotFound(kept.status())) {
    return Complain(kept.status());
  }
  std::vector<std::string> made;
  absl::Status status = absl::OkStatus();
  if (kept.ok()) status = MakeCorpusText(corpus, *kept, &made);
  if (absl::IsInvalidArgument(status)) {
    status = absl::InvalidArgumentError(
        Concat(schema_file, ": ", std::string(status.message())));
  }
  if (status.ok()) status = WriteFileAtomically(schema_file, present);
  for (const std::string& file : made) {
    if (status.ok()) status = Load(file);
    if (status.ok()) status = WriteFileAtomically(file, session_.Encoded());
  }
  if (!status.ok()) return Complain(status);
  if (!made.empty()) {
    std::printf("the schema changed: %zu inputs brought over\n", made.size());
  }
  return 0;
}

}  // namespace formfuzz

// SPDX-License-Identifier: Apache-2.0
// Configuration files: sections, keys and values, written as JSON, YAML, INI
// or TOML; right, or wrong in one place.
#ifndef FORMFUZZ_GENERATORS_DOCUMENT_CONFIG_H_
#define FORMFUZZ_GENERATORS_DOCUMENT_CONFIG_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "framework/domain/arbitrary.h"
#include "generators/mostly_first.h"

namespace formfuzz {

enum class ConfigFormat : uint8_t { kJson, kYaml, kIni, kToml };

enum class ConfigLie : uint8_t {
  kNone,
  kKeyTwice,
  kUnclosed,     // a string, a list or a section that does not end
  kNoSeparator,  // between a key and its value
  kNotUtf8,      // in a value
  kTrailing,     // what does not belong at the end
  kDeep,         // a value inside 200 lists
};

enum class ConfigKind : uint8_t { kText, kNumber, kBool, kList, kNothing };

struct ConfigValue {
  ConfigKind kind;
  int64_t number;
  std::string_view text;  // printable
};
struct ConfigEntry {
  std::string_view key;
  ConfigValue value;
};
struct ConfigSection {
  std::string_view name;
  std::span<const ConfigEntry> entries;
};
struct ConfigFile {
  std::span<const ConfigSection> sections;
  ConfigFormat format;
  ConfigLie lie;
};

inline auto ConfigValues() {
  return StructOf<ConfigValue>(
      EnumOf<ConfigKind>(), Arbitrary<int64_t>(),
      PrintableAsciiString<std::string_view>().WithMaxSize(24));
}
inline auto ConfigNames() {
  return ElementOf<std::string_view>(
      {"server", "port", "path", "limits", "name", "enabled", "level", "x"});
}
inline auto ConfigFiles() {
  return StructOf<ConfigFile>(
      SpanOf(StructOf<ConfigSection>(
                 ConfigNames(),
                 SpanOf(StructOf<ConfigEntry>(ConfigNames(), ConfigValues()))
                     .WithMaxSize(5)))
          .WithMaxSize(4),
      EnumOf<ConfigFormat>(), MostlyFirst<ConfigLie>());
}

// Names that occur twice in a place get a number, unless the file lies so.
std::string WriteConfig(const ConfigFile& file);

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_DOCUMENT_CONFIG_H_

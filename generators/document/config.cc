// SPDX-License-Identifier: Apache-2.0
// One writer a format; the lie is told at the first place that has room for it.
#include "generators/document/config.h"

namespace formfuzz {
namespace {

constexpr size_t kDeepLevels = 200;

// As JSON has it, which YAML and TOML read as well.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string Value(const ConfigValue& value, ConfigFormat format) {
  switch (value.kind) {
    case ConfigKind::kText:
      return Quoted(value.text);
    case ConfigKind::kNumber:
      return std::to_string(value.number);
    case ConfigKind::kBool:
      return value.number % 2 == 0 ? "true" : "false";
    case ConfigKind::kList:
      return "[" + Quoted(value.text) + ", \"b\"]";
    case ConfigKind::kNothing:
      return format == ConfigFormat::kToml ? "\"\"" : "null";
  }
  return {};
}

class Writer {
 public:
  explicit Writer(const ConfigFile& file) : file_(file) {}

  std::string Write() {
    if (file_.format == ConfigFormat::kJson) out_ += "{";
    for (size_t i = 0; i < file_.sections.size(); ++i) Section(i);
    if (file_.format == ConfigFormat::kJson &&
        file_.lie != ConfigLie::kUnclosed) {
      out_ += "}";
    }
    if (file_.sections.empty() && file_.format == ConfigFormat::kYaml) {
      out_ += "{}\n";
    }
    if (file_.lie == ConfigLie::kTrailing) out_ += "\n]]}\x01:";
    return std::move(out_);
  }

 private:
  // A number makes it the only one of its kind. `last` is the one before it.
  std::string Name(std::string_view name, size_t index, std::string& last) {
    if (index == 0 || !Tell(ConfigLie::kKeyTwice)) {
      last = std::string(name) + std::to_string(index);
    }
    return last;
  }
  // Whether to tell the lie here: it is told once.
  bool Tell(ConfigLie lie) {
    if (file_.lie != lie || told_) return false;
    return told_ = true;
  }

  void Section(size_t index) {
    const ConfigSection& section = file_.sections[index];
    const std::string name = Name(section.name, index, last_section_);
    switch (file_.format) {
      case ConfigFormat::kJson:
        out_ += (index > 0 ? ", " : "") + Quoted(name) + ": {";
        break;
      case ConfigFormat::kYaml:
        out_ += name + (section.entries.empty() ? ": {}\n" : ":\n");
        break;
      case ConfigFormat::kIni:
      case ConfigFormat::kToml:
        out_ += "[" + name + (Tell(ConfigLie::kUnclosed) ? "\n" : "]\n");
        break;
    }
    for (size_t i = 0; i < section.entries.size(); ++i) {
      Entry(section.entries[i], i);
    }
    if (file_.format == ConfigFormat::kJson) out_ += "}";
  }

  void Entry(const ConfigEntry& entry, size_t index) {
    const std::string name = Name(entry.key, index, last_key_);
    std::string value = Value(entry.value, file_.format);
    if (Tell(ConfigLie::kNotUtf8)) value.insert(value.size() / 2, "\xc3\x28");
    if (Tell(ConfigLie::kDeep)) {
      value = std::string(kDeepLevels, '[') + std::string(kDeepLevels, ']');
    }
    const bool separated = !Tell(ConfigLie::kNoSeparator);
    switch (file_.format) {
      case ConfigFormat::kJson:
        out_ += (index > 0 ? ", " : "") + Quoted(name);
        out_ += (separated ? ": " : " ") + value;
        break;
      case ConfigFormat::kYaml:
        if (Tell(ConfigLie::kUnclosed)) value = "[" + value;
        out_ += "  " + name + (separated ? ": " : " ") + value + "\n";
        break;
      case ConfigFormat::kIni:
      case ConfigFormat::kToml:
        out_ += name + (separated ? " = " : " ") + value + "\n";
        break;
    }
  }

  const ConfigFile& file_;
  std::string out_;
  std::string last_section_;
  std::string last_key_;
  bool told_ = false;
};

}  // namespace

std::string WriteConfig(const ConfigFile& file) { return Writer(file).Write(); }

}  // namespace formfuzz

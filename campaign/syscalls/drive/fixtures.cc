// SPDX-License-Identifier: Apache-2.0
// One row a fixture.

#include "campaign/syscalls/drive/fixtures.h"

#include <cstdio>
#include <cstring>
#include <utility>

#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kLargeBytes = uint64_t{8} << 20;

std::string EveryByte() {
  std::string bytes;
  for (int value = 0; value < 256; ++value) {
    bytes += static_cast<char>(value);
  }
  return bytes + bytes;
}

std::string ManyLines() {
  std::string lines;
  for (int line = 0; line < 2000; ++line) {
    lines += Concat((line * 7919) % 2000, " word", line % 17, "\n");
  }
  return lines;
}

// "hello\n", as gzip writes it.
std::string Gzipped() {
  static constexpr unsigned char kBytes[] = {
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x02, 0x00,
      0x20, 0x30, 0x3a, 0x36, 0x06, 0x00, 0x00, 0x00};
  return {reinterpret_cast<const char*>(kBytes), sizeof(kBytes)};
}

// CRC-32, as zip and gzip have it.
uint32_t ChecksumOf(std::string_view bytes) {
  uint32_t sum = ~uint32_t{0};
  for (const char byte : bytes) {
    sum ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xedb88320 : 0);
    }
  }
  return ~sum;
}

// As the systems that write two bytes a letter begin a file.
std::string TwoBytesALetter(std::string_view text) {
  std::string wide = "\xff\xfe";
  for (const char c : text) {
    wide += c;
    wide += '\0';
  }
  return wide;
}

InputFile Regular(std::string path, std::string content, uint32_t mode = 0) {
  return {std::move(path), std::move(content), FileKind::kRegular, mode, 0};
}
InputFile Node(std::string path, FileKind kind, std::string content = "") {
  return {std::move(path), std::move(content), kind, 0, 0};
}

Fixture One(InputFile file) {
  Fixture fixture;
  fixture.name = file.path;
  fixture.folder = file.kind == FileKind::kFolder;
  fixture.blocks = file.kind == FileKind::kFifo;
  fixture.files.push_back(std::move(file));
  return fixture;
}

Fixture Tree() {
  Fixture tree{"tree", true, false, {}};
  tree.files = {Node("tree", FileKind::kFolder),
                Regular("tree/one.c", "int main() { return 0; }\n"),
                Regular("tree/.hidden", "x\n"),
                Regular("tree/sub/deep/two.txt", "two\nlines\n"),
                Node("tree/again.c", FileKind::kHardLink, ""),
                Node("tree/link", FileKind::kLink, "one.c"),
                Node("tree/up", FileKind::kLink, "..")};
  tree.files[4].content = "one.c";
  return tree;
}

std::vector<Fixture> MakeFixtures() {
  const std::string text = "alpha\nbeta 2\n\ngamma\tdelta\nalpha\n";
  std::vector<Fixture> all = {
      One(Regular("text.txt", text)),
      One(Regular("same.txt", text, 0755)),
      One(Regular("empty", "")),
      One(Regular("bytes.bin", EveryByte())),
      One(Regular("lines.txt", ManyLines())),
      One(Regular("script.sh", "#!/bin/sh\necho ran\n", 0755)),
      One(Regular("secret", "unreadable\n", 01)),
      One(Regular("setuid", "#!/bin/sh\n", 04755)),
      One(Regular("-dash", "x\n")),
      One(Regular("with space", "x\n")),
      One(Regular("data.tar", TarArchive("in_tar.txt", text))),
      One(Regular("data.gz", Gzipped())),
      One(Regular("data.zip", ZipArchive("in_zip/text.txt", text))),
      One(Regular("conf.ini", "[main]\nkey = value\n# comment\n")),
      One(Regular("wide.txt", TwoBytesALetter(text))),
      One(Regular("table.csv", "name,size\nalpha,1\n\"b, c\",2\n")),
      One(Regular("doc.json", "{\"key\": [1, 2.5, null, \"text\"]}\n")),
      One(Node("folder", FileKind::kFolder)),
      One(Node("dangling", FileKind::kLink, "nowhere")),
      One(Node("circle", FileKind::kLink, "circle")),
      One(Node("socket", FileKind::kSocket)),
      One(Node("fifo", FileKind::kFifo)),
      Tree()};
  Fixture sparse = One(Regular("sparse", "begin"));
  sparse.files[0].size = kLargeBytes;
  all.push_back(std::move(sparse));
  Fixture link = One(Node("link", FileKind::kLink, "text.txt"));
  link.files.insert(link.files.begin(), Regular("text.txt", text));
  all.push_back(std::move(link));
  const auto with_text = [&](const std::string& name,
                             const std::string& content) {
    Fixture fixture = One(Regular(name, content));
    fixture.files.insert(
        fixture.files.begin(),
        {Regular("text.txt", text), Regular("same.txt", text, 0755)});
    all.push_back(std::move(fixture));
  };
  with_text("names.lst", "text.txt\nsame.txt\n");
  with_text("change.diff",
            "--- text.txt\n+++ text.txt\n@@ -1,3 +1,3 @@\n-alpha\n+omega\n"
            " beta 2\n \n");
  return all;
}

}  // namespace

std::string TarArchive(const std::string& name, const std::string& content) {
  std::string header(512, '\0');
  const auto put = [&](size_t at, const std::string& field) {
    header.replace(at, field.size(), field);
  };
  char size[12];
  snprintf(size, sizeof(size), "%011zo", content.size());
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, size);
  put(136, "00000000001");
  put(148, "        ");
  put(156, "0");
  put(257, "ustar");
  put(263, "00");
  unsigned sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  char checksum[8];
  snprintf(checksum, sizeof(checksum), "%06o", sum);
  put(148, std::string(checksum, 7));
  std::string padded = content;
  padded.resize((content.size() + 511) / 512 * 512);
  return header + padded + std::string(1024, '\0');
}

std::string ZipArchive(const std::string& name, const std::string& content) {
  const auto number = [](uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i);
    return text;
  };
  const std::string size = number(content.size(), 4);
  // Version, flags, stored as it is, and a time.
  const std::string about =
      number(10, 2) + number(0, 4) + number(0x58210000, 4) +
      number(ChecksumOf(content), 4) + size + size + number(name.size(), 2);
  const std::string file = "PK\3\4" + about + number(0, 2) + name + content;
  const std::string entry =
      "PK\1\2" + number(10, 2) + about + std::string(16, '\0') + name;
  return file + entry + "PK\5\6" + number(0, 4) + number(1, 2) + number(1, 2) +
         number(entry.size(), 4) + number(file.size(), 4) + number(0, 2);
}

std::span<const Fixture> Fixtures() {
  static const std::vector<Fixture> all = MakeFixtures();
  return all;
}

const Fixture* FixtureIn(std::string_view word) {
  const Fixture* best = nullptr;
  for (const Fixture& fixture : Fixtures()) {
    // "--file=text.txt", "-ftext.txt", "./text.txt", "tree/one.c"
    const size_t at = word.find(fixture.name);
    if (at == word.npos) continue;
    const size_t end = at + fixture.name.size();
    if (end != word.size() && word[end] != '/') continue;
    if (best == nullptr || fixture.name.size() > best->name.size()) {
      best = &fixture;
    }
  }
  return best;
}

}  // namespace formfuzz::campaign

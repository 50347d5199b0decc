// SPDX-License-Identifier: Apache-2.0
// Each mutator is one function; a table names them.
#include "campaign/loop/mutate/byte_mutators.h"

#include <algorithm>
#include <cstring>

#include "campaign/loop/mutate/block.h"
#include "campaign/loop/mutate/words/dictionary.h"

namespace formfuzz::campaign {
namespace {

using Change = bool (*)(const MutationScene& scene, InputBytes& input);

class FunctionMutator final : public Mutator {
 public:
  FunctionMutator(std::string_view name, Change change)
      : name_(name), change_(change) {}
  std::string_view name() const override { return name_; }
  bool Mutate(const MutationScene& scene, InputBytes& input) override {
    return change_(scene, input);
  }

 private:
  std::string_view name_;
  Change change_;
};

// By size: the first 9 fit one byte, 19 two, 27 four.
constexpr std::array<int64_t, 31> kInteresting = {
    -128,     -1,          0,          1,         16,          32,
    64,       100,         127,        -32768,    -129,        128,
    255,      256,         512,        1000,      1024,        4096,
    32767,    -2147483648, -100663046, -32769,    32768,       65535,
    65536,    100663045,   2147483647, INT64_MIN, -2147483649, 4294967296,
    INT64_MAX};

size_t RoomIn(const MutationScene& scene, const InputBytes& input) {
  return scene.size_max > input.size() ? scene.size_max - input.size() : 0;
}

// 1, 2, 4 or 8, as fits; `size` > 0.
size_t RandomWidth(Random& random, size_t size) {
  size_t width = size_t{1} << random.Below(4);
  while (width > size) width /= 2;
  return width;
}

bool FlipBit(const MutationScene& scene, InputBytes& input) {
  if (input.empty()) return false;
  const size_t bit = scene.random.Below(input.size() * 8);
  input[bit / 8] = static_cast<uint8_t>(input[bit / 8] ^ (1u << (bit % 8)));
  return true;
}

// Half of them are such as the program knows, where it tells any.
uint8_t RandomByte(const MutationScene& scene) {
  const std::vector<uint8_t>& known = scene.words.bytes();
  if (known.empty() || scene.random.OneIn(2)) {
    return static_cast<uint8_t>(scene.random.Next());
  }
  return known[scene.random.Below(known.size())];
}

bool SetByte(const MutationScene& scene, InputBytes& input) {
  if (input.empty()) return false;
  uint8_t& byte = input[scene.random.Below(input.size())];
  const uint8_t fresh = RandomByte(scene);
  byte = byte != fresh ? fresh : static_cast<uint8_t>(~byte);
  return true;
}

// A character for a character keeps text text.
bool SetPrintable(const MutationScene& scene, InputBytes& input) {
  if (input.empty()) return false;
  uint8_t& byte = input[scene.random.Below(input.size())];
  const auto fresh = static_cast<uint8_t>(' ' + scene.random.Below(95));
  const bool changes = byte != fresh;
  byte = fresh;
  return changes;
}

bool SetInteresting(const MutationScene& scene, InputBytes& input) {
  if (input.empty()) return false;
  const size_t width = RandomWidth(scene.random, input.size());
  const size_t at = scene.random.Below(input.size() - width + 1);
  const std::span<const int64_t> numbers = InterestingNumbers(width);
  StoreNumber(
      &input[at], width, scene.random.OneIn(2),
      static_cast<uint64_t>(numbers[scene.random.Below(numbers.size())]));
  return true;
}

bool Add(const MutationScene& scene, InputBytes& input) {
  if (input.empty()) return false;
  const size_t width = RandomWidth(scene.random, input.size());
  const size_t at = scene.random.Below(input.size() - width + 1);
  const bool big = scene.random.OneIn(2);
  const uint64_t by = 1 + scene.random.Below(kArithmeticMax);
  const uint64_t old = LoadNumber(&input[at], width, big);
  StoreNumber(&input[at], width, big,
              scene.random.OneIn(2) ? old + by : old - by);
  return true;
}

bool RemoveBlock(const MutationScene& scene, InputBytes& input) {
  if (input.size() < 2) return false;
  EraseBlock(input, RandomBlock(scene.random, input.size() - 1));
  return true;
}

bool CopyBlockOver(const MutationScene& scene, InputBytes& input) {
  if (input.size() < 2) return false;
  const Block from = RandomBlock(scene.random, input.size());
  const size_t to = scene.random.Below(input.size() - from.size + 1);
  std::memmove(&input[to], &input[from.at], from.size);
  return true;
}

bool InsertCopy(const MutationScene& scene, InputBytes& input) {
  const size_t room = RoomIn(scene, input);
  if (room == 0 || input.empty()) return false;
  Block from = RandomBlock(scene.random, input.size());
  from.size = std::min(from.size, room);
  const InputBytes copy(
      input.begin() + static_cast<ptrdiff_t>(from.at),
      input.begin() + static_cast<ptrdiff_t>(from.at + from.size));
  InsertBytes(input, scene.random.Below(input.size() + 1), copy);
  return true;
}

// The same byte over and over: what overflows buffers and makes deep nesting.
bool InsertRun(const MutationScene& scene, InputBytes& input) {
  const size_t room = RoomIn(scene, input);
  if (room == 0) return false;
  const size_t size = BlockSize(scene.random, room);
  const auto byte =
      static_cast<uint8_t>(input.empty() || scene.random.OneIn(2)
                               ? scene.random.Below(256)
                               : input[scene.random.Below(input.size())]);
  const size_t at = scene.random.Below(input.size() + 1);
  input.insert(input.begin() + static_cast<ptrdiff_t>(at), size, byte);
  return true;
}

bool InsertRandom(const MutationScene& scene, InputBytes& input) {
  const size_t room = RoomIn(scene, input);
  if (room == 0) return false;
  uint8_t fresh[8];
  const size_t size = 1 + scene.random.Below(std::min<size_t>(room, 8));
  for (uint8_t& byte : fresh) byte = RandomByte(scene);
  InsertBytes(input, scene.random.Below(input.size() + 1), {fresh, size});
  return true;
}

bool FillBlock(const MutationScene& scene, InputBytes& input) {
  if (input.empty()) return false;
  const Block block = RandomBlock(scene.random, input.size());
  const auto byte = static_cast<uint8_t>(
      scene.random.OneIn(2) ? scene.random.Below(256)
                            : input[scene.random.Below(input.size())]);
  std::memset(&input[block.at], byte, block.size);
  return true;
}

bool SwapBlocks(const MutationScene& scene, InputBytes& input) {
  if (input.size() < 2) return false;
  const size_t size = BlockSize(scene.random, input.size() / 2);
  const size_t first = scene.random.Below(input.size() - 2 * size + 1);
  const size_t second =
      first + size + scene.random.Below(input.size() - first - 2 * size + 1);
  std::swap_ranges(&input[first], &input[first] + size, &input[second]);
  return true;
}

// Digits that are there become another number: lengths and counts in text.
bool ChangeDecimal(const MutationScene& scene, InputBytes& input) {
  if (input.empty()) return false;
  const auto is_digit = [](uint8_t byte) { return byte >= '0' && byte <= '9'; };
  const auto start =
      input.begin() + static_cast<ptrdiff_t>(scene.random.Below(input.size()));
  const auto first = std::find_if(start, input.end(), is_digit);
  if (first == input.end()) return false;
  const auto last = std::find_if_not(first, input.end(), is_digit);
  const std::string_view digits = AsText(Bytes(first, last)).substr(0, 18);
  const int64_t old = std::atoll(std::string(digits).c_str());
  const std::span<const int64_t> numbers = InterestingNumbers();
  const int64_t picks[] = {old + 1, old - 1, old * 2, old / 2,
                           numbers[scene.random.Below(numbers.size())]};
  const std::string text =
      std::to_string(picks[scene.random.Below(std::size(picks))]);
  const Block block{static_cast<size_t>(first - input.begin()), digits.size()};
  ReplaceBlock(input, block, AsBytes(text), scene.size_max);
  return true;
}

// The head of one and the tail of the other, where they begin to differ.
bool SpliceTail(const MutationScene& scene, InputBytes& input) {
  if (scene.other.size() < 2 || input.size() < 2) return false;
  const size_t cut = 1 + scene.random.Below(input.size() - 1);
  const size_t from = scene.random.OneIn(2)
                          ? std::min(cut, scene.other.size() - 1)
                          : scene.random.Below(scene.other.size());
  ReplaceBlock(input, {cut, input.size() - cut}, scene.other.subspan(from),
               scene.size_max);
  return true;
}

bool SpliceInsert(const MutationScene& scene, InputBytes& input) {
  const size_t room = RoomIn(scene, input);
  if (scene.other.empty() || room == 0) return false;
  Block from = RandomBlock(scene.random, scene.other.size());
  from.size = std::min(from.size, room);
  InsertBytes(input, scene.random.Below(input.size() + 1),
              scene.other.subspan(from.at, from.size));
  return true;
}

bool SpliceOver(const MutationScene& scene, InputBytes& input) {
  if (scene.other.empty() || input.empty()) return false;
  Block from = RandomBlock(scene.random, scene.other.size());
  from.size = std::min(from.size, input.size());
  const size_t to = scene.random.OneIn(2) && from.at + from.size <= input.size()
                        ? from.at
                        : scene.random.Below(input.size() - from.size + 1);
  std::memcpy(&input[to], &scene.other[from.at], from.size);
  return true;
}

struct Named {
  std::string_view name;
  Change change;
};

constexpr Named kByteMutators[] = {{"flip-bit", FlipBit},
                                   {"set-byte", SetByte},
                                   {"set-printable", SetPrintable},
                                   {"set-interesting", SetInteresting},
                                   {"add", Add},
                                   {"remove-block", RemoveBlock},
                                   {"copy-over", CopyBlockOver},
                                   {"insert-copy", InsertCopy},
                                   {"insert-run", InsertRun},
                                   {"insert-random", InsertRandom},
                                   {"fill-block", FillBlock},
                                   {"swap-blocks", SwapBlocks},
                                   {"change-decimal", ChangeDecimal}};

constexpr Named kSpliceMutators[] = {{"splice-tail", SpliceTail},
                                     {"splice-insert", SpliceInsert},
                                     {"splice-over", SpliceOver}};

void AddAll(std::span<const Named> table, Mutators* mutators) {
  for (const Named& row : table) {
    mutators->push_back(
        std::make_unique<FunctionMutator>(row.name, row.change));
  }
}

}  // namespace

std::span<const int64_t> InterestingNumbers() { return kInteresting; }

std::span<const int64_t> InterestingNumbers(size_t bytes) {
  const std::span<const int64_t> all = kInteresting;
  return bytes == 1   ? all.first(9)
         : bytes == 2 ? all.first(19)
         : bytes == 4 ? all.first(27)
                      : all;
}

uint64_t LoadNumber(const uint8_t* at, size_t width, bool big_endian) {
  uint64_t value = 0;
  std::memcpy(&value, at, width);
  return big_endian ? __builtin_bswap64(value) >> (64 - 8 * width) : value;
}

void StoreNumber(uint8_t* at, size_t width, bool big_endian, uint64_t value) {
  if (big_endian) value = __builtin_bswap64(value) >> (64 - 8 * width);
  std::memcpy(at, &value, width);
}

void AddByteMutators(Mutators* mutators) { AddAll(kByteMutators, mutators); }

void AddSpliceMutators(Mutators* mutators) {
  AddAll(kSpliceMutators, mutators);
}

}  // namespace formfuzz::campaign

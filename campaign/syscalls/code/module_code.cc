// SPDX-License-Identifier: Apache-2.0
// Goes through each function from its beginning to that of the next.

#include "campaign/syscalls/code/module_code.h"

#include <capstone/capstone.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace formfuzz::campaign {
namespace {

// Between what sets a register and what uses it.
constexpr size_t kWindow = 16;
constexpr size_t kKnownMax = 16;  // values of one register
constexpr size_t kRegisters = 15;
constexpr size_t kNumber = 0;           // rax
constexpr size_t kArgument = 1;         // rdi
constexpr uint32_t kNumbersMax = 1024;  // more than any kernel has

// A value that was lately put into a register, and when.
struct Recent {
  uint32_t value = 0;
  size_t at = 0;
};

class Reader {
 public:
  Reader(const ElfImage& image, FunctionCode& function)
      : image_(image), function_(function) {}

  void Take(const cs_insn& instruction) {
    ++count_;
    const cs_x86& details = instruction.detail->x86;
    TakeReferences(instruction, details);
    TakeValue(instruction, details);
    if (instruction.id == X86_INS_SYSCALL) TakeSystemCall();
    const bool leaves =
        instruction.id == X86_INS_CALL || instruction.id == X86_INS_JMP;
    if (leaves) TakeArgument();
  }

 private:
  void Refer(uint64_t address) {
    if (image_.SegmentOf(address) != nullptr) {
      function_.refers_to.push_back(address);
    }
  }

  void TakeReferences(const cs_insn& instruction, const cs_x86& details) {
    for (uint8_t i = 0; i < details.op_count; ++i) {
      const cs_x86_op& operand = details.operands[i];
      if (operand.type == X86_OP_MEM && operand.mem.base == X86_REG_RIP) {
        Refer(instruction.address + instruction.size +
              static_cast<uint64_t>(operand.mem.disp));
      } else if (operand.type == X86_OP_MEM && image_.fixed()) {
        Refer(static_cast<uint64_t>(operand.mem.disp));
      } else if (operand.type == X86_OP_IMM &&
                 (IsBranch(instruction) || image_.fixed())) {
        Refer(static_cast<uint64_t>(operand.imm));
      }
    }
  }

  static bool IsBranch(const cs_insn& instruction) {
    return std::find(
               instruction.detail->groups,
               instruction.detail->groups + instruction.detail->groups_count,
               X86_GRP_JUMP) !=
               instruction.detail->groups + instruction.detail->groups_count ||
           instruction.id == X86_INS_CALL;
  }

  void TakeValue(const cs_insn& instruction, const cs_x86& details) {
    if (details.op_count != 2 || details.operands[0].type != X86_OP_REG) {
      return;
    }
    const cs_x86_op& from = details.operands[1];
    const size_t to = IndexOf(details.operands[0].reg);
    if (to == kRegisters) return;
    const bool moves = instruction.id == X86_INS_MOV;
    if (moves && from.type == X86_OP_REG) {
      // Of one that was set outside of a loop, say: whenever that was.
      const size_t other = IndexOf(from.reg);
      if (other == kRegisters || other == to) return;
      for (const Recent& known : values_[other]) Put(to, known.value);
      return;
    }
    std::optional<uint32_t> value;
    if (moves && from.type == X86_OP_IMM) {
      value = static_cast<uint32_t>(from.imm);
    } else if (instruction.id == X86_INS_XOR && from.type == X86_OP_REG &&
               from.reg == details.operands[0].reg) {
      value = 0;
    }
    if (!value.has_value() || *value >= kNumbersMax) return;
    Put(to, *value);
  }

  void Put(size_t to, uint32_t value) {
    std::vector<Recent>& known = values_[to];
    std::erase_if(known,
                  [value](const Recent& one) { return one.value == value; });
    known.push_back({value, count_});
    if (known.size() > kKnownMax) known.erase(known.begin());
  }

  // A register, whether by its name of 32 or of 64 bits.
  static size_t IndexOf(x86_reg name) {
    static constexpr x86_reg kNames[kRegisters][2] = {
        {X86_REG_EAX, X86_REG_RAX},  {X86_REG_EDI, X86_REG_RDI},
        {X86_REG_ESI, X86_REG_RSI},  {X86_REG_EDX, X86_REG_RDX},
        {X86_REG_ECX, X86_REG_RCX},  {X86_REG_EBX, X86_REG_RBX},
        {X86_REG_EBP, X86_REG_RBP},  {X86_REG_R8D, X86_REG_R8},
        {X86_REG_R9D, X86_REG_R9},   {X86_REG_R10D, X86_REG_R10},
        {X86_REG_R11D, X86_REG_R11}, {X86_REG_R12D, X86_REG_R12},
        {X86_REG_R13D, X86_REG_R13}, {X86_REG_R14D, X86_REG_R14},
        {X86_REG_R15D, X86_REG_R15}};
    for (size_t i = 0; i < kRegisters; ++i) {
      if (kNames[i][0] == name || kNames[i][1] == name) return i;
    }
    return kRegisters;
  }

  // All that may have come there: jumps are not followed.
  bool Gather(const std::vector<Recent>& values, std::set<uint32_t>& into) {
    bool found = false;
    for (auto one = values.rbegin();
         one != values.rend() && count_ - one->at <= kWindow; ++one) {
      into.insert(one->value);
      found = true;
    }
    return found;
  }
  void TakeSystemCall() {
    if (!Gather(values_[kNumber], function_.numbers)) ++function_.unknown;
  }
  void TakeArgument() {
    if (!Gather(values_[kArgument], function_.first_arguments)) {
      function_.has_unknown_argument = true;
    }
  }

  const ElfImage& image_;
  FunctionCode& function_;
  size_t count_ = 0;
  std::vector<Recent> values_[kRegisters];
};

}  // namespace

ModuleCode::ModuleCode(ElfImage image) : image_(std::move(image)) {
  Disassemble();
  for (const auto& [at, address] : image_.words()) {
    if (!image_.IsCode(address)) objects_.insert(address);
  }
  for (const auto& [name, address] : image_.exports()) {
    if (!image_.IsCode(address)) objects_.insert(address);
  }
}

void ModuleCode::Disassemble() {
  csh engine = 0;
  if (cs_open(CS_ARCH_X86, CS_MODE_64, &engine) != CS_ERR_OK) return;
  cs_option(engine, CS_OPT_DETAIL, CS_OPT_ON);
  cs_insn* instruction = cs_malloc(engine);
  std::set<uint64_t> begins = image_.functions();
  for (const auto& segment : image_.segments()) {
    if (segment.code) begins.insert(segment.address);
  }
  for (auto begin = begins.begin(); begin != begins.end(); ++begin) {
    const ElfImage::Segment* segment = image_.SegmentOf(*begin);
    const auto next = std::next(begin);
    uint64_t end = segment->address + segment->bytes.size();
    if (next != begins.end()) end = std::min(end, *next);
    FunctionCode& function = functions_[*begin];
    Reader reader(image_, function);
    uint64_t address = *begin;
    const auto* code = reinterpret_cast<const uint8_t*>(
        segment->bytes.data() + (address - segment->address));
    size_t left = end - address;
    while (left > 0) {
      if (cs_disasm_iter(engine, &code, &left, &address, instruction)) {
        reader.Take(*instruction);
        continue;
      }
      // Padding, or data among the code.
      ++code;
      ++address;
      --left;
    }
  }
  cs_free(instruction, 1);
  cs_close(&engine);
}

uint64_t ModuleCode::FunctionOf(uint64_t address) const {
  if (!image_.IsCode(address)) return 0;
  auto after = functions_.upper_bound(address);
  return after == functions_.begin() ? 0 : std::prev(after)->first;
}

ModuleCode::Object ModuleCode::ObjectOf(uint64_t address) const {
  const ElfImage::Segment* segment = image_.SegmentOf(address);
  if (segment == nullptr) return {address, address};
  Object object{segment->address, segment->address + segment->bytes.size()};
  const auto next = objects_.upper_bound(address);
  if (next != objects_.end()) object.end = std::min(object.end, *next);
  if (next != objects_.begin()) {
    object.begin = std::max(object.begin, *std::prev(next));
  }
  return object;
}

}  // namespace formfuzz::campaign

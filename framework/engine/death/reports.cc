// SPDX-License-Identifier: Apache-2.0
// ASan hands over its reports whole. Those of UBSan and LeakSanitizer are
// gathered as they are printed, up to their summary: only there is the stack,
// and the engine has control back only behind it.
#include "framework/engine/death/reports.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "framework/engine/death/record.h"
#include "framework/engine/death/sanitizer_options.h"

// Provided by the sanitizers' runtimes where they are linked, or called by
// them.
extern "C" void __ubsan_on_report();
extern "C" void __sanitizer_on_print(const char* text);
extern "C" __attribute__((weak)) void __asan_set_error_report_callback(
    void (*callback)(const char* report));
extern "C" __attribute__((weak)) void __ubsan_get_current_report_data(
    const char** kind, const char** message, const char** file, unsigned* line,
    unsigned* column, char** address);

namespace formfuzz {
namespace {

constexpr size_t kReportMax = 32 << 10;

// The report that is being printed. Sanitizers print one at a time.
struct {
  bool open = false;
  VerdictKind kind = VerdictKind::kCrashed;
  const char* name = "";
  size_t size = 0;
  char text[kReportMax];
} printed;

void Open(VerdictKind kind, const char* name) {
  printed.open = true;
  printed.kind = kind;
  printed.name = name;
  printed.size = 0;
  printed.text[0] = '\0';
}

void Append(const char* text) {
  const size_t size =
      std::min(std::strlen(text), kReportMax - 1 - printed.size);
  std::memcpy(printed.text + printed.size, text, size);
  printed.size += size;
  printed.text[printed.size] = '\0';
}

void Close() {
  printed.open = false;
  Death death;
  death.kind = printed.kind;
  death.name = printed.name;
  death.report = printed.text;
  printed.kind == VerdictKind::kLeaked ? RecordRemains(death)
                                       : RecordDeath(death);
}

void OnPrint(const char* text) {
  if (!printed.open) {
    if (std::strstr(text, "ERROR: LeakSanitizer: ") == nullptr) return;
    Open(VerdictKind::kLeaked, "LeakSanitizer");
  }
  Append(text);
  if (std::strstr(text, "SUMMARY: ") != nullptr) Close();
}

// UBSan prints no line of the form that names the kind of an error.
void OnUndefinedBehaviour() {
  if (__ubsan_get_current_report_data == nullptr) return;
  const char* kind = "";
  const char* message = "";
  const char* file = "";
  char* address = nullptr;
  unsigned line = 0;
  unsigned column = 0;
  __ubsan_get_current_report_data(&kind, &message, &file, &line, &column,
                                  &address);
  Open(VerdictKind::kCrashed, "UndefinedBehaviorSanitizer");
  for (const char* part :
       {"ERROR: UndefinedBehaviorSanitizer: ", kind, " ", message, "\n"}) {
    Append(part);
  }
}

void OnAsanReport(const char* report) {
  Death death;
  death.name = "AddressSanitizer";
  death.report = report;
  RecordDeath(death);
}

}  // namespace

bool WatchReports() {
  ChooseSanitizerOptions();
  if (__asan_set_error_report_callback == nullptr) return false;
  __asan_set_error_report_callback(OnAsanReport);
  return true;
}

}  // namespace formfuzz

// Called by UBSan for every report, before it prints it.
extern "C" void __ubsan_on_report() { formfuzz::OnUndefinedBehaviour(); }
// Called by every sanitizer with all that it prints.
extern "C" void __sanitizer_on_print(const char* text) {
  formfuzz::OnPrint(text);
}

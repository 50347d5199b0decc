# SPDX-License-Identifier: Apache-2.0
"""A small clean tree, and for each rule of ci/check files that break it."""

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
HEAD = SPDX + "//\n// What this file is for.\n"


def source(*lines):
    return HEAD + "".join(line + "\n" for line in lines)


def header(path, *lines):
    guard = "FORMFUZZ_" + path.upper().translate(
        str.maketrans("/.", "__")) + "_"
    return source(f"#ifndef {guard}", f"#define {guard}", "", *lines, "",
                  f"#endif  // {guard}")


def define(name, body_lines, parameters=""):
    return [f"int {name}({parameters}) {{", *body_lines, "}"]


CLEAN = {
    "framework/base/bytes.h": header(
        "framework/base/bytes.h", "// An accessor as the library has it.",
        "struct Bytes {", "  const char* data() const { return nullptr; }",
        "};"),
    "framework/input/source.cc": source(
        '#include "framework/base/bytes.h"', "",
        "// Not a fork() nor LLVMFuzzerTestOneInput: a \".formfuzz\" comment.",
        'const char* kText = "fork() { // no comment";'),
    "framework/engine/entry.cc": source(
        '#include "framework/input/source.h"', "",
        'extern "C" int LLVMFuzzerTestOneInput(const char* bytes, int size) {',
        "  return bytes[size];", "}"),
    "framework/input/source.h": header(
        "framework/input/source.h", "struct Source {};"),
    "components/vm_manager/vm_manager.cc": source(
        "class VmManager {};", "void Throw() { throw 1; }"),
    "harnesses/vm/harness.cc": source(
        '#include "framework/input/source.h"'),
    "tests/base/bytes_test.cc": source(
        '#include "framework/base/bytes.h"', '#include "gtest/gtest.h"', "",
        "TEST(BytesTest, AreBytes) {}"),
    "ci/build.py": "#!/usr/bin/env python3\n" + SPDX.replace("//", "#") +
                   '"""Builds all there is."""\n',
}

# name: (rule, what its message holds, {path: content})
VIOLATIONS = {
    "upward_include": ("layers", "framework/base does not see", {
        "framework/base/a.cc": source(
            '#include "framework/input/source.h"')}),
    "sibling_layers": ("layers", "does not see", {
        "framework/fault/a.h": header("framework/fault/a.h"),
        "framework/schedule/a.cc": source('#include "framework/fault/a.h"')}),
    "component_sees_framework": ("layers", "components/vm does not see", {
        "components/vm/a.cc": source('#include "framework/base/bytes.h"')}),
    "component_sees_component": ("layers", "components/vm does not see", {
        "components/net/a.h": header("components/net/a.h"),
        "components/vm/a.cc": source('#include "components/net/a.h"')}),
    "framework_sees_tests": ("layers", "does not see tests", {
        "tests/a.h": header("tests/a.h"),
        "framework/engine/a.cc": source('#include "tests/a.h"')}),
    "campaign_sees_harness": ("layers", "campaign does not see", {
        "harnesses/vm/a.h": header("harnesses/vm/a.h"),
        "campaign/loop/a.cc": source('#include "harnesses/vm/a.h"')}),
    "relative_include": ("layers", "from the root", {
        "framework/base/a.cc": source('#include "bytes.h"')}),
    "absent_include": ("layers", "no such file", {
        "framework/base/a.cc": source('#include "framework/base/none.h"')}),
    "no_layer": ("layers", "in no layer", {
        "framework/odd/a.cc": source()}),
    "unreadable_layers": ("layers", "neither", {
        "framework/layers.txt": "layer framework/base may see\n"}),
    "cyclic_layers": ("layers", "see each other", {
        "framework/layers.txt": "layer a sees b\nlayer b sees a\n"}),
    "cyclic_includes": ("include-cycle", "b.h > framework/base/c.h", {
        "framework/base/b.h": header(
            "framework/base/b.h", '#include "framework/base/c.h"'),
        "framework/base/c.h": header(
            "framework/base/c.h", '#include "framework/base/b.h"')}),
    "libfuzzer_name": ("choke-point", "LLVMFuzzerMutate", {
        "framework/input/a.cc": source("int x = LLVMFuzzerMutate(0, 0, 0);")}),
    "seccomp_header": ("choke-point", "seccomp.h", {
        "campaign/process/a.cc": source("#include <seccomp.h>")}),
    "fork_call": ("choke-point", "fork(", {
        "campaign/loop/a.cc": source("int pid = fork();")}),
    "exec_call": ("choke-point", "execve(", {
        "cli/a.cc": source("int gone = ::execve(0, 0, 0);")}),
    "wall_clock": ("choke-point", "steady_clock", {
        "framework/input/a.cc": source("using C = std::steady_clock;")}),
    "real_randomness": ("choke-point", "rand(", {
        "mocks/a.cc": source("int x = std::rand();")}),
    "wall_time": ("choke-point", "time(nullptr)", {
        "mocks/a.cc": source("long x = time(nullptr);")}),
    "sleep_in_test": ("choke-point", "sleep_for(", {
        "tests/a.cc": source("void F() { std::sleep_for(1); }")}),
    "gtest_in_product": ("choke-point", "gtest", {
        "framework/input/a.cc": source('#include "gtest/gtest.h"')}),
    "throw_in_framework": ("choke-point", "throw", {
        "framework/base/a.cc": source("void F() { throw 1; }")}),
    "work_folder_name": ("choke-point", ".formfuzz", {
        "cli/a.cc": source('const char* kFolder = ".formfuzz/x";')}),
    "no_spdx": ("spdx", "line 1", {
        "framework/base/a.cc": "// What this file is for.\n"}),
    "no_spdx_in_script": ("spdx", "line 1", {
        "ci/tool": "#!/bin/sh\n# What this file is for.\n"}),
    "no_purpose": ("purpose", "what it is for", {
        "framework/base/a.cc": SPDX + "int x;\n"}),
    "wrong_guard": ("guard", "FORMFUZZ_FRAMEWORK_BASE_A_H_", {
        "framework/base/a.h": header("framework/base/b.h")}),
    "pragma_once": ("guard", "FORMFUZZ_FRAMEWORK_BASE_A_H_", {
        "framework/base/a.h": source("#pragma once")}),
    "wide_line": ("columns", "81 columns", {
        "framework/base/a.cc": source("// " + "x" * 78)}),
    "unfinished": ("unfinished", "later", {
        "framework/base/a.cc": source("// TO" + "DO: later")}),
    "unfinished_script": ("unfinished", "later", {
        "ci/a.py": SPDX.replace("//", "#") + '"""What it is for."""\n# FIX'
                   + "ME later\n"}),
    "bare_assertion": ("braces", "gcc refuses it", {
        "tests/base/bytes_test.cc": source(
            '#include "gtest/gtest.h"', "", "TEST(BytesTest, AreBytes) {",
            "  if (true) ASSERT_TRUE(true);", "}")}),
    "bare_assertion_below": ("braces", "gcc refuses it", {
        "tests/base/bytes_test.cc": source(
            '#include "gtest/gtest.h"', "", "TEST(BytesTest, AreBytes) {",
            "  if (true &&", "      !false)", "    EXPECT_TRUE(true);", "}")}),
    "machine_path": ("leak", "not of the product", {
        "README.md": "Run /wor" + "k/main/formfuzz\n"}),
    "home_path": ("leak", "not of the product", {
        "docs/a.json": '{"home": "/roo' + 't/x"}\n'}),
    "ticket_number": ("leak", "not of the product", {
        "framework/base/a.cc": source("// See iss" + "ue 12.")}),
    "banned_file_name": ("name", "'util'", {
        "framework/base/string_util.cc": source()}),
    "banned_folder_name": ("name", "'helpers'", {
        "framework/base/helpers/a.cc": source()}),
    "banned_type_name": ("name", "'manager'", {
        "framework/base/a.cc": source("class CorpusManager {};")}),
    "banned_function_name": ("name", "'helper'", {
        "framework/base/a.cc": source(*define("SortHelper", []))}),
    "long_file": ("file-lines", "budget 500", {
        "tests/a.cc": source(*["// x"] * 500)}),
    "unexplained_file": ("file-lines", "wants a reason", {
        "tests/a.cc": source(*["// x"] * 350)}),
    "many_includes": ("includes", "25, budget 24", {
        "tests/a.cc": source(*[f"#include <a{i}>" for i in range(25)])}),
    "long_function": ("function", "Long has 61 lines", {
        "tests/a.cc": source(*define("Long", ["  F();"] * 59))}),
    "long_test": ("function", "TEST has 61 lines", {
        "tests/a.cc": source("TEST(A, B) {", *["  F();"] * 59, "}")}),
    "many_parameters": ("function", "Wide has 6 parameters", {
        "tests/a.cc": source(*define(
            "Wide", [], "int a, int b, M<K, V> c, int d, int e, int f"))}),
    "deep_nesting": ("function", "Deep has 4 nested blocks", {
        "tests/a.cc": source(*define("Deep", [
            "  if (a) {", "    for (;;) {", "      while (b) {",
            "        switch (c) {", "        }", "      }", "    }",
            "  }"]))}),
    "stray_brace": ("function", "do not pair up", {
        "tests/a.cc": source("}")}),
    "median_file": ("distribution", "file_lines_median is", {
        f"framework/base/a{i}.cc": source(*["// x"] * 120)
        for i in range(12)}),
    "median_function": ("distribution", "function_lines_median is 10", {
        "framework/base/a.cc": source(*sum(
            (define(f"F{i}", ["  G();"] * 8) for i in range(9)), []))}),
    "crowded_folder": ("crowd", "17 files", {
        f"framework/fault/a{i}.cc": source() for i in range(17)}),
}

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds files, functions and names to the house style and to the budgets in
ci/style_budgets.json, which may only tighten."""

import json
import os
import re
import subprocess

import check_functions
import check_tree
from check_tree import Violation, line_at

BUDGETS = "ci/style_budgets.json"
# Files longer than budgeted, each with the reason: {"path": "why"}.
REASONS = "reasons"

# Tests pair up with what they test, and corpora grow: their folders may.
_CROWD_EXEMPT = ("tests/", "corpora/")
# Medians and percentiles are of the product: tests are tables and repetition.
_NOT_PRODUCT = ("tests/", "bench/")

_BANNED_WORDS = {"util", "utils", "helper", "helpers", "manager", "data",
                 "info", "misc", "impl", "common"}
# Words of the problem, not of the code: the component that manages VMs.
_WORDS_OF_THE_PROBLEM = re.compile(r"vm_?manager|user_?data", re.IGNORECASE)
# The standard library's protocol, and access to the component just named.
_ACCESSORS = {"data", "manager"}
_DECLARED = re.compile(
    r"\b(?:class|struct|union|concept|enum(?:\s+class|\s+struct)?|namespace"
    r"|using)\s+(?!namespace\b|class\b|struct\b)([A-Za-z_]\w*)")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

# Brackets keep these patterns from finding themselves.
_UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")
# Such macros of GoogleTest hold an else of their own: without braces gcc
# refuses it, and clang says nothing.
_BARE_ASSERTION = re.compile(r"^\s*(?:\} )?(?:else|(?:else )?if \([^;{}]*\))\s+"
                             r"(?:ASSERT|EXPECT)_\w+\(", re.MULTILINE)
_LEAKS = re.compile(
    r"(?<![\w.}])/(?:wor[k]|roo[t]|far[m])/|/tmp/f[f]\b"
    r"|\b(?:deb|security)\.debia[n]\.org|\bregistry\.npmj[s]|\bpypi\.or[g]"
    r"|\bissue #?[0-9]|\b[Cc]laud[e]\b|\bAnthropi[c]\b", re.IGNORECASE)

_SPDX = re.compile(r"(?://|#) SPDX-License-Identifier: Apache-2\.0$")
_COMMENT = re.compile(r"\s*(?://|#|\"\"\")\s*(\S.*)")
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b", re.MULTILINE)
_URL = re.compile(r"https?://\S")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def check_head(tree, name):
    """Line 1 says the licence (after #!), the next comment the purpose."""
    lines = tree.text(name).splitlines()
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    if not lines or not _SPDX.match(lines[0]):
        yield Violation(name, 1, "spdx", "line 1 is not the SPDX line")
        return
    comment = []
    for line in lines[1:]:
        match = _COMMENT.match(line)
        if match:
            comment += match.group(1).split()
        elif comment or line.strip() not in ("//", "#", ""):
            break
    if len(comment) < 3:
        yield Violation(name, 2, "purpose", "no comment says what it is for")


def check_guard(tree, name):
    if not name.endswith(".h"):
        return
    stem = name if name.startswith("formfuzz/") else "formfuzz/" + name
    guard = re.sub(r"\W", "_", stem).upper() + "_"
    code = tree.code(name)
    if not re.search(rf"^#ifndef {guard}\n#define {guard}\n", code,
                     re.MULTILINE):
        yield Violation(name, 1, "guard", f"include guard is not {guard}")


def check_lines(tree, name, budgets):
    columns_max = budgets["columns_max"]
    for number, line in enumerate(tree.text(name).splitlines(), 1):
        if len(line) > columns_max and not _URL.search(line):
            yield Violation(name, number, "columns",
                            f"{len(line)} columns, budget {columns_max}")
        if _UNFINISHED.search(line):
            yield Violation(name, number, "unfinished", line.strip())


def check_assertions(tree, name):
    text = tree.text(name)
    for match in _BARE_ASSERTION.finditer(text):
        yield Violation(name, line_at(text, match.end()), "braces",
                        "an assertion after if: gcc refuses it")


def check_leaks(tree):
    for name in tree.files:
        if name.startswith("corpora/"):
            continue
        text = tree.text(name)
        for match in _LEAKS.finditer(text):
            yield Violation(name, line_at(text, match.start()), "leak",
                            f"'{match.group()}' is not of the product")


def banned_words(name):
    words = _WORD.findall(_WORDS_OF_THE_PROBLEM.sub("", name))
    return {word.lower() for word in words} & _BANNED_WORDS


def check_names(tree, name, functions):
    declared = [(line_at(tree.code(name), match.start(1)), match.group(1))
                for match in _DECLARED.finditer(tree.code(name))]
    declared += [(f.line, f.name) for f in functions
                 if f.name not in _ACCESSORS]
    for line, identifier in declared:
        for word in banned_words(identifier):
            yield Violation(name, line, "name",
                            f"'{word}' says nothing in {identifier}")


def check_paths(tree):
    for name in tree.cxx() + tree.scripts():
        for word in banned_words(name):
            yield Violation(name, 0, "name", f"'{word}' says nothing in a path")


def check_size(tree, name, budgets):
    lines = tree.text(name).count("\n")
    reasons = budgets.get(REASONS, {})
    if lines > budgets["file_lines_max"]:
        yield Violation(name, 0, "file-lines",
                        f"{lines}, budget {budgets['file_lines_max']}")
    elif lines > budgets["file_lines_unexplained"] and name not in reasons:
        yield Violation(name, 0, "file-lines",
                        f"{lines}, wants a reason in {BUDGETS}")
    includes = len(_INCLUDE.findall(tree.code(name)))
    if includes > budgets["includes_max"]:
        yield Violation(name, 0, "includes",
                        f"{includes}, budget {budgets['includes_max']}")


def _own_parameters(function):
    """Its parameters, unless libFuzzer's interface sets them."""
    return 0 if function.name.startswith("LLVMFuzzer") else function.parameters


def check_functions_of(name, functions, budgets):
    for f in functions:
        for what, value, key in (
                ("lines", f.lines, "function_lines_max"),
                ("parameters", _own_parameters(f), "parameters_max"),
                ("nested blocks", f.nesting, "nesting_max")):
            if value > budgets[key]:
                yield Violation(name, f.line, "function",
                                f"{f.name} has {value} {what}, budget "
                                f"{budgets[key]}")


def check_distribution(tree, functions, budgets):
    product = [n for n in tree.cxx() if not n.startswith(_NOT_PRODUCT)]
    file_lines = [tree.text(name).count("\n") for name in product]
    function_lines = [f.lines for name in product for f in functions[name]]
    for what, values in (("file_lines", file_lines),
                         ("function_lines", function_lines)):
        for share, suffix in ((0.5, "median"), (0.95, "p95")):
            budget = budgets[f"{what}_{suffix}"]
            value = percentile(values, share) if values else 0
            if value > budget:
                yield Violation("", 0, "distribution",
                                f"{what}_{suffix} is {value}, budget {budget}")


def check_folders(tree, budgets):
    files_max = budgets["folder_files_max"]
    counts = {}
    for name in tree.files:
        folder, base = os.path.split(name)
        if not base.startswith(".") and not name.startswith(_CROWD_EXEMPT):
            counts[folder] = counts.get(folder, 0) + 1
    for folder, count in counts.items():
        if count > files_max:
            yield Violation(folder, 0, "crowd",
                            f"{count} files, budget {files_max}: two jobs?")


def check_ratchet(tree, budgets):
    """No budget is looser than, or missing since, any commit before."""
    if not tree.git("rev-list", "-n", "1", "--all"):
        return
    for commit in tree.git("rev-list", "HEAD", "--", BUDGETS).split():
        try:
            before = json.loads(tree.git("show", f"{commit}:{BUDGETS}"))
        except (subprocess.CalledProcessError, ValueError):
            # The commit removed the file or broke it.
            continue
        for key, value in before.items():
            if key != REASONS and budgets.get(key, float("inf")) > value:
                yield Violation(BUDGETS, 0, "ratchet",
                                f"{key} was {value} in {commit[:12]}")


def check_reasons(tree, budgets):
    for name, reason in budgets.get(REASONS, {}).items():
        needed = (name in tree.files and tree.text(name).count("\n")
                  > budgets["file_lines_unexplained"])
        if not needed or not reason.strip():
            yield Violation(BUDGETS, 0, "reasons", f"{name} needs none now")


def measure_functions(tree, violations):
    """By file; what cannot be read becomes a violation."""
    measured = {}
    for name in tree.cxx():
        try:
            measured[name] = check_functions.functions(tree.code(name))
        except check_functions.Unbalanced as error:
            measured[name] = []
            violations.append(Violation(name, error.args[0], "function",
                                        "braces that do not pair up"))
    return measured


def check(tree):
    violations = []
    budgets = json.loads(tree.text(BUDGETS))
    functions = measure_functions(tree, violations)
    for name in tree.cxx() + tree.scripts():
        violations += check_head(tree, name)
        violations += check_lines(tree, name, budgets)
        violations += check_size(tree, name, budgets)
    for name in tree.cxx():
        violations += check_guard(tree, name)
        violations += check_assertions(tree, name)
        violations += check_names(tree, name, functions[name])
        violations += check_functions_of(name, functions[name], budgets)
    violations += check_leaks(tree)
    violations += check_paths(tree)
    violations += check_distribution(tree, functions, budgets)
    violations += check_folders(tree, budgets)
    violations += check_ratchet(tree, budgets)
    violations += check_reasons(tree, budgets)
    return violations


if __name__ == "__main__":
    check_tree.main(__doc__, check)

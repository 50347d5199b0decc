#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every rule of ci/check is broken once in a small tree and must be caught
there; the same tree unbroken must be clean."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(REPOSITORY / "ci"))

import check_functions  # noqa: E402
import check_layers  # noqa: E402
import check_style  # noqa: E402
import check_tree  # noqa: E402
from check_cases import CLEAN, VIOLATIONS, source  # noqa: E402

def run_git(root, *arguments):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", root, *identity, *arguments], check=True,
                   capture_output=True)


def write(root, files):
    for path, content in files.items():
        target = pathlib.Path(root, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")


class TreeTest(unittest.TestCase):
    """A fresh, clean work tree for each case."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        run_git(self.root, "init", "-q")
        write(self.root, CLEAN)
        for name in (check_layers.RULES, check_style.BUDGETS):
            shutil.copy(REPOSITORY / name, pathlib.Path(self.root, name))
        shutil.copy(REPOSITORY / ".clang-format", self.root)
        self.set_budgets(reasons={})

    def budgets(self):
        path = pathlib.Path(self.root, check_style.BUDGETS)
        return json.loads(path.read_text(encoding="utf-8"))

    def set_budgets(self, **changes):
        write(self.root, {
            check_style.BUDGETS: json.dumps({**self.budgets(), **changes})})

    def violations(self):
        tree = check_tree.Tree(self.root)
        return sorted({*check_layers.check(tree), *check_style.check(tree)})

    def commit(self):
        run_git(self.root, "add", "-A")
        run_git(self.root, "commit", "-q", "-m", "x")

    def program(self, *arguments, **environment):
        return subprocess.run(
            [str(REPOSITORY / "ci" / "check"), "--root", self.root, *arguments],
            capture_output=True, encoding="utf-8", check=False,
            env={**os.environ, "CI": "", **environment})


class RulesTest(TreeTest):
    def test_clean_tree_has_no_violation(self):
        self.assertEqual(self.violations(), [])

    def test_each_rule_catches_its_violation_and_nothing_else(self):
        for name, (rule, message, files) in VIOLATIONS.items():
            with self.subTest(name):
                self.tearDown()
                self.setUp()
                write(self.root, files)
                found = self.violations()
                self.assertEqual({v.rule for v in found}, {rule}, found)
                self.assertTrue(any(message in v.message for v in found),
                                f"{message!r} not in {found}")

    def test_a_violation_names_its_line(self):
        write(self.root, {"framework/base/a.cc": source("int x = fork();")})
        self.assertEqual([str(v).split(": ")[0] for v in self.violations()],
                         ["framework/base/a.cc:4"])

    def test_ignored_and_built_files_are_not_looked_at(self):
        write(self.root, {"build/a.cc": "x", "build-x/a.cc": "x",
                          ".formfuzz/a.cc": "x", "out/a.cc": "x",
                          ".gitignore": "out/\n"})
        self.assertEqual(self.violations(), [])

    def test_corpora_may_hold_anything(self):
        write(self.root, {f"corpora/vm/seed/{i}.txt": "/wor" + "k/x"
                          for i in range(20)})
        self.assertEqual(self.violations(), [])

    def test_a_reason_allows_a_long_file_until_it_is_short(self):
        self.set_budgets(reasons={"tests/a.cc": "one table"})
        write(self.root, {"tests/a.cc": source(*["// x"] * 400)})
        self.assertEqual(self.violations(), [])
        write(self.root, {"tests/a.cc": source()})
        self.assertEqual([v.rule for v in self.violations()], ["reasons"])


class RatchetTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.commit()

    def rules(self):
        return [v.rule for v in self.violations()]

    def test_tightening_is_clean(self):
        self.set_budgets(includes_max=20)
        self.assertEqual(self.rules(), [])

    def test_loosening_is_caught_also_when_committed(self):
        self.set_budgets(includes_max=20)
        self.commit()
        self.set_budgets(includes_max=21)
        self.assertEqual(self.rules(), ["ratchet"])
        self.commit()
        self.assertEqual(self.rules(), ["ratchet"])

    def test_a_new_budget_may_come(self):
        self.set_budgets(classes_max=3)
        self.assertEqual(self.rules(), [])


class FunctionsTest(unittest.TestCase):
    def measure(self, *lines):
        code = check_tree.clean("\n".join(lines))
        return [(f.name, f.lines, f.parameters, f.nesting)
                for f in check_functions.functions(code)]

    def test_finds_members_constructors_and_operators(self):
        self.assertEqual(self.measure(
            "namespace a {", "struct alignas(64) S : Base<decltype(f())> {",
            "  S() : a_{1}, b_(2) {}", "  explicit S(int a) noexcept", "      ",
            "      : a_{a} {", "  }", "  bool operator==(const S& o) const {",
            "    return a_ == o.a_;", "  }", "  int a_ = {3};", "};",
            "template <class T>", "  requires(sizeof(T) > 1)",
            "[[nodiscard]] auto F(std::map<K, V> m, int b = 3) -> int {",
            "  return 1;", "}", "}  // namespace a"),
            [("S", 1, 0, 0), ("S", 4, 1, 0), ("operator==", 3, 1, 0),
             ("F", 5, 2, 0)])

    def test_braces_of_values_and_lambdas_are_no_blocks(self):
        self.assertEqual(self.measure(
            "constexpr int kTable[] = {1, 2};",
            "void F() {", "  const auto g = [&](int a) -> int {",
            "    if (a) {", "      return Make({.a = {1}});", "    }",
            "    return int{2};", "  };", "  Call([] { return '{'; });",
            "  switch (x) {", "    case A::kB: {", "      break;", "    }",
            "  }", "}"), [("F", 14, 0, 1)])

    def test_comments_and_literals_hide_nothing(self):
        self.assertEqual(self.measure(
            "// {", "/* { */", "void F() {", '  Say("}{", R"(")}{)", \'}\');',
            "  int n = 1'000'000;", "}", "#define BLOCK {", "void G() {}"),
            [("F", 4, 0, 0), ("G", 1, 0, 0)])


class ProgramTest(TreeTest):
    def test_says_clean_and_exits_zero(self):
        result = self.program()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertTrue(result.stdout.endswith("ci/check: clean\n"))

    def test_prints_a_violation_and_exits_one(self):
        write(self.root, {"framework/base/a.cc": source("int x = fork();")})
        result = self.program()
        self.assertEqual(result.returncode, 1)
        self.assertIn("framework/base/a.cc:4: choke-point:", result.stdout)

    def test_refuses_an_unknown_flag(self):
        result = self.program("--what")
        self.assertEqual(result.returncode, 2)
        self.assertIn("usage:", result.stderr)

    def test_staged_tells_only_of_the_next_commit(self):
        self.commit()
        write(self.root, {"framework/base/a.cc": source("int x = fork();")})
        self.assertEqual(self.program("--staged").returncode, 0)
        run_git(self.root, "add", "-A")
        self.assertEqual(self.program("--staged").returncode, 1)

    def test_without_a_formatter_only_ci_fails(self):
        folder = pathlib.Path(self.root, "build", "bin")
        folder.mkdir(parents=True)
        os.symlink(sys.executable, folder / "python3")
        for tool in ("bash", "dirname", "git", "sed", "sort"):
            os.symlink(shutil.which(tool), folder / tool)
        result = self.program(PATH=str(folder))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("skipped, clang-format-19", result.stdout)
        result = self.program(PATH=str(folder), CI="true")
        self.assertEqual(result.returncode, 1)


@unittest.skipUnless(shutil.which("clang-format-19"), "no clang-format-19")
class FormatTest(TreeTest):
    def setUp(self):
        super().setUp()
        write(self.root, {"framework/base/a.cc": source("int   x;")})

    def test_fix_formats_what_the_check_refuses(self):
        result = self.program()
        self.assertEqual(result.returncode, 1)
        self.assertIn("framework/base/a.cc:4: format:", result.stdout)
        self.assertEqual(self.program("--fix").returncode, 0)
        self.assertEqual(
            pathlib.Path(self.root, "framework/base/a.cc").read_text(),
            source("int x;"))

    def test_a_formatter_that_fails_is_told(self):
        write(self.root, {".clang-format": "BasedOnStyle: Nobodys\n"})
        result = self.program()
        self.assertEqual(result.returncode, 1)
        self.assertIn("format: ", result.stdout)
        self.assertIn("failed: ", result.stdout)


if __name__ == "__main__":
    unittest.main()

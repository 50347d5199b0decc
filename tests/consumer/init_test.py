# SPDX-License-Identifier: Apache-2.0
"""What `formfuzz init` and `add` write builds, runs and finds nothing wrong.

Needs FORMFUZZ_PROGRAM and CMAKE_PREFIX_PATH, where formfuzz is installed.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["FORMFUZZ_PROGRAM"]


class InitTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="formfuzz-init-")
        self.addCleanup(temporary.cleanup)
        self.root = pathlib.Path(temporary.name)
        (self.root / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\n"
            "project(mine CXX)\nenable_testing()\n")

    def call(self, *words, code=0):
        environment = {**os.environ, "FORMFUZZ_COMMAND": "formfuzz"}
        environment.pop("FORMFUZZ_HOME", None)
        ended = subprocess.run([PROGRAM, *words], cwd=self.root, text=True,
                               env=environment, capture_output=True,
                               check=False, timeout=600)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return ended.stdout

    def test_a_new_project_fuzzes_at_once(self):
        self.assertIn("next: formfuzz run first", self.call("init"))
        result = json.loads(
            self.call("run", "first", "--runs", "20000", "--json"))
        self.assertGreaterEqual(result["executions"], 20000)
        self.assertGreater(result["edges"], 0)
        self.assertEqual(result["findings"], 0)
        self.call("add", "order_book")
        self.assertEqual(self.call("list"), "first\norder_book\n")
        tests = subprocess.run(["ctest", "-N"], cwd=self.root / "build/fuzz",
                               capture_output=True, text=True, check=True)
        self.assertIn("order_book.property", tests.stdout)
        self.a_defect_comes_with_a_test_in_cpp()

    def a_defect_comes_with_a_test_in_cpp(self):
        source = self.root / "fuzz/order_book/order_book.cc"
        text = source.read_text()
        source.write_text(
            text.replace("if (amount > count_) return false;", ""))
        self.assertNotEqual(source.read_text(), text)
        result = json.loads(self.call("run", "order_book", "--json", code=1))
        finding = result["finding_list"][0]
        self.assertEqual(finding["reproducer"], "verified", finding)
        shown = self.call("show", finding["folder"], "--as", "cpp")
        self.assertIn("TEST(order_book, CountIsInRange) {", shown)
        self.assertIn('scenario.Step("take ', shown)
        source.write_text(text)


if __name__ == "__main__":
    unittest.main()

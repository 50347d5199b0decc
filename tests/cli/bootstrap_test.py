# SPDX-License-Identifier: Apache-2.0
"""The bootstrap script, in a copy of the clone with doubles for dpkg and apt.

Nothing is installed or built: the program is replaced by a script that prints
its arguments, and the package tools by scripts that say what they are told.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

DPKG = """#!/bin/sh
cat "$DOUBLES/installed"
"""
APT = """#!/bin/sh
echo "$@" >>"$DOUBLES/apt.calls"
case "$1" in install) [ -e "$DOUBLES/apt.works" ] || {
  echo "E: no route to anywhere"; exit 100; } ;; esac
"""
NINJA = """#!/bin/sh
echo "$@" >>"$DOUBLES/ninja.calls"
[ ! -e "$DOUBLES/ninja.fails" ] || { echo "broken.cc:1: no"; exit 1; }
"""
PROGRAM = """#!/bin/sh
echo "program: $*"; echo "home: $FORMFUZZ_HOME"; exit 7
"""


class BootstrapTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="formfuzz-bootstrap-")
        self.addCleanup(temporary.cleanup)
        self.doubles = pathlib.Path(temporary.name) / "doubles"
        self.clone = pathlib.Path(temporary.name) / "clone with a blank"
        self.doubles.mkdir()
        shutil.copytree(ROOT / "ci/packages", self.clone / "ci/packages")
        shutil.copy(ROOT / "formfuzz", self.clone / "formfuzz")
        self.script(self.doubles / "dpkg-query", DPKG)
        self.script(self.doubles / "apt-get", APT)
        self.script(self.doubles / "ninja", NINJA)
        (self.clone / "build/cli").mkdir(parents=True)
        (self.clone / "build/cli/build.ninja").touch()
        (self.clone / "build/cli/CMakeCache.txt").write_text(
            f"CMAKE_HOME_DIRECTORY:INTERNAL={self.clone}\n")
        self.script(self.clone / "build/cli/formfuzz", PROGRAM)
        self.installed("build", "test")

    def script(self, path, text):
        path.write_text(text)
        path.chmod(0o755)

    def listed(self, name):
        text = (self.clone / f"ci/packages/{name}.txt").read_text()
        return [line for line in text.splitlines()
                if line and not line.startswith("#")]

    def installed(self, *names, but=()):
        packages = {package for name in names for package in self.listed(name)}
        (self.doubles / "installed").write_text("".join(
            f"ii  {package}\n" for package in sorted(packages - set(but))))

    def be_root(self, yes):
        self.script(self.doubles / "id", f"#!/bin/sh\necho {0 if yes else 9}\n")

    def call(self, *words):
        environment = {**os.environ, "DOUBLES": str(self.doubles),
                       "PATH": f"{self.doubles}:{os.environ['PATH']}"}
        return subprocess.run([self.clone / "formfuzz", *words],
                              env=environment, capture_output=True, text=True,
                              check=False, timeout=60)

    def test_hands_over_arguments_and_exit_code(self):
        ended = self.call("run", "a target", "--", "--no-install")
        self.assertEqual(ended.returncode, 7)
        self.assertEqual(ended.stdout, "program: run a target -- --no-install\n"
                                       f"home: {self.clone}\n")
        self.assertEqual(ended.stderr, "")

    def test_builds_the_program_and_what_its_compilers_link(self):
        self.call("list")
        calls = (self.doubles / "ninja.calls").read_text().split()
        self.assertIn("formfuzz_program", calls)
        self.assertIn("formfuzz_compiler", calls)

    def test_works_through_a_symbolic_link(self):
        link = self.doubles / "ff"
        link.symlink_to(self.clone / "formfuzz")
        environment = {**os.environ, "DOUBLES": str(self.doubles),
                       "PATH": f"{self.doubles}:{os.environ['PATH']}"}
        ended = subprocess.run([link, "list"], env=environment, text=True,
                               capture_output=True, check=False, timeout=60)
        self.assertIn(f"home: {self.clone}", ended.stdout)

    def test_no_install_lists_what_is_missing(self):
        self.installed("build", but=["clang-19", "cmake"])
        for words in (["--no-install", "list"], ["list", "--no-install"]):
            ended = self.call(*words)
            self.assertEqual(ended.returncode, 3)
            self.assertIn("missing packages: cmake clang-19", ended.stderr)
            self.assertIn("apt-get install --no-install-recommends "
                          "cmake clang-19\n", ended.stderr)
            self.assertFalse((self.doubles / "apt.calls").exists())

    def test_without_root_one_line_says_what_to_run(self):
        self.be_root(False)
        self.installed("build", but=["clang-19"])
        ended = self.call("list")
        self.assertEqual(ended.returncode, 3)
        self.assertIn("  sudo apt-get install --no-install-recommends "
                      "clang-19\n", ended.stderr)

    def test_root_installs_what_is_missing_and_nothing_else(self):
        self.be_root(True)
        (self.doubles / "apt.works").touch()
        self.installed("build", but=["clang-19"])
        self.assertEqual(self.call("list").returncode, 7)
        calls = (self.doubles / "apt.calls").read_text().splitlines()
        self.assertEqual(calls[-1], "install -y -qq --no-install-recommends "
                                    "clang-19")

    def test_an_apt_that_fails_is_one_clear_line_and_3(self):
        self.be_root(True)
        self.installed("build", but=["clang-19"])
        ended = self.call("list")
        self.assertEqual(ended.returncode, 3)
        self.assertIn("apt-get failed: E: no route to anywhere", ended.stderr)

    def test_only_test_asks_for_the_packages_of_the_tests(self):
        self.installed("build")
        self.assertEqual(self.call("--no-install", "list").returncode, 7)
        ended = self.call("--no-install", "test")
        self.assertEqual(ended.returncode, 3)
        self.assertIn("afl++", ended.stderr)

    def test_packages_are_asked_for_once_and_after_a_change(self):
        self.assertEqual(self.call("list").returncode, 7)
        self.installed("build", but=["clang-19"])
        self.assertEqual(self.call("--no-install", "list").returncode, 7)
        later = (self.clone / "build/cli/packages-build.stamp").stat().st_mtime
        os.utime(self.clone / "ci/packages/build.txt", (later + 9, later + 9))
        self.assertEqual(self.call("--no-install", "list").returncode, 3)

    def test_a_build_that_fails_is_shown(self):
        (self.doubles / "ninja.fails").touch()
        ended = self.call("list")
        self.assertEqual(ended.returncode, 3)
        self.assertIn("broken.cc:1: no", ended.stderr)
        self.assertIn("could not build the program", ended.stderr)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the README to the truth: its code, its commands, its verbs."""
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
COMMAND_TIMEOUT_S = 300


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README,
                      re.MULTILINE | re.DOTALL)


class ReadmeTest(unittest.TestCase):
    def test_its_harness_is_the_one_that_is_tested(self):
        tested = (ROOT / "tests/consumer/project/harness.cc").read_text()
        shown = blocks("cpp")
        self.assertEqual(len(shown), 1)
        self.assertIn(shown[0].strip(), tested)

    def test_its_commands_run(self):
        lines = [line for block in blocks("sh") for line in block.splitlines()]
        commands = [line for line in lines if line.startswith("./formfuzz")]
        self.assertGreaterEqual(len(commands), 2)
        for command in commands:
            shorter = command.replace("--time 60s", "--time 2s")
            done = subprocess.run(shorter.split(), cwd=ROOT, text=True,
                                  capture_output=True, check=False,
                                  timeout=COMMAND_TIMEOUT_S)
            self.assertEqual(done.returncode, 0,
                             f"{command}\n{done.stdout}{done.stderr}")

    def test_its_verbs_exist(self):
        helped = subprocess.run(["./formfuzz", "--help"], cwd=ROOT, text=True,
                                capture_output=True, check=True,
                                timeout=COMMAND_TIMEOUT_S).stdout
        named = set(re.findall(r"\./formfuzz ([a-z]+)", README))
        self.assertGreaterEqual(len(named), 6)
        for verb in sorted(named):
            self.assertRegex(helped, rf"(?m)^\s+{verb}\b", verb)

    def test_files_that_it_names_exist(self):
        for path in re.findall(r"`((?:docs|framework|cmake|bench)/[^`*…]+)`",
                               README):
            self.assertTrue((ROOT / path).exists(), path)


if __name__ == "__main__":
    unittest.main()

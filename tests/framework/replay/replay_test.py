# SPDX-License-Identifier: Apache-2.0
"""Every way to die, replayed: the caller lives, findings repeat, the smallest
scenario is one step, and bad input is one line.
"""
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "engine"))
from trouble_case import (ASAN, BROKEN_EXIT, FILES, FINDING_EXIT,
                          USAGE_EXIT, TroubleCase, troubles)


class ReplayTest(TroubleCase):
    def test_replay_tells_what_each_input_does(self):
        for trouble, kind, validator, _ in troubles():
            with self.subTest(trouble):
                path = self.scenario(trouble)
                done = self.replay(path)
                self.assertEqual(done.returncode, FINDING_EXIT, done.stderr)
                first = done.stdout.splitlines()[0]
                self.assertTrue(first.startswith(f"{path}: {kind}: "), first)
                if validator is not None:
                    self.assertIn(validator, first)
                self.assertTrue(done.stdout.endswith("1 inputs, 1 failed\n"))

    def test_replay_goes_on_after_a_death(self):
        paths = [self.scenario("abort", name="a"),
                 self.scenario("none", name="b"),
                 self.scenario("hang", name="c"),
                 self.scenario("exit", name="d")]
        done = self.replay(*paths)
        self.assertEqual(done.returncode, FINDING_EXIT)
        self.assertTrue(done.stdout.endswith("4 inputs, 3 failed\n"),
                        done.stdout)

    def test_replay_passes_what_is_no_trouble(self):
        done = self.replay(self.scenario("none"))
        self.assertEqual((done.returncode, done.stdout),
                         (0, "1 inputs, 0 failed\n"))

    def test_replay_tells_a_broken_harness_apart(self):
        path = self.scenario("harness_broken")
        for arguments in ([path], ["--twice", path], ["--fresh", path]):
            done = self.replay(*arguments)
            self.assertEqual(done.returncode, BROKEN_EXIT)
            self.assertIn("harness_broken", done.stdout)
        _, found, _ = self.record(path)
        self.assertIsNone(found)

    def test_replay_notices_a_leak(self):
        if not ASAN:
            self.skipTest("needs LeakSanitizer")
        code, found, described = self.record(self.scenario("leak"))
        self.assertEqual(code, FINDING_EXIT)
        self.assertEqual(described["kind"], "leaked")
        # It was looked for behind the last step, of which there are three.
        self.assertEqual((described["step"], described["step_name"]), (4, ""))
        self.assertEqual(set(os.listdir(found)), FILES)

    def test_a_recorded_input_fails_with_the_same_signature(self):
        for trouble, kind, validator, _ in troubles():
            with self.subTest(trouble):
                path = self.scenario(trouble, name=trouble)
                code, found, described = self.record(path)
                self.assertEqual(code, FINDING_EXIT)
                self.check_finding(found.parent, trouble, kind, validator)
                again = found / "input"
                code, _, of_input = self.record(again)
                self.assertEqual(code, FINDING_EXIT)
                self.assertEqual(of_input["signature"],
                                 described["signature"])
                code, _, of_text = self.record(found / "scenario.txt")
                self.assertEqual(of_text["signature"], described["signature"])

    def test_a_death_without_a_word_is_told_with_its_step(self):
        for trouble, validator in (("kill", "SIGKILL"),
                                   ("kernel_exit", "exit code 3")):
            with self.subTest(trouble):
                path = self.scenario(trouble, name=trouble)
                code, found, described = self.record(path)
                self.assertEqual(code, FINDING_EXIT)
                self.check_finding(found.parent, trouble, "crashed", validator)
                _, _, again = self.record(found / "input")
                self.assertEqual(again["signature"], described["signature"])

    def test_the_engine_and_replay_agree_on_the_signature(self):
        for trouble, _, _, _ in troubles():
            with self.subTest(trouble):
                findings = self.folder / ("found-" + trouble)
                path = self.scenario(trouble, name=trouble)
                self.fuzz(findings, path)
                _, recorded, _ = self.record(path)
                self.assertEqual([f.name for f in self.findings(findings)],
                                 [recorded.name])

    def test_the_same_trouble_after_other_steps_is_the_same_finding(self):
        out = self.folder / "found"
        for before in (0, 1, 5):
            path = self.scenario("violation", before=before)
            self.replay("--record", path, FORMFUZZ_FINDINGS_DIR=out)
        self.assertEqual(len(self.findings(out)), 1, os.listdir(out))

    def test_minimising_leaves_one_step(self):
        for trouble, kind, _, _ in troubles():
            if trouble in ("hang", "stack_overflow"):
                continue  # each try would cost seconds
            with self.subTest(trouble):
                path = self.scenario(trouble, before=3, after=4)
                out = self.folder / "small"
                # A value that is tried hangs.
                done = self.replay("--timeout", "1", "--tmin", path, "--out",
                                   out)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("8 steps became 1 in ", done.stderr)
                shown = self.replay("--show", out)
                self.assertEqual(
                    shown.stdout, "scenario troublemaker strategy all\n"
                    f"1  make trouble {trouble}\n")
                done = self.replay(out)
                self.assertIn(f"{out}: {kind}: ", done.stdout)

    def test_many_inputs_are_encoded_at_once(self):
        inputs = [self.scenario("none", before=number, name=f"in{number}")
                  for number in range(3)]
        words = []
        for path in inputs:
            words += ["--encode", path, "--out", f"{path}.bin"]
        done = self.replay(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        for number, path in enumerate(inputs):
            shown = self.replay("--show", f"{path}.bin")
            self.assertEqual(shown.stdout.count("rest"), number + 1)
        done = self.replay(*words, "--encode", inputs[0])
        self.assertEqual(done.returncode, USAGE_EXIT)
        self.assertEqual(done.stderr,
                         "4 inputs to encode, and 3 files to write\n")

    def test_minimising_what_passes_is_refused(self):
        path = self.scenario("none")
        out = self.folder / "small"
        done = self.replay("--tmin", path, "--out", out)
        self.assertEqual(done.returncode, USAGE_EXIT)
        self.assertEqual(done.stderr, f"{path} does not fail: there is "
                         "nothing to minimise\n")
        self.assertFalse(out.exists())

    def test_twice_finds_what_depends_on_the_run_before(self):
        inputs = [self.scenario("nondeterministic", name="a"),
                  self.scenario("none", name="b")]
        done = self.replay("--twice", *inputs)
        self.assertEqual(done.returncode, FINDING_EXIT)
        self.assertIn(f"{inputs[0]}: nondeterministic: ", done.stdout)
        done = self.replay("--twice", inputs[1], inputs[1])
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_a_folder_without_inputs_passes_no_check(self):
        empty = self.folder / "empty"
        empty.mkdir()
        for check in ([], ["--twice"], ["--fresh"],
                      ["--faults", "exhaustive"]):
            done = self.replay(*check, empty)
            self.assertEqual((done.returncode, done.stderr),
                             (USAGE_EXIT, "no inputs to replay\n"), check)

    def test_a_failure_that_cannot_be_recorded_is_one(self):
        for trouble in ("violation", "abort", "kill"):
            done = self.replay("--record", self.scenario(trouble),
                               FORMFUZZ_FINDINGS_DIR="/proc/nope")
            self.assertEqual((done.returncode, done.stdout),
                             (FINDING_EXIT, ""), trouble)
            self.assertIn("the finding is NOT saved", done.stderr)

    def test_a_broken_harness_is_neither_recorded_nor_minimised(self):
        path = self.scenario("harness_broken")
        out = self.folder / "out"
        for arguments in (["--record", path], ["--tmin", path, "--out", out]):
            done = self.replay(*arguments)
            self.assertEqual(done.returncode, BROKEN_EXIT, done.stderr)
        self.assertFalse(out.exists())

    def test_replay_refuses_bad_input_in_one_line(self):
        typo = self.folder / "typo.txt"
        typo.write_text("scenario troublemaker\nrest\nmake trouble nine\n")
        sparse = self.folder / "sparse"
        with open(sparse, "wb") as file:
            file.truncate(1 << 30)
        missing = self.folder / "missing"
        rows = [(typo, f"{typo}:3:14: expected one of none abort"),
                (sparse, f"cannot read {sparse}: 1073741824 bytes, "
                 "the limit is 1048576"),
                (missing, f"cannot list {missing}: No such file")]
        for path, message in rows:
            with self.subTest(path.name):
                done = self.replay(path)
                self.assertEqual(done.returncode, USAGE_EXIT)
                self.assertEqual(len(done.stderr.splitlines()), 1)
                self.assertTrue(done.stderr.startswith(message), done.stderr)
        done = self.replay("--show", self.folder)
        self.assertEqual(done.returncode, USAGE_EXIT)
        self.assertEqual(done.stderr,
                         f"cannot read {self.folder}: not a regular file\n")

    def test_replay_takes_any_bytes_and_folders_of_them(self):
        inputs = self.folder / "inputs"
        inputs.mkdir()
        for number in range(8):
            (inputs / f"zeros{number}").write_bytes(b"\0" * number * 5)
        done = self.replay(inputs)
        self.assertEqual((done.returncode, done.stdout),
                         (0, "8 inputs, 0 failed\n"))


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The formfuzz program, run as a user runs it, on targets that are doubles.

Needs FORMFUZZ_PROGRAM, the program's path. Works in a temporary folder only.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["FORMFUZZ_PROGRAM"]
HERE = pathlib.Path(__file__).resolve().parent
FOUND, USAGE, ENVIRONMENT = 1, 2, 3
# Enough for a double to spell two letters by coverage; seconds are not waited
# for, the run ends at the finding.
LIMIT = ["--time", "60s", "--seed", "1"]


class ProgramTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="formfuzz-cli-")
        cls.root = pathlib.Path(cls.temporary.name) / "double"
        shutil.copytree(HERE / "double", cls.root)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def setUp(self):
        shutil.rmtree(self.root / ".formfuzz", ignore_errors=True)

    def call(self, *words, cwd=None, home=None):
        environment = {**os.environ, "FORMFUZZ_COMMAND": "./formfuzz"}
        environment.pop("FORMFUZZ_HOME", None)
        if home:
            environment["FORMFUZZ_HOME"] = str(home)
        return subprocess.run([PROGRAM, *words], cwd=cwd or self.root,
                              env=environment, capture_output=True, text=True,
                              check=False, timeout=300)

    def expect(self, code, *words, cwd=None):
        ended = self.call(*words, cwd=cwd)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return ended

    def finding(self):
        self.expect(FOUND, "run", "violated", *LIMIT)
        return ".formfuzz/violated/findings/violated-0001"

    # What works.

    def test_list_names_all_targets(self):
        out = self.expect(0, "list").stdout.split()
        self.assertIn("quiet", out)
        self.assertEqual(out, sorted(out))
        rows = json.loads(self.expect(0, "list", "--json").stdout)
        self.assertEqual([row["name"] for row in rows], out)

    def test_list_works_in_a_folder_of_the_project(self):
        out = self.expect(0, "list", cwd=self.root / "corpora").stdout
        self.assertIn("quiet", out)

    def test_what_is_outside_of_a_project_uses_home_but_never_changes_it(self):
        with tempfile.TemporaryDirectory() as outside:
            listed = self.call("list", cwd=outside, home=self.root)
            self.assertIn("quiet", listed.stdout)
            before = sorted(self.root.rglob("*"))
            for words in (["init"], ["add", "another"]):
                ended = self.call(*words, cwd=outside, home=self.root)
                self.assertEqual(ended.returncode, USAGE, ended.stderr)
            self.assertEqual(sorted(self.root.rglob("*")), before)

    def test_build_prints_the_binaries(self):
        out = self.expect(0, "build", "quiet").stdout
        self.assertEqual(out, "build/fuzz/targets/quiet\n")

    def test_every_fault_in_turn_ends_with_counts(self):
        words = ["run", "quiet", "--faults", "exhaustive", "--runs", "7"]
        out = self.expect(0, *words).stdout
        self.assertRegex(out, r"^quiet: nothing found with every call failing")
        self.assertIn("points      2 reached, 30 calls that can fail\n", out)
        self.assertIn("executions  7\n  left out    5 ", out)
        (self.root / ".formfuzz/quiet/corpus/f").write_text("F")
        row = json.loads(self.expect(FOUND, *words, "--json").stdout)
        self.assertEqual(row["findings"], 1)
        self.assertEqual(row["finding_list"][0]["kind"], "leaked")
        ended = self.expect(USAGE, "run", "violated", "--faults", "exhaustive")
        self.assertIn("no inputs whose calls could fail", ended.stderr)
        self.expect(USAGE, "run", "quiet", "--faults", "some")

    def test_a_quiet_run_ends_with_0_and_a_summary(self):
        out = self.expect(0, "run", "quiet", "--runs", "5000").stdout
        self.assertRegex(out, r"^quiet: nothing found \(all runs done\)\n"
                              r"  time        \d+\.\ds\n"
                              r"  executions  5,000 \(\S+/s\)\n"
                              r"  edges       \d+\n"
                              r"  states      7\n"
                              r"  corpus      \d+ in .formfuzz/quiet/corpus\n"
                              r"  findings    0\n$")

    def test_a_run_ends_when_its_time_is_up(self):
        out = self.expect(0, "run", "quiet", "--time", "300ms").stdout
        self.assertIn("(time is up)", out)

    def test_json_is_all_that_is_on_stdout(self):
        ended = self.expect(0, "run", "quiet", "--runs", "5000", "--jobs", "2",
                            "--json")
        result = json.loads(ended.stdout)
        self.assertEqual(result["executions"], 5000)
        self.assertEqual(result["states"], 7)
        self.assertEqual(result["findings"], 0)
        self.assertEqual(result["exit_reason"], "runs_done")
        for key in ("edges", "corpus", "seconds", "executions_per_second"):
            self.assertGreater(result[key], 0, key)

    def test_a_finding_is_told_with_the_commands_for_it(self):
        out = self.expect(FOUND, "run", "violated", *LIMIT).stdout
        path = ".formfuzz/violated/findings/violated-0001"
        story = ("violated · NeverSpelt: it was spelt\n\n"
                 "  1  alice  spells FZ    ok   <- NeverSpelt: it was spelt\n\n"
                 f"  finding   {path}\n"
                 f"  replay    ./formfuzz replay violated {path}\n"
                 f"  minimise  ./formfuzz tmin violated {path}\n"
                 "  as C++    not verified: the target wrote none\n\n"
                 "violated: 1 finding (stopped at a finding)\n")
        self.assertEqual(out[:len(story)], story)

    def test_a_death_the_target_could_not_record_is_recorded(self):
        result = self.expect(FOUND, "run", "dying", *LIMIT, "--json")
        finding = json.loads(result.stdout)["finding_list"][0]
        self.assertEqual(finding["kind"], "crashed")
        self.assertTrue((pathlib.Path(finding["folder"]) / "input").exists())
        left = os.listdir(self.root / ".formfuzz/dying/artifacts")
        self.assertEqual(left, [])

    def test_a_death_is_recorded_whatever_else_was_found(self):
        result = self.expect(FOUND, "run", "violated_dying", *LIMIT, "--json")
        kinds = [finding["kind"]
                 for finding in json.loads(result.stdout)["finding_list"]]
        self.assertEqual(sorted(kinds), ["crashed", "violated"])

    def test_what_killed_the_target_is_a_finding(self):
        result = self.expect(FOUND, "run", "killed", *LIMIT, "--json")
        finding = json.loads(result.stdout)["finding_list"][0]
        self.assertEqual(finding["kind"], "crashed")
        kept = (pathlib.Path(finding["folder"]) / "input").read_bytes()
        self.assertEqual(kept[:2], b"FZ")
        left = os.listdir(self.root / ".formfuzz/killed/artifacts")
        self.assertEqual(left, [])

    def test_the_same_finding_found_again_is_found(self):
        self.finding()
        self.finding()

    def test_keep_going_goes_on_after_a_finding(self):
        result = self.expect(FOUND, "run", "dying", "--keep-going", "--runs",
                             "400000", "--seed", "1", "--json")
        numbers = json.loads(result.stdout)
        self.assertEqual(numbers["exit_reason"], "runs_done")
        self.assertGreater(numbers["findings"], 1)
        self.assertGreaterEqual(numbers["executions"], 400000)

    def test_a_hang_is_a_finding(self):
        self.expect(FOUND, "run", "hangs", *LIMIT, "--", "-timeout=1")

    def test_flags_after_a_bare_dash_dash_are_the_engines(self):
        result = self.expect(0, "run", "quiet", "--json", "--", "-runs=77")
        self.assertEqual(json.loads(result.stdout)["executions"], 77)

    def test_show_replay_and_tmin_take_a_finding(self):
        path = self.finding()
        self.assertEqual(self.expect(0, "show", path).stdout,
                         "scenario double\n1 alice spells\n")
        shown = json.loads(self.expect(0, "show", path, "--as", "json").stdout)
        self.assertEqual(shown["validator"], "NeverSpelt")
        self.assertIn("<- NeverSpelt",
                      self.expect(0, "show", path, "--as", "trace").stdout)
        self.expect(FOUND, "replay", "violated", path)
        self.expect(FOUND, "replay", path)
        out = self.expect(0, "tmin", "violated", path).stdout
        self.assertIn(f"replay    ./formfuzz replay violated {path}/minimized",
                      out)
        self.expect(FOUND, "replay", "violated", path + "/minimized")

    def test_show_and_tmin_take_a_file(self):
        seed = "corpora/quiet/seed/greets.txt"
        self.assertEqual(self.expect(0, "show", seed).stdout,
                         f"shown {seed} as text\n")
        shutil.copy(self.root / seed, self.root / "loose")
        self.expect(0, "tmin", "quiet", "loose", "--out", "smaller")
        self.assertEqual((self.root / "smaller").read_text(), "sc")

    def test_replay_without_a_path_takes_the_curated_inputs_twice(self):
        self.assertEqual(self.expect(0, "replay", "quiet").stdout,
                         "twice over 2\n")

    def test_all_seeds_are_encoded_by_one_process(self):
        seeds = self.root / "corpora/quiet/seed"
        more = [seeds / f"more{number}.txt" for number in range(9)]
        calls = self.root / "build/fuzz/targets/quiet_replay.encoded"
        calls.unlink(missing_ok=True)
        for path in more:
            path.write_text(f"scenario double\n{path.name}\n")
        try:
            self.expect(0, "run", "quiet", "--runs", "9")
        finally:
            for path in more:
                path.unlink()
        self.assertEqual(calls.read_text(), f"{4 * 10}\n")
        made = (self.root / ".formfuzz/quiet/seeds").iterdir()
        self.assertLessEqual({f"{path.name}\n" for path in more},
                             {path.read_text() for path in made})

    def test_nothing_is_written_into_the_corpora(self):
        before = sorted((self.root / "corpora").rglob("*"))
        self.expect(0, "run", "quiet", "--runs", "5000")
        self.assertEqual(sorted((self.root / "corpora").rglob("*")), before)

    def test_an_interrupt_ends_with_a_summary(self):
        with subprocess.Popen([PROGRAM, "run", "quiet", "--time", "10m"],
                              cwd=self.root, stderr=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as running:
            running.stderr.readline()  # the first progress line
            running.send_signal(signal.SIGINT)
            out, _ = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0, out)
        self.assertIn("quiet: nothing found (interrupted)", out)

    def test_a_killed_program_leaves_no_target_running(self):
        with subprocess.Popen([PROGRAM, "run", "quiet", "--time", "10m"],
                              cwd=self.root, stderr=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, text=True) as running:
            running.stderr.readline()
            children = pathlib.Path(
                f"/proc/{running.pid}/task/{running.pid}/children")
            target = children.read_text().split()[0]
            running.kill()
            running.communicate(timeout=60)
        # The kernel kills it when its parent is gone; a zombie is gone, too.
        for _ in range(100000):
            try:
                state = pathlib.Path(f"/proc/{target}/stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                return
            if state.rsplit(")", 1)[1].split()[0] in "ZX":
                return
        self.fail("the target outlived the program")

    def test_doctor_ends_well_where_the_tests_run(self):
        out = self.expect(0, "doctor").stdout
        self.assertRegex(out, r"(?s)ok +libFuzzer with ASan.*ok +programs run")

    # What does not.

    def test_an_unknown_target_brings_the_nearest_names(self):
        for words in (["run", "qiet"], ["replay", "qiet"], ["build", "qiet"]):
            ended = self.expect(USAGE, *words)
            self.assertEqual(
                ended.stderr.splitlines()[-1],
                'formfuzz: no target is named "qiet"; did you mean quiet?')

    def test_a_text_seed_with_a_typo_is_named_with_line_and_column(self):
        ended = self.expect(USAGE, "run", "seed_typo", *LIMIT)
        self.assertIn("/seed_typo/seed/misspelt.txt:3:3: expected a step",
                      ended.stderr)

    def test_usage_errors_end_with_2(self):
        for words in ([], ["run"], ["rnu", "quiet"], ["run", "quiet", "--tim"],
                      ["run", "quiet", "--time", "3x"],
                      ["run", "quiet", "--runs", "0"],
                      ["run", "quiet", "--runs", "-4"],
                      ["run", "quiet", "--jobs", "0"],
                      ["run", "quiet", "--preset", "none"],
                      ["list", "--", "-runs=1"], ["run", "quiet", "stray"],
                      ["show", "/no/such/file"], ["show", "/etc"],
                      ["replay", "quiet", "/no/such/file"],
                      ["tmin", "quiet", "/no/such/file"],
                      ["--project", "/no/such/folder", "list"],
                      ["show", "corpora/quiet/seed/greets.txt", "--as", "x"]):
            ended = self.expect(USAGE, *words)
            self.assertNotEqual(ended.stderr, "", words)
        ended = self.call("rnu")
        self.assertEqual(ended.stderr,
                         'formfuzz: no verb is named "rnu"; '
                         "did you mean run?\n")

    def test_help_ends_with_0(self):
        for words in (["--help"], ["run", "--help"]):
            self.assertIn("Usage", self.expect(0, *words).stdout)

    def test_a_build_that_fails_shows_why_and_ends_with_3(self):
        ended = self.expect(ENVIRONMENT, "run", "unbuildable")
        self.assertIn("no such file or directory: 'absent.cc'", ended.stderr)

    def test_a_target_that_leaves_by_itself_is_no_success(self):
        ended = self.expect(ENVIRONMENT, "run", "exits", *LIMIT)
        self.assertIn("the target ended by itself (exit code 0)", ended.stdout)

    def test_a_finding_that_could_not_be_written_is_told(self):
        ended = self.expect(FOUND, "run", "unsaved", *LIMIT)
        self.assertIn("a finding is NOT saved: the disk is full\n",
                      ended.stdout)

    def test_a_target_killed_from_outside_is_no_finding(self):
        ended = self.expect(ENVIRONMENT, "run", "lost", *LIMIT)
        self.assertIn("killed by signal 9", ended.stdout)
        self.assertRegex(ended.stdout, "what it was running does not fail when "
                         "replayed: .formfuzz/lost/artifacts/killed-[0-9a-f]+")

    def test_a_target_that_fails_at_every_start_ends_the_run(self):
        ended = self.expect(FOUND, "run", "starts_badly", "--keep-going",
                            *LIMIT, "--json")
        self.assertEqual(json.loads(ended.stdout)["exit_reason"],
                         "start_fails")

    def test_a_huge_seed_is_left_out_and_said_so(self):
        huge = self.root / "corpora/quiet/seed/huge"
        with open(huge, "wb") as file:
            file.truncate(1 << 30)  # sparse
        try:
            ended = self.expect(0, "run", "quiet", "--runs", "5000")
        finally:
            huge.unlink()
        self.assertIn("seed left out: ", ended.stderr)
        self.assertIn("huge", ended.stderr)

    def test_odd_things_in_the_corpus_do_not_stop_a_run(self):
        corpus = self.root / ".formfuzz/quiet/corpus"
        (corpus / "folder").mkdir(parents=True)
        (corpus / "folder/inner").write_bytes(bytes(range(256)))
        (corpus / "empty").touch()
        self.expect(0, "run", "quiet", "--runs", "5000")

    def test_a_work_folder_that_cannot_be_made_ends_with_3(self):
        (self.root / ".formfuzz").touch()
        try:
            ended = self.expect(ENVIRONMENT, "run", "quiet", "--runs", "9")
        finally:
            (self.root / ".formfuzz").unlink()
        self.assertIn("cannot make", ended.stderr)


if __name__ == "__main__":
    unittest.main()

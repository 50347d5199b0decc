# SPDX-License-Identifier: Apache-2.0
"""formfuzz run -- PROGRAM, as a user runs it.

Needs FORMFUZZ_PROGRAM, the program's path, and a C compiler. Works in a
temporary folder only.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ["FORMFUZZ_PROGRAM"]
HERE = pathlib.Path(__file__).resolve().parent
FOUND, USAGE, ENVIRONMENT = 1, 2, 3
# Seconds are not waited for: a run ends at its finding.
LIMIT = ["--time", "120s", "--seed", "1"]


class RunProgramTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="formfuzz-run-")
        cls.root = pathlib.Path(cls.temporary.name)
        subprocess.run(["cc", "-O1", "-o", cls.root / "letters",
                        HERE / "programs" / "letters.c"], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def setUp(self):
        shutil.rmtree(self.root / ".formfuzz", ignore_errors=True)

    def call(self, *words):
        environment = {**os.environ, "FORMFUZZ_COMMAND": "./formfuzz"}
        return subprocess.run([PROGRAM, *words], cwd=self.root,
                              env=environment, capture_output=True, text=True,
                              check=False, timeout=300)

    def expect(self, code, *words):
        ended = self.call(*words)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return ended

    def find(self, *flags):
        out = self.expect(FOUND, "run", *LIMIT, *flags, "--", "./letters",
                          "@@")
        folders = list((self.root / ".formfuzz/letters/findings").iterdir())
        self.assertEqual(len(folders), 1, folders)
        return out, folders[0]

    def test_a_crash_is_found_made_small_and_repeated_by_its_script(self):
        out, folder = self.find()
        self.assertRegex(out.stdout, r"crashed · SIGABRT")
        self.assertRegex(out.stdout, r"letters: 1 finding \(stopped at")
        found = (folder / "input").read_bytes()
        self.assertEqual((len(found), found[:3]), (4, b"FUZ"))
        described = json.loads((folder / "program.json").read_text())
        self.assertTrue(described["repeats"])
        self.assertTrue(described["script_reproduces"])
        again = subprocess.run(["sh", folder / "reproduce.sh"], check=False,
                               capture_output=True, timeout=60)
        self.assertEqual(again.returncode, 0, again.stderr)
        (folder / "input").write_bytes(b"fine")
        again = subprocess.run(["sh", folder / "reproduce.sh"], check=False,
                               capture_output=True, timeout=60)
        self.assertEqual(again.returncode, 1, again.stderr)

    def test_the_verbs_work_on_what_was_found(self):
        _, folder = self.find("--no-minimise-crashes")
        self.assertIn("crashed · SIGABRT",
                      self.expect(FOUND, "replay", str(folder)).stdout)
        said = self.expect(0, "tmin", str(folder)).stdout
        words = re.search(r"replay +(.*)", said)[1].split()
        self.expect(FOUND, *words[1:])
        self.assertIn("has no cpp", self.expect(
            USAGE, "show", str(folder), "--as", "cpp").stderr)
        self.assertEqual(len((folder / "minimized").read_bytes()), 4)
        self.assertIn("bytes", self.expect(0, "show", str(folder)).stdout)

    def compile(self, name):
        """With edges and comparisons; nothing where there is no clang."""
        compiler = pathlib.Path(PROGRAM).parent / "bin" / "formfuzz-clang"
        if not compiler.exists():
            self.skipTest("no formfuzz-clang in this build")
        subprocess.run([compiler, "-O1", "-o", self.root / name,
                        HERE / "programs" / f"{name}.c"], check=True)

    def test_what_lies_behind_comparisons_is_found(self):
        self.compile("magic")
        flags = ["--runs", "20000", "--seed", "1"]
        out = self.expect(FOUND, "run", *flags, "--", "./magic")
        self.assertRegex(out.stdout, r"crashed · SIGABRT")
        self.expect(0, "run", *flags, "--name", "blind", "--no-comparisons",
                    "--no-program-words", "--", "./magic")

    def test_what_an_unmodified_program_compares_is_found(self):
        flags = ["--runs", "20000", "--seed", "1", "--no-program-words"]
        first = {"magic": b"some old input", "record": b"some old record",
                 "setting": b"name=value"}
        for name, content in first.items():
            subprocess.run(["cc", "-O2", "-o", self.root / name,
                            HERE / "programs" / f"{name}.c"], check=True)
            (self.root / f"{name}.first").write_bytes(content)
            flags_here = [*flags, "--input", f"{name}.first"]
            out = self.expect(FOUND, "run", *flags_here, "--", f"./{name}")
            self.assertRegex(out.stdout, r"crashed · SIGABRT")
            self.expect(0, "run", *flags_here, "--name", f"blind-{name}",
                        "--no-comparisons", "--", f"./{name}")

    def test_a_server_is_sent_inputs_and_its_death_is_repeated(self):
        shutil.copy(HERE / "programs" / "fragile_server.py", self.root)
        out = self.expect(FOUND, "run", *LIMIT, "--name", "fragile",
                          "--server", "tcp:7007", "--", sys.executable,
                          str(self.root / "fragile_server.py"), "7007")
        self.assertRegex(out.stdout, r"crashed · SIGABRT")
        self.assertRegex(out.stdout, r"/s, server\)")
        folder, = (self.root / ".formfuzz/fragile/findings").iterdir()
        found = (folder / "input").read_bytes()
        self.assertEqual(len(found), 1)
        self.assertGreater(found[0], 127)
        described = json.loads((folder / "program.json").read_text())
        self.assertTrue(described["script_reproduces"])
        self.assertIn("crashed · SIGABRT",
                      self.expect(FOUND, "replay", str(folder)).stdout)

    def test_a_libfuzzer_target_is_a_program_like_any_other(self):
        compiler = shutil.which("clang-19")
        if compiler is None:
            self.skipTest("no clang-19")
        subprocess.run([compiler, "-fsanitize=fuzzer", "-o",
                        self.root / "target",
                        HERE / "programs" / "fuzz_target.c"], check=True)
        out = self.expect(FOUND, "run", *LIMIT, "--", "./target", "@@")
        self.assertRegex(out.stdout, r"crashed · ")
        folder, = (self.root / ".formfuzz/target/findings").iterdir()
        self.assertEqual(len((folder / "input").read_bytes()), 1)

    def test_says_so_if_no_input_makes_a_difference(self):
        out = self.expect(0, "run", "--runs", "1500", "--seed", "1", "--",
                          "/bin/true")
        self.assertIn("note: no input made a difference", out.stdout)
        self.assertIn("--typed", out.stdout)

    def test_a_mutator_of_somebodys_own_is_used(self):
        subprocess.run(["cc", "-shared", "-fPIC", "-I", HERE.parents[1], "-o",
                        self.root / "own.so",
                        HERE / "programs" / "own_mutator.c"], check=True)
        flags = ["--runs", "600", "--seed", "1", "--no-program-words",
                 "--no-comparisons"]
        self.expect(0, "run", *flags, "--", "./letters", "@@")
        self.expect(FOUND, "run", *flags, "--mutator", "own.so", "--",
                    "./letters", "@@")

    def test_statistics_are_laid_out_as_those_of_afl(self):
        self.expect(0, "run", "--runs", "300", "--seed", "7", "--findings", "0",
                    "--afl-layout", "layout", "--", "./letters", "@@")
        text = (self.root / "layout/fuzzer_stats").read_text()
        rows = dict(line.split(":", 1) for line in text.splitlines())
        stats = {name.strip(): value.strip() for name, value in rows.items()}
        self.assertGreaterEqual(int(stats["execs_done"]), 300)
        self.assertIn("letters", stats["command_line"])
        plot = (self.root / "layout/plot_data").read_text().splitlines()
        self.assertTrue(plot[0].startswith("# "), plot[0])
        self.assertEqual(len(plot[0].split(",")), len(plot[-1].split(",")))

    def test_many_files_are_read_one_by_one(self):
        many = self.root / "many"
        many.mkdir()
        for number in range(2000):
            (many / f"{number:05}").write_bytes(b"%d" % number)
        ended = self.expect(0, "run", "--runs", "2500", "--seed", "1",
                            "--findings", "0", "--json", "--input", "many",
                            "--", "./letters", "@@")
        self.assertLess(json.loads(ended.stdout)["corpus"], 100)

    def test_json_is_one_object(self):
        out, _ = self.find("--json")
        described = json.loads(out.stdout)
        self.assertEqual(described["findings"], 1)
        self.assertEqual(described["exit_reason"], "finding")
        self.assertEqual(described["finding_list"][0]["kind"], "crashed")

    def test_a_seeded_run_can_be_repeated(self):
        kept = []
        for _ in range(2):
            shutil.rmtree(self.root / ".formfuzz", ignore_errors=True)
            self.call("run", "--runs", "1500", "--seed", "7", "--findings",
                      "0", "--", "./letters", "@@")
            corpus = self.root / ".formfuzz/letters/corpus"
            kept.append(sorted(path.name for path in corpus.iterdir()))
        self.assertEqual(kept[0], kept[1])
        self.assertGreater(len(kept[0]), 0)

    def test_two_workers_share_what_they_keep(self):
        out, _ = self.find("--jobs", "2")
        self.assertIn("1 finding", out.stdout)

    def test_settings_come_from_a_file_and_errors_name_its_line(self):
        (self.root / "good.toml").write_text("runs = 50\nhavoc = true\n")
        self.expect(0, "run", "--config", "good.toml", "--", "./letters", "@@")
        (self.root / "bad.toml").write_text("runs = 50\nhavock = true\n")
        ended = self.expect(USAGE, "run", "--config", "bad.toml", "--",
                            "./letters", "@@")
        self.assertIn("bad.toml:2:", ended.stderr)
        self.assertIn("did you mean havoc?", ended.stderr)

    def test_help_names_the_settings_of_programs(self):
        out = self.expect(0, "run", "--help").stdout
        for flag in ("--comparisons", "--unsafe-host", "--schedule"):
            self.assertIn(flag, out)

    def test_what_cannot_be_run_is_said(self):
        self.assertIn("nowhere", self.call("run", "--", "./nowhere").stderr)
        self.assertIn("--schedule", self.expect(
            USAGE, "run", "--schedule", "lifo", "--", "./letters").stderr)

    def test_a_misspelt_folder_of_inputs_is_said_before_anything_runs(self):
        (self.root / "good").mkdir()
        (self.root / "good/hello").write_bytes(b"hello")
        ended = self.expect(USAGE, "run", "--input", "good", "--input", "typo",
                            "--", "./letters", "@@")
        self.assertIn("cannot list typo", ended.stderr)
        self.assertFalse((self.root / ".formfuzz").exists())

    def test_a_finding_left_while_it_was_made_small_is_finished(self):
        _, folder = self.find("--no-minimise-crashes")
        (folder / "input").write_bytes(b"FUZz" + b"padding " * 4)
        described = json.loads((folder / "program.json").read_text())
        self.assertFalse(described["unfinished"])
        described["unfinished"] = True
        (folder / "program.json").write_text(json.dumps(described))
        out, folder = self.find("--json")
        self.assertEqual(json.loads(out.stdout)["findings"], 1)
        self.assertEqual(len((folder / "input").read_bytes()), 4)
        described = json.loads((folder / "program.json").read_text())
        self.assertFalse(described["unfinished"])


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What docs/faults.md says of its example, held against its target."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

REPLAY = os.environ["FORMFUZZ_TEST_REPLAY"]
PAGE = pathlib.Path(os.environ["FORMFUZZ_TEST_PAGE"]).read_text()


class PageTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def write(self, name, text):
        path = self.root / name
        path.write_text(text)
        return str(path)

    def replay(self, *words):
        environment = dict(os.environ,
                           FORMFUZZ_FINDINGS_DIR=str(self.root / "findings"))
        return subprocess.run([REPLAY, *words], capture_output=True, text=True,
                              env=environment, timeout=60, check=False)

    def test_the_scenario_shows_the_defect(self):
        lines = re.search(r"    scenario journal(?:.*\n)+?\n", PAGE).group()
        text = "\n".join(line.strip() for line in lines.splitlines())
        ended = self.replay(self.write("page.txt", text + "\n"))
        self.assertEqual(ended.returncode, 77, ended.stderr)
        self.assertIn("CacheAgreesWithDisk", ended.stdout)
        shown = self.replay("--show", self.write("page.txt", text + "\n"))
        self.assertIn("fault disk.write error at 1\n", shown.stdout)

    def test_every_call_in_turn_finds_it(self):
        clean = self.write("clean.txt",
                           "scenario journal\nappend 1\nappend 2\n")
        self.assertEqual(self.replay(clean).returncode, 0)
        ended = self.replay("--faults", "exhaustive", clean)
        self.assertEqual(ended.returncode, 77, ended.stderr)
        counts = json.loads(ended.stdout)
        self.assertEqual(counts["inputs"], 1)
        self.assertGreaterEqual(counts["calls"], 2)
        self.assertEqual(counts["left_out"], 0)
        folders = list((self.root / "findings").iterdir())
        self.assertEqual(len(folders), counts["findings"])
        found = [json.loads((folder / "finding.json").read_text())
                 for folder in folders]
        self.assertIn(("violated", "CacheAgreesWithDisk"),
                      [(one["kind"], one["validator"]) for one in found])
        for folder in folders:
            again = self.replay(str(folder / "input"))
            self.assertEqual(again.returncode, 77, folder)

    def test_the_budget_is_kept_and_told(self):
        clean = self.write("clean.txt",
                           "scenario journal\n" + "append 1\n" * 9)
        ended = self.replay("--faults", "exhaustive", "--runs-max", "5", clean)
        counts = json.loads(ended.stdout)
        self.assertEqual(counts["executions"], 5)
        self.assertGreater(counts["left_out"], 0)

    def test_every_row_of_the_tables_is_read(self):
        table = re.findall(r"^\| `([a-z]+)(?:`, `([a-z]+))?` \|", PAGE, re.M)
        kinds = [word for row in table for word in row if word]
        self.assertEqual(len(kinds), 8, kinds)
        whens = re.findall(r"^\| `([a-z]+ \d+)` \|", PAGE, re.M)
        self.assertEqual(len(whens), 5, whens)
        for kind in kinds:
            for when in whens:
                line = f"fault disk.write {kind} {when} with 7 " \
                       "below journal.append\n"
                path = self.write("line.txt",
                                  "scenario journal\n" + line + "append 1\n")
                shown = self.replay("--show", path)
                self.assertIn(line, shown.stdout, shown.stderr)

    def test_a_fresh_process_makes_no_difference(self):
        paths = [self.write(f"{count}.txt",
                            "scenario journal\n" + "append 3\n" * count)
                 for count in range(1, 5)]
        for check in ("--twice", "--fresh"):
            ended = self.replay(check, *paths)
            self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)


if __name__ == "__main__":
    unittest.main()

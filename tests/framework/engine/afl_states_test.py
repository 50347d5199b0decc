#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""States stand in AFL++'s map, also of a target without any coverage.

afl_states_test.py FUZZER REPLAY: the same harness, with AFL++'s driver and
runtime, and for writing inputs.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

FUZZER, REPLAY = sys.argv[1:3]


class AflStatesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def map_of(self, *steps):
        """What afl-showmap reads after a run: {place: range of its count}."""
        text = self.folder / "scenario.txt"
        data = self.folder / "input"
        shown = self.folder / "map"
        text.write_text("scenario door\n" + "\n".join(steps) + "\n")
        subprocess.run([REPLAY, "--encode", text, "--out", data], check=True)
        with data.open("rb") as source:
            subprocess.run(
                ["afl-showmap", "-q", "-m", "none", "-t", "20000", "-o",
                 shown, "--", FUZZER, "-"],
                stdin=source, check=True, cwd=self.folder,
                env=dict(os.environ, AFL_MAP_SIZE="65536",
                         AFL_NO_AFFINITY="1"),
                stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        return dict(line.split(":") for line in shown.read_text().split())

    def test_each_outcome_is_seen(self):
        nothing = self.map_of()
        done = self.map_of("open")
        refused = self.map_of("close")
        self.assertGreater(len(done), len(nothing))
        self.assertNotEqual(done, refused)

    def test_more_states_are_more_places(self):
        one = self.map_of("open")
        more = self.map_of("open", "open", "close", "close")
        self.assertGreater(len(more), len(one))

    def test_equal_runs_are_seen_as_equal(self):
        self.assertEqual(self.map_of("open", "close"),
                         self.map_of("open", "close"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

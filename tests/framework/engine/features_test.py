# SPDX-License-Identifier: Apache-2.0
"""How often an edge is taken is no feature, unless the user says so."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

FUZZER = os.environ["FORMFUZZ_TEST_FUZZER"]


@unittest.skipUnless(FUZZER, "this build has no libFuzzer")
class FeaturesTest(unittest.TestCase):
    def features(self, folder, *flags):
        done = subprocess.run(
            [FUZZER, "-runs=0", *flags, folder], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            check=True, timeout=60)
        return int(re.search(r"INITED.* ft: (\d+)", done.stderr)[1])

    def test_longer_runs_have_no_more_of_them(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for steps in (2, 8):
                (folder / f"{steps}.txt").write_text(
                    "scenario troublemaker\n" + "rest\n" * steps)
            edges = self.features(folder)
            counts = self.features(folder, "-use_counters=1")
        self.assertGreater(edges, 0)
        self.assertGreater(counts, edges)


if __name__ == "__main__":
    unittest.main()

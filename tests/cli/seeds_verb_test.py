# SPDX-License-Identifier: Apache-2.0
"""formfuzz seeds, run as a user runs it, on targets that are doubles.

Needs FORMFUZZ_PROGRAM, the program's path. Works in a temporary folder only.
"""

import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["FORMFUZZ_PROGRAM"]
HERE = pathlib.Path(__file__).resolve().parent
USAGE = 2


class SeedsVerbTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="formfuzz-cli-")
        self.addCleanup(temporary.cleanup)
        self.root = pathlib.Path(temporary.name) / "double"
        shutil.copytree(HERE / "double", self.root)

    def seeds(self, *words):
        environment = {**os.environ, "FORMFUZZ_COMMAND": "./formfuzz"}
        environment.pop("FORMFUZZ_HOME", None)
        ended = subprocess.run([PROGRAM, "seeds", *words], cwd=self.root,
                               env=environment, capture_output=True, text=True,
                               check=False, timeout=300)
        return ended

    def capture(self, *packets):
        """A pcap file of Ethernet frames."""
        path = self.root / "two.pcap"
        text = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
        for packet in packets:
            text += struct.pack("<IIII", 0, 0, len(packet), len(packet))
            text += packet
        path.write_bytes(text)
        return str(path)

    def test_a_capture_becomes_seeds(self):
        ended = self.seeds("quiet", self.capture(b"ab", b"\0"), "--out", "made",
                           "--step", "take FRAME now")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual((self.root / "made/two_1.txt").read_text(),
                         'scenario quiet\n1  take "\\x61\\x62" now\n'
                         '2  take "\\x00" now\n')

    def test_what_stands_before_a_cut_becomes_seeds(self):
        capture = pathlib.Path(self.capture(b"ab", b"cd"))
        capture.write_bytes(capture.read_bytes()[:-1])
        ended = self.seeds("quiet", str(capture), "--out", "made",
                           "--step", "take FRAME now")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("ends after 1 packets", ended.stderr)
        self.assertEqual((self.root / "made/two_1.txt").read_text(),
                         'scenario quiet\n1  take "\\x61\\x62" now\n')

    def test_what_is_missing_is_said(self):
        capture = self.capture(b"ab")
        ended = self.seeds("quiet", capture)
        self.assertEqual(ended.returncode, USAGE, ended.stderr)
        self.assertIn("--step", ended.stderr)
        ended = self.seeds("quiet", capture, "--step", "no such word")
        self.assertEqual(ended.returncode, USAGE, ended.stderr)
        ended = self.seeds("quiet", "nowhere.pcap", "--step", "take FRAME")
        self.assertEqual(ended.returncode, USAGE, ended.stderr)
        self.assertIn("nowhere.pcap", ended.stderr)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The troublemaker's ways to die, and how a test runs it and looks at findings.

The binaries come by the environment: FORMFUZZ_TEST_REPLAY,
FORMFUZZ_TEST_FUZZER ("" where the build has none) and
FORMFUZZ_TEST_SANITIZERS, which decides what can be noticed at all.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

REPLAY = os.environ["FORMFUZZ_TEST_REPLAY"]
FUZZER = os.environ.get("FORMFUZZ_TEST_FUZZER", "")
SANITIZERS = os.environ.get("FORMFUZZ_TEST_SANITIZERS", "").split(",")
ASAN = "address" in SANITIZERS
UBSAN = "undefined" in SANITIZERS

FINDING_EXIT = 77
TIMEOUT_EXIT = 70
SANITIZER_EXIT = 1  # libFuzzer brings one along, which has the signals
BROKEN_EXIT = 78
USAGE_EXIT = 2
FILES = {"input", "scenario.txt", "trace.txt", "stderr.txt", "finding.json",
         "reproducer_test.cc"}


def troubles():
    """Rows: trouble, kind, validator, the exit code of libFuzzer."""
    rows = [
        ("abort", "crashed", "SIGABRT", FINDING_EXIT),
        ("exception", "crashed", "uncaught std::out_of_range", FINDING_EXIT),
        ("exit", "crashed", "exit", FINDING_EXIT),
        ("quick_exit", "crashed", "quick_exit", FINDING_EXIT),
        ("immediate_exit", "crashed", "_exit", FINDING_EXIT),
        ("hang", "hung", "timeout", TIMEOUT_EXIT),
        ("violation", "violated", "NoTrouble", FINDING_EXIT),
    ]
    if ASAN:
        rows += [
            ("heap_overflow", "crashed", "heap-buffer-overflow",
             SANITIZER_EXIT),
            ("use_after_free", "crashed", "heap-use-after-free",
             SANITIZER_EXIT),
            ("stack_overflow", "crashed", "stack-overflow", SANITIZER_EXIT),
            ("null", "crashed", None, SANITIZER_EXIT),
        ]
    elif not UBSAN:
        rows += [
            ("stack_overflow", "crashed", "SIGSEGV", SANITIZER_EXIT),
            ("null", "crashed", "SIGSEGV", SANITIZER_EXIT),
        ]
    if UBSAN:
        rows.append(("overflow", "crashed", "signed-integer-overflow",
                     SANITIZER_EXIT))
    return rows


class TroubleCase(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name)
        self.addCleanup(self._folder.cleanup)

    def scenario(self, trouble, before=1, after=1, name="in.txt", faults=()):
        lines = ["scenario troublemaker"] + ["rest"] * before
        lines += ["make trouble " + trouble] + ["rest"] * after
        lines += ["fault " + fault for fault in faults]
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n")
        return path

    def run_binary(self, binary, *arguments, **environment):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith("FORMFUZZ_") and
                not name.endswith("SAN_OPTIONS")}
        return subprocess.run(
            [binary, *map(str, arguments)], cwd=self.folder,
            env={**kept, **environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace", timeout=120)

    def replay(self, *arguments, **environment):
        limit = [] if "--timeout" in arguments else ["--timeout", "2"]
        return self.run_binary(REPLAY, *limit, *arguments,
                               **environment)

    def fuzz(self, findings, *arguments, **environment):
        if not FUZZER:
            self.skipTest("this build has no libFuzzer")
        findings.mkdir(exist_ok=True)
        return self.run_binary(FUZZER, "-timeout=2", "-rss_limit_mb=0",
                               f"-artifact_prefix={findings}/", *arguments,
                               **environment)

    def findings(self, folder):
        """The finding folders; engines write other files beside them."""
        return [path for path in sorted(folder.iterdir())
                if path.is_dir() and not path.name.startswith(".")]

    def check_finding(self, folder, trouble, kind, validator):
        """A whole finding of the second step, and no second one."""
        found = self.findings(folder)
        self.assertEqual(len(found), 1, os.listdir(folder))
        self.assertEqual(set(os.listdir(found[0])), FILES)
        described = json.loads((found[0] / "finding.json").read_text())
        self.assertEqual(described["kind"], kind)
        if validator is not None:
            self.assertEqual(described["validator"], validator)
        self.assertEqual(described["target"], "troublemaker")
        self.assertEqual(found[0].name, f"{kind}-{described['signature']}")
        self.assertEqual(described["step_name"], "make")
        self.assertEqual(described["step"], 2)
        self.assertEqual(described["input_bytes"],
                         (found[0] / "input").stat().st_size)
        self.assertIn(f"2  make trouble {trouble}",
                      (found[0] / "scenario.txt").read_text())
        marked = [line for line in
                  (found[0] / "trace.txt").read_text().splitlines()
                  if "<-" in line]
        self.assertEqual(len(marked), 1, marked)
        self.assertTrue(marked[0].startswith("2  make trouble"), marked[0])
        self.assertIn(described["validator"], marked[0])
        return found[0], described

    def record(self, path):
        """What --record makes of an input: (exit code, finding, json)."""
        out = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        done = self.replay("--record", path, FORMFUZZ_FINDINGS_DIR=out)
        found = self.findings(out)
        if not found:
            return done.returncode, None, None
        self.assertEqual(len(found), 1, found)
        described = json.loads((found[0] / "finding.json").read_text())
        return done.returncode, found[0], described

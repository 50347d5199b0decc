# SPDX-License-Identifier: Apache-2.0
"""Every way to die, through the engine: libFuzzer's exit code, and one
finding, whole, before the engine had control back.
"""
import json
import os
import signal
import struct
import subprocess
import unittest

from trouble_case import (ASAN, BROKEN_EXIT, FILES, FINDING_EXIT, FUZZER,
                          SANITIZER_EXIT, TIMEOUT_EXIT, UBSAN, TroubleCase,
                          troubles)


class DeathTest(TroubleCase):
    def test_the_engine_leaves_one_whole_finding(self):
        for trouble, kind, validator, exit_code in troubles():
            with self.subTest(trouble):
                findings = self.folder / ("found-" + trouble)
                left = self.folder / ("in_flight-" + trouble)
                done = self.fuzz(findings, self.scenario(trouble),
                                 FORMFUZZ_IN_FLIGHT=str(left))
                written = 2
                self.assertEqual(struct.unpack("Q", left.read_bytes()[8:16]),
                                 (written,))
                if exit_code is None:
                    self.assertNotEqual(done.returncode, 0)
                else:
                    self.assertEqual(done.returncode, exit_code, done.stderr)
                found, described = self.check_finding(findings, trouble, kind,
                                                      validator)
                self.assertIn(f"finding saved in {findings}", done.stderr)
                self.assertTrue((found / "stderr.txt").stat().st_size > 0 or
                                not described["message"])

    def test_the_faults_that_kill_do_not_touch_what_is_written(self):
        faults = ["alloc error from 1", *(
            f"libc.{call} error from 0"
            for call in ("open", "write", "fsync", "rename", "mkdir"))]
        for trouble, kind, validator, _ in troubles():
            if trouble in ("exception", "violation"):
                continue  # their findings are written behind the run
            with self.subTest(trouble):
                findings = self.folder / ("found-" + trouble)
                path = self.scenario(trouble, faults=faults)
                done = self.fuzz(findings, path)
                self.assertNotEqual(done.returncode, 0)
                self.check_finding(findings, trouble, kind, validator)
                _, found, _ = self.record(path)
                self.assertEqual(set(os.listdir(found)), FILES)

    def test_sanitizer_reports_are_kept_with_frames(self):
        if not ASAN:
            self.skipTest("needs AddressSanitizer")
        findings = self.folder / "found"
        self.fuzz(findings, self.scenario("use_after_free"))
        found, described = self.check_finding(
            findings, "use_after_free", "crashed", "heap-use-after-free")
        report = (found / "stderr.txt").read_text()
        self.assertIn("AddressSanitizer: heap-use-after-free", report)
        self.assertIn("freed by thread", report)
        self.assertIn("troublemaker", described["message"] +
                      " ".join(described["frames"]).lower())

    def test_the_engine_passes_what_is_no_trouble(self):
        findings = self.folder / "found"
        done = self.fuzz(findings, self.scenario("none"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(findings), [])

    def test_a_broken_harness_is_no_finding(self):
        findings = self.folder / "found"
        done = self.fuzz(findings, self.scenario("harness_broken"))
        self.assertEqual(done.returncode, BROKEN_EXIT)
        self.assertIn("formfuzz: harness_broken: this harness broke itself",
                      done.stderr)
        self.assertEqual(os.listdir(findings), [])

    def check_leak(self, findings):
        """One whole finding, behind the last of three steps."""
        found = self.findings(findings)
        self.assertEqual(len(found), 1, os.listdir(findings))
        self.assertEqual(set(os.listdir(found[0])), FILES)
        described = json.loads((found[0] / "finding.json").read_text())
        self.assertEqual((described["kind"], described["validator"]),
                         ("leaked", "LeakSanitizer"))
        self.assertIn("allocated in Die at ", described["message"])
        self.assertIn("Direct leak of 16 byte(s)",
                      (found[0] / "stderr.txt").read_text())
        return found[0], described

    def test_a_leak_is_a_finding_of_the_engine(self):
        if not ASAN:
            self.skipTest("needs LeakSanitizer")
        findings = self.folder / "found"
        path = self.scenario("leak")
        done = self.fuzz(findings, path)
        self.assertEqual(done.returncode, FINDING_EXIT)
        found, described = self.check_leak(findings)
        self.assertEqual(described["step"], 4)
        _, _, of_replay = self.record(path)
        self.assertEqual(of_replay["signature"], described["signature"])
        self.assertIn("formfuzz: finding saved in ", done.stderr)
        self.assertEqual(found.name, f"leaked-{described['signature']}")

    def test_a_leak_seen_at_the_end_of_the_process_says_so(self):
        if not ASAN:
            self.skipTest("needs LeakSanitizer")
        findings = self.folder / "found"
        done = self.fuzz(findings, "-detect_leaks=0", self.scenario("leak"))
        self.assertNotEqual(done.returncode, 0)
        _, described = self.check_leak(findings)
        self.assertIn("seen at the end of the process", described["message"])

    def test_undefined_behaviour_is_kept_with_its_stack(self):
        if not UBSAN:
            self.skipTest("needs UndefinedBehaviorSanitizer")
        findings = self.folder / "found"
        self.fuzz(findings, self.scenario("overflow"))
        found, described = self.check_finding(
            findings, "overflow", "crashed", "signed-integer-overflow")
        self.assertIn("runtime error: signed integer overflow",
                      (found / "stderr.txt").read_text())
        self.assertGreater(len(described["frames"]), 1)
        self.assertIn("Die", described["frames"][0])
        self.assertIn("troublemaker.cc:", described["frames"][0])

    def test_the_exit_of_a_child_is_not_the_components(self):
        findings = self.folder / "found"
        done = self.fuzz(findings, self.scenario("forked_exit"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(findings), [])

    def test_what_was_running_is_left_behind_by_a_kill(self):
        findings = self.folder / "found"
        left = self.folder / "in_flight"
        for trouble in ("kill", "kernel_exit", "none"):
            path = self.scenario(trouble)
            self.fuzz(findings, path, FORMFUZZ_IN_FLIGHT=str(left))
            content = left.read_bytes()
            self.assertEqual(content[:8], b"ffniflt1")
            running, size = struct.unpack("QQ", content[8:24])
            self.assertEqual(running, 0 if trouble == "none" else 1)
            self.assertEqual(content[24:24 + size], path.read_bytes())
        self.assertEqual(os.listdir(findings), [])

    def test_the_engines_own_exits_are_no_findings(self):
        if not FUZZER:
            self.skipTest("this build has no libFuzzer")
        findings = self.folder / "found"
        findings.mkdir()
        process = subprocess.Popen(
            [FUZZER, self.scenario("hang"), f"-artifact_prefix={findings}/"],
            cwd=self.folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        for line in process.stderr:
            if line.startswith("Running: "):
                break
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertIn(process.returncode, (0, 72))
        self.assertEqual(self.findings(findings), [])

    def test_an_engine_that_waits_in_its_report_is_left(self):
        findings = self.folder / "found"
        done = self.fuzz(findings, self.scenario("abort"),
                         TROUBLEMAKER_ENGINE_WAITS="1")
        self.assertEqual(done.returncode, FINDING_EXIT, done.stderr)
        self.assertIn("the engine waits\n", done.stderr)
        self.assertIn("report of this death does not end", done.stderr)
        self.check_finding(findings, "abort", "crashed", "SIGABRT")

    def test_fuzzing_finds_trouble_by_itself(self):
        for seed in range(1, 9):
            findings = self.folder / f"found-{seed}"
            done = self.fuzz(findings, "-runs=20000", f"-seed={seed}",
                             "-detect_leaks=0")
            # One trouble is that the harness breaks, another that it is killed.
            if done.returncode not in (BROKEN_EXIT, -signal.SIGKILL, 3):
                break
        self.assertIn(done.returncode,
                      (FINDING_EXIT, TIMEOUT_EXIT, SANITIZER_EXIT))
        self.assertEqual(len(self.findings(findings)), 1)

    def test_keep_going_collects_rules_and_runs_on(self):
        findings = self.folder / "found"
        inputs = [self.scenario("violation"),
                  self.scenario("exception", name="b.txt"),
                  self.scenario("violation", before=3, name="c.txt"),
                  self.scenario("none", name="d.txt")]
        done = self.fuzz(findings, *inputs, FORMFUZZ_KEEP_GOING="1")
        self.assertEqual(done.returncode, 0, done.stderr)
        kinds = [path.name.split("-")[0] for path in self.findings(findings)]
        self.assertEqual(kinds, ["crashed", "violated"])

    def test_a_folder_that_cannot_be_written_is_one_line(self):
        findings = self.folder / "found"
        for trouble, _, _, exit_code in troubles():
            with self.subTest(trouble):
                done = self.fuzz(findings, self.scenario(trouble),
                                 FORMFUZZ_FINDINGS_DIR="/proc/nope")
                if exit_code is not None:
                    self.assertEqual(done.returncode, exit_code)
                said = [line for line in done.stderr.splitlines()
                        if "the finding is NOT saved" in line]
                self.assertEqual(len(said), 1, done.stderr)
                self.assertIn("/proc/nope", said[0])

    def test_a_full_disk_is_one_line_and_leaves_nothing(self):
        if not FUZZER:
            self.skipTest("this build has no libFuzzer")
        alone = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
        if subprocess.run([*alone, "mount -t tmpfs none ."], cwd=self.folder,
                          capture_output=True, check=False).returncode != 0:
            self.skipTest("no file system can be mounted here")
        script = ('mount -t tmpfs -o size=16k none "$1"\n'
                  'head -c 100000 /dev/zero >"$1/filler" 2>/dev/null\n'
                  '"$2" -artifact_prefix=./ "$3"; ls -A "$1"\n')
        disk = self.folder / "disk"
        disk.mkdir()
        for trouble in ("violation", "abort", "immediate_exit"):
            with self.subTest(trouble):
                done = subprocess.run(
                    [*alone, script, "sh", disk, FUZZER,
                     self.scenario(trouble)],
                    cwd=self.folder, text=True, errors="replace",
                    capture_output=True, check=True, timeout=120,
                    env={**os.environ, "FORMFUZZ_FINDINGS_DIR": str(disk)})
                self.assertEqual(done.stdout, "filler\n")
                said = [line for line in done.stderr.splitlines()
                        if "the finding is NOT saved: " in line]
                self.assertEqual(len(said), 1, done.stderr)
                self.assertIn("No space left on device", said[0])

    def test_kill_leaves_no_half_written_finding(self):
        """Killed at growing delays while it writes finding after finding."""
        if not FUZZER:
            self.skipTest("this build has no libFuzzer")
        findings = self.folder / "found"
        findings.mkdir()  # or the engine ends at once
        seen = 0
        for round_number in range(12):
            process = subprocess.Popen(
                [FUZZER, "-runs=1000000000", f"-seed={round_number + 1}",
                 "-detect_leaks=0", "-timeout=2",
                 f"-artifact_prefix={findings}/"],
                cwd=self.folder, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, env={
                    **os.environ, "FORMFUZZ_KEEP_GOING": "1",
                    "FORMFUZZ_FINDINGS_DIR": str(findings)})
            # Behind the first finding, as soon as so many lines were said.
            for line in process.stderr:
                if b"formfuzz: finding saved in" in line:
                    break
            for _ in range(round_number):
                if not process.stderr.readline():
                    break
            process.send_signal(signal.SIGKILL)
            process.communicate()
            for found in self.findings(findings):
                seen += 1
                self.assertEqual(set(os.listdir(found)), FILES)
                json.loads((found / "finding.json").read_text())
        self.assertGreater(seen, 0)

    def test_the_engine_takes_any_bytes(self):
        inputs = []
        for number, content in enumerate(
                [b"", b"\0", b"\xff" * 7, b"scenario ", b"scenario nobody\n",
                 b"scenario troublemaker\nmake truble none\n",
                 b"\1" * 250, b"\0" * 100000]):
            path = self.folder / f"any{number}"
            path.write_bytes(content)
            inputs.append(path)
        findings = self.folder / "found"
        done = self.fuzz(findings, *inputs)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(findings), [])

    def test_the_engine_cuts_off_a_huge_file_of_a_corpus(self):
        corpus = self.folder / "corpus"
        corpus.mkdir()
        with open(corpus / "sparse", "wb") as file:
            file.truncate(1 << 30)
        findings = self.folder / "found"
        done = self.fuzz(findings, "-runs=1", corpus)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(findings), [])
        self.assertEqual(os.listdir(corpus), ["sparse"])


if __name__ == "__main__":
    unittest.main()

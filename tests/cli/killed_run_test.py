# SPDX-License-Identifier: Apache-2.0
"""What is left of formfuzz run -- PROGRAM when parts of it are killed.

Needs FORMFUZZ_PROGRAM, the program's path, and a C compiler. Works in a
temporary folder only.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["FORMFUZZ_PROGRAM"]
ENVIRONMENT = 3
LETTERS = pathlib.Path(__file__).resolve().parent / "programs" / "letters.c"


def processes_of(group):
    """The ids of live processes of a process group."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def processes_running(executable):
    """The ids of processes of a program, in whatever group or namespace.

    In a chroot, those in others are told by where they are outside of it.
    """
    found = []
    for link in pathlib.Path("/proc").glob("[0-9]*/exe"):
        try:
            if os.readlink(link).endswith(str(executable)):
                found.append(int(link.parent.name))
        except OSError:
            continue
    return found


def descendants_of(process):
    """The ids of all processes below one; those that just went are left out."""
    found = []
    try:
        children = pathlib.Path(
            f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return found
    for child in children.split():
        found += [int(child), *descendants_of(int(child))]
    return found


class KilledRunTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="formfuzz-killed-")
        cls.root = pathlib.Path(cls.temporary.name)
        subprocess.run(["cc", "-O1", "-o", cls.root / "letters", LETTERS],
                       check=True)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def setUp(self):
        shutil.rmtree(self.root / ".formfuzz", ignore_errors=True)

    def test_a_killed_sandbox_is_made_anew(self):
        run = subprocess.Popen(
            [PROGRAM, "run", "--time", "600s", "--findings", "0", "--json",
             "--seed", "1", "--", "./letters", "@@"], cwd=self.root,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        run.stderr.readline()
        killed = descendants_of(run.pid)
        for process in killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        run.stderr.readline()  # of seconds later
        self.assertTrue(set(descendants_of(run.pid)) - set(killed))
        run.send_signal(signal.SIGINT)
        out, errors = run.communicate(timeout=60)
        found = json.loads(out)["findings"] > 0  # or not, in the time it had
        self.assertEqual(run.returncode, int(found), out + errors)
        self.assertEqual(json.loads(out)["exit_reason"], "interrupted")

    def test_a_program_that_was_replaced_meanwhile_is_named(self):
        program = self.root / "replaced"
        shutil.copy(self.root / "letters", program)
        run = subprocess.Popen(
            [PROGRAM, "run", "--time", "600s", "--findings", "0", "--json",
             "--", "./replaced", "@@"], cwd=self.root,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        run.stderr.readline()
        shutil.copy(self.root / "letters", self.root / "other")
        os.rename(self.root / "other", program)
        run.send_signal(signal.SIGINT)
        out, _ = run.communicate(timeout=60)
        note, = json.loads(out)["notes"]
        self.assertIn("was replaced meanwhile", note)
        self.assertIn(str(program), note)

    def test_a_program_that_was_removed_ends_the_run_with_its_summary(self):
        for jobs in ("1", "2"):
            with self.subTest(jobs=jobs):
                self.remove_while_it_runs(jobs)

    def remove_while_it_runs(self, jobs):
        shutil.rmtree(self.root / ".formfuzz", ignore_errors=True)
        program = self.root / "fleeting"
        shutil.copy(self.root / "letters", program)
        (self.root / "dies").write_bytes(b"FUZz")
        run = subprocess.Popen(
            [PROGRAM, "run", "--time", "600s", "--findings", "0", "--json",
             "--executor", "spawn", "--jobs", jobs, "--input", "dies", "--",
             "./fleeting", "@@"], cwd=self.root, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        findings = self.root / ".formfuzz/fleeting/findings"
        self.assertTrue(
            self.await_that(lambda: self.settled(findings), 100_000))
        program.unlink()
        out, errors = run.communicate(timeout=60)
        self.assertEqual(run.returncode, ENVIRONMENT, out + errors)
        described = json.loads(out)
        self.assertEqual(described["exit_reason"], "trouble")
        self.assertIn(str(program), described["trouble"])
        self.assertGreater(described["executions"], 0)
        self.assertTrue(any("was removed meanwhile" in note
                            for note in described["notes"]), described)
        finding, = described["finding_list"]
        self.assertEqual(
            (pathlib.Path(finding["folder"]) / "input").read_bytes()[:3],
            b"FUZ")

    def start_workers(self):
        return subprocess.Popen(
            [PROGRAM, "run", "--jobs", "2", "--time", "600s", "--findings",
             "0", "--json", "--", "./letters", "@@"], cwd=self.root,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def workers_of(self, run):
        """Waits until both are there: a line about progress says so."""
        run.stderr.readline()
        children = pathlib.Path(
            f"/proc/{run.pid}/task/{run.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def test_a_killed_worker_is_started_again_and_nothing_is_lost(self):
        run = self.start_workers()
        workers = self.workers_of(run)
        self.assertEqual(len(workers), 2)
        kept = {path.name for path in
                (self.root / ".formfuzz/letters/corpus").iterdir()
                if not path.name.startswith(".")}
        os.kill(workers[0], signal.SIGKILL)
        run.stderr.readline()
        run.send_signal(signal.SIGINT)
        out, _ = run.communicate(timeout=60)
        described = json.loads(out)
        self.assertTrue(any("was started again" in note
                            for note in described["notes"]), described)
        left = {path.name for path in
                (self.root / ".formfuzz/letters/corpus").iterdir()}
        self.assertLessEqual(kept, left)

    def worker_of(self, run, number):
        """Its id, once it has become a worker."""
        words = b"\0--worker\0%d\0" % number
        for worker in descendants_of(run.pid):
            with contextlib.suppress(OSError):
                started = pathlib.Path(f"/proc/{worker}/cmdline").read_bytes()
                if words in started:
                    return worker
        return None

    def left_unfinished(self, folder):
        """The worker that makes the input of a finding smaller."""
        for path in folder.glob("[!.]*/program.json"):
            with contextlib.suppress(OSError):
                described = json.loads(path.read_text())
                if described["unfinished"]:
                    return described["worker"]
        return None

    def settled(self, folder):
        """Whether there is a finding whose input is as small as it gets."""
        for path in folder.glob("[!.]*/program.json"):
            with contextlib.suppress(OSError):
                if not json.loads(path.read_text())["unfinished"]:
                    return True
        return False

    def test_a_worker_killed_while_it_makes_an_input_smaller_goes_on(self):
        subprocess.run(["cc", "-O1", "-DDYING_TURNS=50000000", "-o",
                        self.root / "slowly", LETTERS], check=True)
        queue = self.root / "others" / "neighbour" / "queue"
        queue.mkdir(parents=True)
        run = subprocess.Popen(
            [PROGRAM, "run", "--jobs", "2", "--time", "240s", "--json",
             "--sync", "others", "--", "./slowly", "@@"], cwd=self.root,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        findings = self.root / ".formfuzz/slowly/findings"
        # The first is held up, so that the second is on its own when both are
        # handed what the program dies of.
        self.assertTrue(self.await_that(lambda: self.worker_of(run, 0)))
        held_up = self.worker_of(run, 0)
        os.kill(held_up, signal.SIGSTOP)
        (queue / "aside").write_bytes(b"FUZ" + 60 * b"x")
        (queue / "aside").rename(queue / "id:000000")
        self.assertTrue(self.await_that(
            lambda: self.left_unfinished(findings) is not None, 100_000))
        self.assertEqual(self.left_unfinished(findings), 1)
        os.kill(self.worker_of(run, 1), signal.SIGKILL)
        left, = findings.glob("[!.]*/input")
        self.assertTrue(left.exists())
        self.assertTrue(self.await_that(
            lambda: self.left_unfinished(findings) is None, 100_000))
        with contextlib.suppress(ProcessLookupError):
            os.kill(held_up, signal.SIGCONT)
        out, _ = run.communicate(timeout=60)
        described = json.loads(out)
        self.assertEqual(described["exit_reason"], "finding")
        self.assertTrue(any("was started again" in note
                            for note in described["notes"]), described)
        folder, = findings.glob("[!.]*")
        self.assertEqual(len((folder / "input").read_bytes()), 4)

    def test_nothing_is_left_running_when_the_program_is_killed(self):
        run = self.start_workers()
        workers = self.workers_of(run)
        program = self.root / "letters"
        self.assertTrue(self.await_that(lambda: processes_running(program)))
        run.kill()
        run.communicate(timeout=60)

        # The kernel kills them; it has to be given the time to.
        self.assertTrue(self.await_that(
            lambda: not processes_running(program)
            and not any(processes_of(worker) for worker in workers)))

    def await_that(self, holds, looks=1000):
        """Looks so many times."""
        for _ in range(looks):
            if holds():
                return True
            subprocess.run(["true"], check=True)
        return False


if __name__ == "__main__":
    unittest.main()

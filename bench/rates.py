# SPDX-License-Identifier: Apache-2.0
"""How fast targets run, measured side by side: A B A B …, medians and spread.

A rate is executions per second of processor time, user and system, of the whole
process, bound to one core. Where nothing else runs, wall time says the same; on
a busy machine it says little.
"""

import configparser
import dataclasses
import os
import re
import resource
import shutil
import statistics
import struct
import subprocess
import tempfile

_DONE = re.compile(rb"^stat::number_of_executed_units: (\d+)$", re.MULTILINE)
_STATS = struct.Struct("=5Q")  # LiveStats: magic, executions, steps, …
_STEPS_AT = 2
# Memory, where there is: a disk's speed is not a target's.
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class CannotMeasure(Exception):
    """Says which command failed, and how."""


@dataclasses.dataclass(frozen=True)
class Sample:
    executions: int
    processor_s: float
    steps: int = 0

    @property
    def rate(self):
        return self.executions / self.processor_s


class Rates:
    """The samples of one target."""

    def __init__(self, samples):
        self.samples = samples
        self.median = statistics.median(s.rate for s in samples)

    @property
    def spread(self):
        """(largest - smallest) / median."""
        rates = [s.rate for s in self.samples]
        return (max(rates) - min(rates)) / self.median

    @property
    def steps_each(self):
        return (sum(s.steps for s in self.samples) /
                sum(s.executions for s in self.samples))


def on_one_core(command):
    core = min(os.sched_getaffinity(0))
    return ["taskset", "-c", str(core), *command]


def run_target(binary, flags, seeds=()):
    """One run of a libFuzzer binary from seeds, with a corpus of its own."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as scratch:
        corpus = os.path.join(scratch, "corpus")
        os.mkdir(corpus)
        stats = os.path.join(scratch, "stats")
        command = on_one_core([binary, *flags, "-print_final_stats=1",
                               f"-artifact_prefix={scratch}/", corpus, *seeds])
        environment = dict(os.environ, FORMFUZZ_STATS=stats)
        before = _children_s()
        ended = subprocess.run(command, env=environment, capture_output=True,
                               check=False, cwd=scratch)
        processor_s = _children_s() - before
        done = _DONE.search(ended.stderr)
        if ended.returncode != 0 or not done:
            kept = _keep_findings(scratch)
            raise CannotMeasure(f"{' '.join(command)} ended with "
                                f"{ended.returncode}, see {kept}:\n" +
                                ended.stderr.decode(errors="replace")[-800:])
        return Sample(int(done[1]), processor_s, _steps(stats))


def _children_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _steps(stats):
    try:
        with open(stats, "rb") as file:
            return _STATS.unpack(file.read(_STATS.size))[_STEPS_AT]
    except (OSError, struct.error):
        return 0  # not a harness


def _keep_findings(scratch):
    kept = os.path.join(tempfile.gettempdir(), "formfuzz-bench-findings")
    shutil.copytree(scratch, kept, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("corpus"))
    return kept


def options_of(binary):
    """Flags that `formfuzz run` gives a harness, as name.options says them.

    None for a plain target, which has no such file.
    """
    options = configparser.ConfigParser()
    options.read_dict({"libfuzzer": {}})
    options.read(f"{binary}.options", encoding="utf-8")
    return [f"-{name}={value}" for name, value in options["libfuzzer"].items()
            if name != "dict"]


def side_by_side(binaries, rounds, flags, seeds=()):
    """Rates of each binary, in turns; `flags` is called with the round's seed.

    A first turn is thrown away: it fills the caches of the machine.
    """
    samples = {binary: [] for binary in binaries}
    for turn in range(rounds + 1):
        for binary in binaries:
            sample = run_target(binary, flags(turn + 1), seeds)
            if turn > 0:
                samples[binary].append(sample)
    return [Rates(samples[binary]) for binary in binaries]

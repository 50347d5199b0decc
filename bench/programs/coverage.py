#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the process loop with afl-fuzz on real programs, by the edges that
their queues cover over time; prints Markdown.

    bench/programs/coverage.py FORMFUZZ [--seconds S | --runs N] [--seeds N]
        [--folder DIR] [--against OTHER] [--flags FLAGS] [NAME ...]

FORMFUZZ is the program; with --against, afl-fuzz's place is taken by another
build of it, and --flags are those of the first alone. Sources come from Debian
by ci/fetch_sources and are built once by afl-clang-fast: both engines run the
same binary, from the same input, in turns on one processor, for as long, or for
as many executions, which says less but does not depend on what else the machine
does. Edges are counted afterwards by afl-showmap over what each kept, so
neither engine's own count matters. Exits 0 when everything was measured, 1
otherwise.
"""

import argparse
import dataclasses
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import programs

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARE = 0.95  # of the better one's edges: the time until then is compared
OURS = "formfuzz"
AFL = "afl-fuzz"


def environment():
    return dict(os.environ, AFL_NO_UI="1", AFL_SKIP_CPUFREQ="1",
                AFL_NO_AFFINITY="1", AFL_QUIET="1",
                AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1",
                AFL_IGNORE_SEED_PROBLEMS="1")


def command_of(engine, options, program, binary, work, seed):
    words = [binary, *program.words]
    inputs = os.path.join(work, "in")
    if engine == AFL:
        until = (["-E", str(options.runs)] if options.runs
                 else ["-V", str(options.seconds)])
        return ["afl-fuzz", *until, "-s", str(seed), "-i", inputs, "-o",
                os.path.join(work, "out"), "--", *words]
    until = (["--runs", str(options.runs)] if options.runs
             else ["--time", f"{options.seconds}s"])
    flags = options.flags.split() if engine == OURS else []
    formfuzz = options.formfuzz if engine == OURS else engine
    return [os.path.abspath(formfuzz), "--project", work, "run",
            "--name", "it", *until, "--keep-going", "--seed", str(seed),
            "--input", inputs, *flags, "--", *words]


def queue_of(engine, work):
    if engine == AFL:
        return os.path.join(work, "out", "default", "queue")
    return os.path.join(work, ".formfuzz", "it", "corpus")


def kept(folder):
    """(time of keeping, path), oldest first."""
    files = [entry for entry in os.scandir(folder)
             if entry.is_file() and not entry.name.startswith(".")]
    return sorted((file.stat().st_mtime_ns / 1e9, file.path)
                  for file in files)


def edges_of(path, program, binary, work):
    words = [path if word == "@@" else word for word in program.words]
    shown = os.path.join(work, "map")
    subprocess.run(["afl-showmap", "-q", "-e", "-t", "5000", "-o", shown, "--",
                    binary, *words], env=environment(), cwd=work, check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(shown, encoding="ascii") as file:
        return {line.split(":")[0] for line in file}


@dataclasses.dataclass
class Course:
    """Of one run: (seconds since the start, edges so far), oldest first."""
    points: list
    seconds: float  # until it ended
    size: float  # mean of what it kept, bytes

    def edges(self):
        return self.points[-1][1]

    def time_to(self, edges, otherwise):
        return next((when for when, count in self.points if count >= edges),
                    otherwise)


def course(engine, started, program, binary, work):
    seen, points, sizes = set(), [(0.0, 0)], [0]
    ended = time.time()
    for when, path in kept(queue_of(engine, work)):
        seen |= edges_of(path, program, binary, work)
        points.append((max(0.0, when - started), len(seen)))
        sizes.append(os.path.getsize(path))
    return Course(points, ended - started, sum(sizes) / max(1, len(sizes) - 1))


def run(engine, options, program, binary, seed):
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(os.path.join(work, "in"))
        with open(os.path.join(work, "in", "first"), "wb") as file:
            file.write(program.seed)
        clock = os.path.join(work, "clock")
        with open(clock, "wb"):
            pass
        started = os.stat(clock).st_mtime_ns / 1e9
        command = command_of(engine, options, program, binary, work, seed)
        done = subprocess.run(["taskset", "-c", str(options.cpu), *command],
                              env=environment(), cwd=work, check=False,
                              capture_output=True)
        if not os.path.isdir(queue_of(engine, work)):
            raise RuntimeError(f"{engine} did not run: {done.stderr[-500:]}")
        return course(engine, started, program, binary, work)


def compare(options, program, binary):
    """Edges of each engine, and the ratios of the times (or of the edges), of
    all seeds."""
    ends = {engine: [] for engine in options.engines}
    ratios = []
    for seed in range(1, options.seeds + 1):
        courses = [run(engine, options, program, binary, seed)
                   for engine in options.engines]
        best = max(course.edges() for course in courses)
        times = [max(0.1, course.time_to(SHARE * best, options.seconds))
                 for course in courses]
        for engine, one in zip(options.engines, courses):
            ends[engine].append(one.edges())
        ratios.append(courses[0].edges() / courses[1].edges() if options.runs
                      else times[0] / times[1])
        print(f"{program.name} {seed}: edges "
              f"{[one.edges() for one in courses]} seconds to {SHARE:.0%} "
              f"{[round(one, 1) for one in times]} of "
              f"{[round(one.seconds, 1) for one in courses]} bytes kept "
              f"{[round(one.size) for one in courses]}",
              file=sys.stderr, flush=True)
    return ends, ratios


def geometric(values):
    return math.exp(statistics.mean(math.log(value) for value in values))


def build_all(options, wanted):
    sources = os.path.join(options.folder, "sources")
    subprocess.run([os.path.join(ROOT, "ci", "fetch_sources"), "--list",
                    os.path.join(HERE, "sources.txt"), "--dir", sources,
                    *[program.name for program in wanted]], check=True)
    binaries = {}
    for program in wanted:
        binaries[program.name] = os.path.join(options.folder, program.name)
        if not os.path.exists(binaries[program.name]):
            programs.build(program, sources, binaries[program.name],
                           {"c": "afl-clang-fast", "c++": "afl-clang-fast++"})
    return binaries


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formfuzz")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=0,
                        help="executions, in place of seconds")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folder",
                        default=os.path.join(ROOT, "build", "programs"))
    parser.add_argument("--against", metavar="OTHER",
                        help="another build of formfuzz, in place of afl-fuzz")
    parser.add_argument("--flags", default="", help="of the first alone")
    parser.add_argument("--cpu", type=int,
                        default=min(os.sched_getaffinity(0)))
    options = parser.parse_intermixed_args()
    options.engines = (OURS, options.against or AFL)
    return options


def main():
    options = parse()
    options.folder = os.path.abspath(options.folder)
    wanted = [program for program in programs.PROGRAMS
              if not options.names or program.name in options.names]
    if not wanted or shutil.which("afl-fuzz") is None:
        print("no such program, or no afl-fuzz", file=sys.stderr)
        return 1
    os.makedirs(options.folder, exist_ok=True)
    binaries = build_all(options, wanted)
    all_ratios = []
    compared = "edges" if options.runs else "time to 95%"
    other = "the other" if options.against else AFL
    print(f"| program | edges | {other}'s | {compared} / {other}'s |\n"
          "|---|---|---|---|", flush=True)
    for program in wanted:
        ends, ratios = compare(options, program, binaries[program.name])
        all_ratios += ratios
        medians = [f"{statistics.median(ends[engine]):,.0f}"
                   for engine in options.engines]
        print(f"| {program.name} | {' | '.join(medians)} | "
              f"{geometric(ratios):.2f} |", flush=True)
    print(f"| geometric mean | | | **{geometric(all_ratios):.2f}** |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

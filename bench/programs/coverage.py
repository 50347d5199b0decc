#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the process loop with afl-fuzz on real programs, by the edges that
their queues cover over time; prints Markdown.

    bench/programs/coverage.py FORMFUZZ [--seconds S | --runs N] [--seeds N]
        [--folder DIR] [NAME ...]

FORMFUZZ is the program. Sources come from Debian by ci/fetch_sources and are
built once by afl-clang-fast: both engines run the same binary, from the same
input, in turns on one processor, for as long, or for as many executions, which
says less but does not depend on what else the machine does. Edges are counted
afterwards by afl-showmap over what each kept, so neither engine's own count
matters. Exits 0 when everything was measured, 1 otherwise.
"""

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import programs

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARE = 0.95  # of the better one's edges: the time until then is compared
ENGINES = ("formfuzz", "afl-fuzz")


def environment():
    return dict(os.environ, AFL_NO_UI="1", AFL_SKIP_CPUFREQ="1",
                AFL_NO_AFFINITY="1", AFL_QUIET="1",
                AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1",
                AFL_IGNORE_SEED_PROBLEMS="1")


def command_of(engine, options, program, binary, work, seed):
    words = [binary, *program.words]
    inputs = os.path.join(work, "in")
    if engine == "afl-fuzz":
        until = (["-E", str(options.runs)] if options.runs
                 else ["-V", str(options.seconds)])
        return ["afl-fuzz", *until, "-s", str(seed), "-i", inputs, "-o",
                os.path.join(work, "out"), "--", *words]
    until = (["--runs", str(options.runs)] if options.runs
             else ["--time", f"{options.seconds}s"])
    return [os.path.abspath(options.formfuzz), "--project", work, "run",
            "--name", "it", *until, "--keep-going", "--seed", str(seed),
            "--input", inputs, "--", *words]


def queue_of(engine, work):
    if engine == "afl-fuzz":
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


def curve(engine, started, program, binary, work):
    """(seconds since the start, edges so far)."""
    seen, points = set(), [(0.0, 0)]
    for when, path in kept(queue_of(engine, work)):
        seen |= edges_of(path, program, binary, work)
        points.append((max(0.0, when - started), len(seen)))
    return points


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
        return curve(engine, started, program, binary, work)


def time_to(points, edges, otherwise):
    return next((when for when, count in points if count >= edges), otherwise)


def compare(options, program, binary):
    """Edges, and the ratios of the times (or of the edges), of all seeds."""
    ends = {engine: [] for engine in ENGINES}
    ratios = []
    for seed in range(1, options.seeds + 1):
        curves = {engine: run(engine, options, program, binary, seed)
                  for engine in ENGINES}
        best = max(points[-1][1] for points in curves.values())
        times = {}
        for engine, points in curves.items():
            ends[engine].append(points[-1][1])
            times[engine] = max(0.1, time_to(points, SHARE * best,
                                             options.seconds))
        ratios.append(ends["formfuzz"][-1] / ends["afl-fuzz"][-1]
                      if options.runs
                      else times["formfuzz"] / times["afl-fuzz"])
        print(f"{program.name} {seed}: edges "
              f"{[ends[engine][-1] for engine in ENGINES]} seconds "
              f"{[round(times[engine], 1) for engine in ENGINES]}",
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
    parser.add_argument("--cpu", type=int,
                        default=min(os.sched_getaffinity(0)))
    return parser.parse_intermixed_args()


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
    print(f"| program | edges | afl-fuzz's | {compared} / afl-fuzz's |\n"
          "|---|---|---|---|", flush=True)
    for program in wanted:
        ends, ratios = compare(options, program, binaries[program.name])
        all_ratios += ratios
        print(f"| {program.name} | {statistics.median(ends['formfuzz']):,.0f} "
              f"| {statistics.median(ends['afl-fuzz']):,.0f} | "
              f"{geometric(ratios):.2f} |", flush=True)
    print(f"| geometric mean | | | **{geometric(all_ratios):.2f}** |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

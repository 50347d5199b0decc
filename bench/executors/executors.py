#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares executors with afl-fuzz and posix_spawn, in turns; prints Markdown.

    bench/executors/executors.py BUILD [--rounds N] [--seconds S]

BUILD is a build folder with bench/executors_rate and bin/formfuzz-clang. The
programs are compiled from one source by afl-clang-fast and by formfuzz-clang.
A ratio is the median of those of the rounds; its spread is half of the distance
of the quartiles. Exits 0 when everything was measured, 1 otherwise.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "programs", "nearly_empty.c")
# All on the same: what else runs there is then the same, and afl-fuzz need not
# find one that nobody is bound to.
ON_ONE_CPU = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]


def ours(arguments, kind, batch, *command, locale="C"):
    tool = os.path.join(arguments.build, "bench", "executors_rate")
    done = subprocess.run([*ON_ONE_CPU, tool, kind, str(batch),
                           str(arguments.seconds), *command],
                          capture_output=True, check=True, text=True,
                          env=dict(os.environ, LANG=locale))
    return float(done.stdout)


def afl_fuzz(arguments, program):
    environment = dict(
        os.environ, AFL_NO_UI="1", AFL_NO_AFFINITY="1", AFL_SKIP_CPUFREQ="1",
        AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1", AFL_FAST_CAL="1")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "in"))
        with open(os.path.join(folder, "in", "hello"), "w",
                  encoding="ascii") as file:
            file.write("hello")
        subprocess.run(
            [*ON_ONE_CPU, "afl-fuzz", "-V",
             str(max(2, round(arguments.seconds))),
             "-i", os.path.join(folder, "in"),
             "-o", os.path.join(folder, "out"), "--", program],
            env=environment, check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        stats = os.path.join(folder, "out", "default", "fuzzer_stats")
        with open(stats, encoding="ascii") as file:
            for line in file:
                if line.startswith("execs_per_sec"):
                    return float(line.split(":")[1])
    raise ValueError("afl-fuzz wrote no execs_per_sec")


def compile_all(arguments, folder):
    compilers = {"ours": os.path.join(arguments.build, "bin",
                                      "formfuzz-clang"),
                 "afl": "afl-clang-fast"}
    programs = {}
    for name, compiler in compilers.items():
        for mode, flags in (("loop", []), ("fork", ["-DFORKED"])):
            program = os.path.join(folder, f"{name}_{mode}")
            subprocess.run([compiler, "-O2", *flags, SOURCE, "-o", program],
                           check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            programs[name, mode] = program
    return programs


def compare(arguments, what, goal, one, other):
    """`one` and `other` in turns: A B A B."""
    pairs = [(one(), other()) for _ in range(arguments.rounds)]
    ratios = [a / b for a, b in pairs]
    quarters = statistics.quantiles(ratios, n=4)
    spread = (quarters[2] - quarters[0]) / 2
    print(f"| {what} | {statistics.median(a for a, _ in pairs):,.0f}/s | "
          f"{statistics.median(b for _, b in pairs):,.0f}/s | "
          f"**{statistics.median(ratios):.2f}** | ≥ {goal:g} | "
          f"±{spread:.2f} |", flush=True)


def measure(arguments, programs):
    print("| What | Ours | Theirs | Ratio | Goal | Spread |")
    print("|---|---|---|---|---|---|")
    loop, fork = programs["ours", "loop"], programs["ours", "fork"]
    compare(arguments, "persistent, one at a time, to afl-fuzz", 4,
            lambda: ours(arguments, "runtime", 1, loop),
            lambda: afl_fuzz(arguments, programs["afl", "loop"]))
    compare(arguments, "persistent, 256 at a time, to afl-fuzz", 8,
            lambda: ours(arguments, "runtime", 256, loop),
            lambda: afl_fuzz(arguments, programs["afl", "loop"]))
    compare(arguments, "a fork a run, to afl-fuzz", 1.2,
            lambda: ours(arguments, "runtime", 1, fork),
            lambda: afl_fuzz(arguments, programs["afl", "fork"]))
    compare(arguments, "AFL++'s own binary, a fork a run, to afl-fuzz", 1,
            lambda: ours(arguments, "afl", 1, programs["afl", "fork"]),
            lambda: afl_fuzz(arguments, programs["afl", "fork"]))
    for locale in ("C", "C.UTF-8"):
        compare(arguments, f"/bin/ls / in {locale}, zygote, to posix_spawn", 3,
                lambda: ours(arguments, "zygote", 1, "/bin/ls", "/",
                             locale=locale),
                lambda: ours(arguments, "posix_spawn", 1, "/bin/ls", "/",
                             locale=locale))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="a build folder")
    parser.add_argument("--rounds", type=int, default=5, help="pairs (5)")
    parser.add_argument("--seconds", type=float, default=3,
                        help="of each measurement (3)")
    arguments = parser.parse_args()
    if arguments.rounds < 2:
        parser.error("at least two rounds")
    arguments.build = os.path.abspath(arguments.build)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(arguments, compile_all(arguments, folder))
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"executors: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares two workers with one, in turns; prints Markdown.

    bench/executors/workers.py BUILD [--rounds N] [--seconds S]

BUILD is a build folder with formfuzz and bin/formfuzz-clang. The program is the
one of executors.py, a fork a run and as a loop; a rate is what the run itself
says, beginning and end included. Two processors must have nothing else to do.
Exits 0 when everything was measured, 1 otherwise.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

import executors

GOAL = 1.8


def rate(arguments, folder, program, jobs):
    done = subprocess.run(
        [os.path.join(arguments.build, "formfuzz"), "run", "--time",
         f"{arguments.seconds}s", "--jobs", str(jobs), "--name",
         f"{os.path.basename(program)}-{jobs}-{time.monotonic_ns()}", "--",
         program],
        cwd=folder, capture_output=True, text=True, check=True)
    found = re.search(r"executions\s+[\d,]+ \(([\d,]+)/s", done.stdout)
    if found is None:
        raise ValueError("no executions in what formfuzz said")
    return int(found.group(1).replace(",", ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="a build folder")
    parser.add_argument("--rounds", type=int, default=5, help="pairs (5)")
    parser.add_argument("--seconds", type=int, default=5,
                        help="of each measurement (5)")
    arguments = parser.parse_args()
    if arguments.rounds < 2:
        parser.error("at least two rounds")
    arguments.build = os.path.abspath(arguments.build)
    compiler = os.path.join(arguments.build, "bin", "formfuzz-clang")
    try:
        with tempfile.TemporaryDirectory() as folder:
            print("| What | Two | One | Ratio | Goal | Spread |")
            print("|---|---|---|---|---|---|")
            for what, name, flags in (("a fork a run", "fork", ["-DFORKED"]),
                                      ("persistent", "loop", [])):
                program = os.path.join(folder, name)
                subprocess.run([compiler, "-O2", *flags, executors.SOURCE,
                                "-o", program], check=True,
                               capture_output=True)
                executors.compare(
                    arguments, what, GOAL,
                    lambda: rate(arguments, folder, program, 2),
                    lambda: rate(arguments, folder, program, 1))
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"workers: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

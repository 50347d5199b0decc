#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Begins a run with very many input files; prints how long reading took and the
most memory that the loop held.

    bench/programs/many_files.py BUILD [--files N] [--bytes B]

BUILD is a build folder with formfuzz and bin/formfuzz-clang. A million files of
40 bytes take 4 GB of disk. Exits 0 if there were as many executions as files, 1
otherwise; files that are kept are run more than once.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, os.pardir, "executors", "programs",
                      "nearly_empty.c")


def write_files(folder, options):
    chance = random.Random(1)
    for number in range(options.files):
        with open(os.path.join(folder, f"{number:07}"), "wb") as file:
            file.write(chance.randbytes(options.bytes))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--bytes", type=int, default=40)
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    with tempfile.TemporaryDirectory() as work:
        inputs = os.path.join(work, "in")
        os.mkdir(inputs)
        write_files(inputs, options)
        program = os.path.join(work, "program")
        subprocess.run([os.path.join(build, "bin", "formfuzz-clang"), "-O2",
                        SOURCE, "-o", program], check=True)
        start = time.monotonic()
        run = subprocess.Popen(
            [os.path.join(build, "formfuzz"), "--project", work, "run",
             "--json", "--no-trim", "--runs", str(options.files), "--input",
             inputs, "--", program],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = run.stdout.read()
        _, _, used = os.wait4(run.pid, 0)
        seconds = time.monotonic() - start
    ran = json.loads(said)["executions"]
    memory = used.ru_maxrss / 1024
    print(f"{options.files:,} files: {ran:,} executions in {seconds:.1f} s, "
          f"{options.files / seconds:,.0f} files/s, {memory:,.0f} MiB")
    return 0 if ran >= options.files else 1


if __name__ == "__main__":
    sys.exit(main())

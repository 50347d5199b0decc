#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""seeds_reach_goals.py TARGET SEEDS

Plays the curated seeds of a target that was built with libFuzzer, and fails
unless they reach every goal that its harness declares, and find nothing.
"""
import os
import struct
import subprocess
import sys
import tempfile

# The file of framework/finding/live_stats.h.
STATS = struct.Struct("=5Q")
GOALS = struct.Struct("=2Q")
NAMES = 64
NAME_BYTES = 48
FILE_BYTES = STATS.size + GOALS.size + NAMES * NAME_BYTES
MAGIC = 0x3173746174736666


def play(target, seeds, folder):
    """Returns the file of statistics, and how the target ended."""
    path = os.path.join(folder, "stats")
    with open(path, "wb") as file:
        file.write(bytes(FILE_BYTES))
    environment = dict(os.environ, FORMFUZZ_STATS=path,
                       FORMFUZZ_FINDINGS_DIR=os.path.join(folder, "findings"))
    command = [target, "-runs=0", f"-artifact_prefix={folder}/", seeds]
    ended = subprocess.run(command, env=environment, cwd=folder,
                           capture_output=True, text=True, check=False)
    with open(path, "rb") as file:
        return file.read(), ended


def unreached(live):
    """The names of the goals that no seed reaches, and how many goals."""
    magic = STATS.unpack_from(live)[0]
    count, reached = GOALS.unpack_from(live, STATS.size)
    if magic != MAGIC or count == 0:
        sys.exit("the target declares no goals")
    names = []
    for index in range(count):
        start = STATS.size + GOALS.size + index * NAME_BYTES
        name = live[start:start + NAME_BYTES].split(b"\0")[0].decode()
        if not reached >> index & 1:
            names.append(name)
    return names, count


def main():
    target, seeds = (os.path.abspath(path) for path in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        live, ended = play(target, seeds, folder)
    if ended.returncode != 0:
        sys.exit(f"the target ended with {ended.returncode}:\n{ended.stderr}")
    names, count = unreached(live)
    for name in names:
        print(f"no seed reaches: {name}", file=sys.stderr)
    print(f"{count - len(names)} of {count} goals are reached")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())

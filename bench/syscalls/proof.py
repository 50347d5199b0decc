#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether profiles hold, and whether each of their entries counts.

  bench/syscalls/proof.py FORMFUZZ [PROGRAM...]

Of each program a profile is learnt in at most 60 s, the saved runs are replayed
20 times with all else refused, and then up to 5 times without each entry that a
run has shown: that must be noticed. (Once is too little for what a signal shows
that now and then comes too late.) A row a program; ends with 1 if a saved run
was refused a call, or an entry was not missed.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAMS = ("/bin/ls", "/usr/bin/sort", "/bin/grep", "/bin/cp", "/bin/tar",
            "/bin/gzip", "/usr/bin/find", "/bin/sed", "/bin/date",
            "/usr/bin/du", "/usr/bin/stat", "/usr/bin/wc")
ROUNDS = 20
ROUNDS_WITHOUT = 5
SUMMARY = re.compile(r"(\d+) runs, (\d+) calls refused, (\d+) of these")


def run(words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def verify(formfuzz, path, corpus, *words):
    """How it ended, and what it printed."""
    done = run([formfuzz, "profile", "verify", path, "--corpus", corpus,
                *words])
    return done.returncode, done.stdout


def notices(formfuzz, path, corpus, name):
    code, text = verify(formfuzz, path, corpus, "--rounds", "1", "--held-out",
                        "0", "--no-stops")
    return code == 1 and re.search(
        rf"^refused: {re.escape(name)}\b", text, re.M) is not None


def unnoticed(formfuzz, profile, corpus, folder):
    """Entries that may be taken out without any saved run showing it."""
    kept = []
    path = os.path.join(folder, "without.json")
    shown = [one for one in profile["entries"] if one["presence"] == "seen"]
    for entry in shown:
        rest = [one for one in profile["entries"] if one is not entry]
        with open(path, "w", encoding="utf-8") as file:
            json.dump(dict(profile, entries=rest), file)
        if not any(notices(formfuzz, path, corpus, entry["name"])
                   for _ in range(ROUNDS_WITHOUT)):
            kept.append(entry["name"])
    return len(shown), kept


def prove(formfuzz, program, folder):
    path = os.path.join(folder, os.path.basename(program) + ".json")
    corpus = path.removesuffix(".json") + ".corpus"
    learnt = run([formfuzz, "profile", "--time", "60s", "--out", path, "--",
                  program])
    if learnt.returncode != 0:
        sys.exit(f"cannot profile {program}: {learnt.stderr}")
    _, text = verify(formfuzz, path, corpus, "--rounds", str(ROUNDS))
    found = SUMMARY.search(text)
    if found is None:
        sys.exit(f"cannot verify {program}: {text}")
    runs, refused, false_kills = map(int, found.groups())
    with open(path, encoding="utf-8") as file:
        profile = json.load(file)
    shown, kept = unnoticed(formfuzz, profile, corpus, folder)
    print(f"| {program} | {runs} | {false_kills} | {refused - false_kills} | "
          f"{shown} | {' '.join(kept) or 'none'} |", flush=True)
    return false_kills == 0 and not kept


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print("| program | runs | refused to saved runs | to new ones | "
          "entries shown | unnoticed when taken out |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        good = [prove(sys.argv[1], program, folder)
                for program in sys.argv[2:] or PROGRAMS]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Builds the outside project with one engine and lets it find the bug.

    consumer_test.py --engine E --cmake CMAKE --build FOLDER -- DEFINITION...

Ends with 0 when the planted bug was found, recorded as a finding of the
expected kind, and fails again when it is replayed.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent / "project"
TARGET_ERROR = 77
# Many times what the bug takes from an empty corpus.
RUNS_MAX = 2_000_000
RANDOM_RUNS = 20_000
AFL_SECONDS = 60
# Milliseconds: recording a finding is part of the run that fails, and what
# afl-fuzz kills meanwhile it calls a hang.
AFL_TIMEOUT = 5_000


def call(words, folder, **environment):
    print("+", *words, flush=True)
    return subprocess.run([str(word) for word in words], cwd=folder,
                          env={**os.environ, **environment}, check=False)


def need(condition, what):
    if not condition:
        sys.exit(f"consumer_test: {what}")


def build(options, definitions):
    """Configures and builds from nothing; the folder with the binaries."""
    shutil.rmtree(options.build, ignore_errors=True)
    options.build.mkdir(parents=True)
    configured = call([options.cmake, "-S", PROJECT, "-B", options.build, "-G",
                       "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                       f"-DFORMFUZZ_ENGINE={options.engine}", *definitions],
                      options.build)
    need(configured.returncode == 0, "the project does not configure")
    built = call([options.cmake, "--build", options.build], options.build)
    need(built.returncode == 0, "the project does not build")
    return options.build / "targets"


def fuzz_with_afl(binary, work, environment):
    """afl-fuzz until the first crash; AFL++ sees it as a death."""
    (work / "in").mkdir()
    (work / "in/empty").write_bytes(b"\0")
    call(["afl-fuzz", "-m", "none", "-V", AFL_SECONDS, "-t", AFL_TIMEOUT,
          "-i", work / "in", "-o", work / "out", "--", binary],
         work, **environment,
         AFL_NO_UI="1", AFL_SKIP_CPUFREQ="1", AFL_NO_AFFINITY="1",
         AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1", AFL_BENCH_UNTIL_CRASH="1")
    crashes = sorted((work / "out/default/crashes").glob("id:*"))
    need(crashes, "afl-fuzz saved no crash")
    stats = (work / "out/default/fuzzer_stats").read_text()
    need(re.search(r"^stability +: 100.00%$", stats, re.MULTILINE),
         f"runs of the same input took different edges:\n{stats}")
    return crashes[0]


def find_at_random(targets, work):
    """What a build without an engine can do; it keeps no findings."""
    need(not (targets / "box_office").exists(),
         "a build with replay alone made a fuzzer")
    ended = subprocess.run([targets / "box_office_replay", "--random",
                            str(RANDOM_RUNS), "--seed", "1"], cwd=work,
                           capture_output=True, text=True, check=False)
    need(ended.returncode == TARGET_ERROR, "random runs found nothing")
    need("SoldSeatsExist" in ended.stdout + ended.stderr,
         f"not the bug that was planted: {ended.stdout}")


def recorded(work):
    """The finding folders; a hidden one was not finished."""
    return sorted((work / "findings").glob("[!.]*"))


def find(options, targets, work, environment):
    """Lets the engine run until it finds the bug."""
    binary = targets / "box_office"
    if options.engine == "afl":
        crash = fuzz_with_afl(binary, work, environment)
        if not recorded(work):
            call([targets / "box_office_replay", "--record", crash], work,
                 **environment)
    else:
        ended = call([binary, f"-runs={RUNS_MAX}", "-seed=1"], work,
                     **environment)
        need(ended.returncode == TARGET_ERROR,
             f"the fuzzer ended with {ended.returncode}")


def check_test_in_cpp(options, targets, finding, work):
    """The finding's reproducer compiles in the project and fails likewise."""
    source = targets / "box_office_reproducer_test.cc"
    shutil.copy(finding / "reproducer_test.cc", source)
    built = call([options.cmake, "--build", options.build, "--target",
                  "box_office_reproducer"], options.build)
    need(built.returncode == 0, "the reproducer does not build")
    ended = subprocess.run([targets / "box_office_reproducer"], cwd=work,
                           capture_output=True, text=True, check=False)
    need(ended.returncode == 1 and finding.name in ended.stdout,
         f"the reproducer does not fail as it should: {ended.stdout}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("definitions", nargs="*")
    options = parser.parse_args()
    targets = build(options, options.definitions)

    options_file = targets / "box_office.options"
    need(options_file.exists(), "no .options file")
    need("entropic = 0\n" in options_file.read_text(), "no default options")
    need((targets / "box_office_property").exists(), "no property test")
    work = options.build / "work"
    (work / "findings").mkdir(parents=True)
    environment = {"FORMFUZZ_FINDINGS_DIR": str(work / "findings")}
    if options.engine == "replay":
        return find_at_random(targets, work)
    find(options, targets, work, environment)

    findings = recorded(work)
    need(findings, "there is no finding folder")
    described = json.loads((findings[0] / "finding.json").read_text())
    need(described["kind"] == "violated" and
         described["validator"] == "SoldSeatsExist",
         f"not the bug that was planted: {described}")
    again = call([targets / "box_office_replay", findings[0] / "input"], work)
    need(again.returncode == TARGET_ERROR, "the finding does not fail again")
    check_test_in_cpp(options, targets, findings[0], work)
    return None


if __name__ == "__main__":
    main()

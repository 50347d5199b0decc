#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fuzzes every planted defect from the empty corpus until it is found.

For each entry of the manifest and each seed, the fuzzer runs in an empty
folder for at most --runs executions; the entry's own "runs" raises that. An
entry whose "hunt" is "nightly" takes longer than a test may: --all hunts it. A
"rare" one is found by some seeds only, and none is asked to.
Every seed must find something, and most of them what the manifest expects: of
that kind, by one of those validators; "also" names others that are as right.
One with a "target" of its own is passed over where that could not be built.
Equal seeds do not mean equal runs on another machine, and a rare way in which
a defect shows is no failure of the search. Prints the executions each one took
and all that was found.

With --without yields (or faults) the entries that need these are fuzzed with
them switched off: that any of them is found is then a failure.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

HANG_S = 2  # for one input, where it is a hang that is to be found
TIMEOUT_S = 30  # elsewhere: a busy machine's pause is no finding
OPTIONS = ["-entropic=0"]  # what formfuzz_add_harness gives every harness
KILL_S = 240  # for one hunt, should the fuzzer itself hang


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=pathlib.Path, required=True)
    parser.add_argument("--binaries", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=300_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--all", action="store_true",
                        help="also the defects whose hunt is nightly")
    parser.add_argument("--built-only", action="store_true",
                        help="pass over what was not built")
    parser.add_argument("--needs", choices=["yields", "faults"],
                        help="only the defects that need these")
    parser.add_argument("--without", choices=["yields", "faults"],
                        help="the same, with these switched off")
    parser.add_argument("--only", help="regular expression of patch names")
    return parser.parse_args()


def name_of(entry):
    """Of the binary that has the defect."""
    return entry.get("name") or entry["patch"].removesuffix(".patch")


def read_finding(folder):
    """The first finding below the folder as (kind, validator), or None."""
    for path in sorted(folder.rglob("finding.json")):
        finding = json.loads(path.read_text())
        return finding["kind"], finding["validator"]
    return None


def same_addresses():
    """What to put before a command so that a seed means the same each time.

    libFuzzer's table of compared values holds addresses, too. Containers may
    forbid it; then equal seeds differ a little.
    """
    prefix = ["setarch", "-R"]
    try:
        allowed = subprocess.run([*prefix, "true"], check=False,
                                 stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        allowed = False
    return prefix if allowed else []


PREFIX = same_addresses()


def timeout_of(entry):
    hangs = entry["kind"] == "hung" or any(
        other.startswith("hung") for other in entry.get("also", []))
    return HANG_S if hangs else TIMEOUT_S


def hunt(binary, seed, runs, timeout, without=None):
    """Executions until something was found (None: nothing), and what.

    Without a mechanism the search must have gone its whole way.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = dict(os.environ, FORMFUZZ_FINDINGS_DIR=name)
        if without:
            environment[f"FORMFUZZ_{without.upper()}"] = "off"
        log = folder / "log"
        with log.open("wb") as output:
            try:
                done = subprocess.run(
                    [*PREFIX, binary, f"-runs={runs}", f"-seed={seed}",
                     f"-timeout={timeout}", *OPTIONS,
                     "-print_final_stats=1",
                     f"-artifact_prefix={name}/"],
                    cwd=folder, env=environment, stdout=output,
                    stderr=subprocess.STDOUT, timeout=KILL_S, check=False)
            except subprocess.TimeoutExpired:
                return None, ("fuzzer", "did not end")
        text = log.read_text(errors="replace")
        counted = re.findall(r"(?:number_of_executed_units:\s*|^#)(\d+)", text,
                             re.MULTILINE)
        executions = max((int(count) for count in counted), default=0)
        found = read_finding(folder)
        if without and not found and (done.returncode != 0 or
                                      executions < runs):
            found = ("fuzzer", f"ended with {done.returncode} after "
                     f"{executions} of {runs} executions")
        return (executions if found else None), found


def is_expected(entry, found):
    kind, validator = found
    if f"{kind}/{validator}" in entry.get("also", []):
        return True
    allowed = entry["validator"]
    if isinstance(allowed, str):
        allowed = [allowed] if allowed else []
    return kind == entry["kind"] and (not allowed or validator in allowed)


def report(entry, results, without=None):
    """Prints one line; returns whether all is as expected."""
    name = name_of(entry)
    executions = [count for count, _ in results]
    seen = sorted({"/".join(found) for _, found in results if found})
    expected = sum(count is not None and is_expected(entry, found)
                   for count, found in results)
    fine = None not in executions and 2 * expected > len(results)
    if entry.get("rare"):
        fine = expected == len(results) - executions.count(None)
    if without:
        fine = not seen
    counts = " ".join("-" if count is None else str(count)
                      for count in executions)
    median = ("-" if None in executions
              else str(int(statistics.median(executions))))
    print(f"{'ok  ' if fine else 'FAIL'} {name:42} median {median:>7}"
          f"  ({counts})  {', '.join(seen) or 'nothing'}", flush=True)
    return fine


def main():
    arguments = parse_arguments()
    entries = json.loads(arguments.manifest.read_text())
    if not arguments.all:
        entries = [entry for entry in entries
                   if entry.get("hunt") != "nightly"]
    needs = arguments.without or arguments.needs
    if needs:
        entries = [entry for entry in entries if entry.get("needs") == needs]
    if arguments.only:
        entries = [entry for entry in entries
                   if re.search(arguments.only, name_of(entry))]
    folder = arguments.binaries.absolute()
    missing = [entry for entry in entries
               if not (folder / name_of(entry)).exists()
               and (arguments.built_only or "target" in entry)]
    for entry in missing:
        print(f"pass {name_of(entry)}: is not built")
    entries = [entry for entry in entries if entry not in missing]
    if not entries:
        sys.exit("no planted defect of that name")
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        hunts = [[pool.submit(
            hunt, folder / name_of(entry), seed,
            max(arguments.runs, entry.get("runs", 0)), timeout_of(entry),
            arguments.without)
                  for seed in range(1, arguments.seeds + 1)]
                 for entry in entries]
        fine = [report(entry, [one.result() for one in each],
                       arguments.without)
                for entry, each in zip(entries, hunts)]
    found = f"not found without {arguments.without}" if arguments.without \
        else "found as expected"
    print(f"{sum(fine)} of {len(fine)} planted defects {found}")
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What docs/findings says of a library is so, and the harness steers around it.

Each scenario of a page is played as it stands there: with the variable set that
takes the ways around away it fails as the page says, without it passes. A
failure here may mean that the library was repaired.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "findings"
FOUND = 77  # the replay binary's


def scenarios_of(page):
    """The indented lines from each that begins with "scenario"."""
    lines = page.read_text().splitlines()
    for first, line in enumerate(lines):
        if not line.startswith("    scenario"):
            continue
        last = first
        while last < len(lines) and lines[last].startswith("    "):
            last += 1
        yield "".join(each[4:].split("   <- ")[0] + "\n"
                      for each in lines[first:last])


def play(replay, played, environment):
    done = subprocess.run([replay, played], env=environment, check=False,
                          capture_output=True, text=True, errors="replace")
    return done.returncode, done.stdout + done.stderr


def check(replay, variable, page, scenario, expected):
    """What is wrong, or nothing."""
    with tempfile.TemporaryDirectory() as name:
        text = pathlib.Path(name) / "scenario.txt"
        played = pathlib.Path(name) / "scenario"
        text.write_text(scenario)
        subprocess.run([replay, "--encode", text, "--out", played], check=True)
        plain = {key: value for key, value in os.environ.items()
                 if key != variable}
        code, output = play(replay, played, plain)
        if code != 0:
            return f"{page}: is not steered around:\n{output}"
        code, output = play(replay, played, {**plain, variable: "on"})
        if code != FOUND or expected not in output:
            return (f"{page}: {expected} is not found, the end is {code}:\n"
                    f"{output}")
    return None


def check_page(replay, variable, page, found):
    expected = found.split("|")
    scenarios = list(scenarios_of(PAGES / page))
    if len(scenarios) != len(expected):
        return [f"{page}: has {len(scenarios)} scenarios, not {len(expected)}"]
    return [check(replay, variable, page, *each)
            for each in zip(scenarios, expected)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replay", type=pathlib.Path, required=True)
    parser.add_argument("--variable", required=True)
    parser.add_argument("pages", nargs="+", metavar="PAGE=FOUND|FOUND...")
    arguments = parser.parse_args()
    wrong = [each for page in arguments.pages
             for each in check_page(arguments.replay.absolute(),
                                    arguments.variable, *page.split("=", 1))
             if each]
    print("\n".join(wrong) or f"{len(arguments.pages)} pages are so")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

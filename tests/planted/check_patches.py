#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the planted defects of a component against its present source.

The one argument is the component, a folder of this one.

Every patch must be listed in manifest.json once, say in a comment what it is,
touch the one source file that the manifest names, and apply there without fuzz
or offset. Nothing outside a temporary folder is written. Exit code 1 lists what
does not hold.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

COMPONENT = sys.argv[1]
FOLDER = pathlib.Path(__file__).resolve().parent / COMPONENT
ROOT = FOLDER.parents[2]
OURS = rf"components/{COMPONENT}/[a-z_0-9/]+\.cc"
KINDS = {"violated", "diverged", "crashed", "hung", "deadlocked"}


def faults_of_entry(entry, text):
    files = re.findall(r"^\+\+\+ b/(.*)$", text, re.MULTILINE)
    if files != [entry["file"]]:
        yield f"touches {files}, not {entry['file']}"
    if not re.fullmatch(OURS, entry["file"]):
        yield "does not touch a .cc file of the component"
    if not text.startswith("# "):
        yield "does not begin with a comment that says what it is"
    if entry["kind"] not in KINDS:
        yield f"has the unknown kind {entry['kind']}"


def applies(entry, patch):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / entry["file"]
        copy.parent.mkdir(parents=True)
        shutil.copy(ROOT / entry["file"], copy)
        before = copy.read_bytes()
        result = subprocess.run(
            ["patch", "-p1", "--fuzz=0", "--input", str(patch)],
            cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode != 0 or "offset" in result.stdout:
            return f"does not apply: {result.stdout.strip()}"
        return None if copy.read_bytes() != before else "changes nothing"


def main():
    entries = json.loads((FOLDER / "manifest.json").read_text())
    listed = sorted(entry["patch"] for entry in entries)
    present = sorted(path.name for path in FOLDER.glob("*.patch"))
    faults = []
    if listed != present:
        odd = set(listed) ^ set(present)
        faults.append(f"manifest.json and folder differ: {sorted(odd)}")
    for entry in entries:
        patch = FOLDER / entry["patch"]
        if not patch.exists():
            continue
        found = list(faults_of_entry(entry, patch.read_text()))
        found += filter(None, [applies(entry, patch)] if not found else [])
        faults += [f"{entry['patch']}: {fault}" for fault in found]
    print("\n".join(faults) if faults else f"{len(present)} patches apply")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

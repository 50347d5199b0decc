#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a profile lacks of what ordinary uses of a program call.

  bench/syscalls/uses.py FORMFUZZ [SECONDS|RUNSr [PROGRAM...]]

Each program is profiled without a word about how it is used, then run as its
users would run it, under strace -f, in a folder with a few files. A row a
program: calls in the profile, calls of the uses, and those that are missing.
Needs strace; programs that are not installed are passed over.
"""

import contextlib
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

from use_table import FILES, USES

CALL = re.compile(r"^(?:\d+\s+)?([a-z0-9_]+)\(", re.M)


def make_files(folder):
    for name, content in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
    os.symlink("x.c", os.path.join(folder, "d/link"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder):
    """The port of the loopback at which the folder's files can be had."""
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def traced(path, uses):
    """Calls, each with the first use that makes it."""
    seen = {}
    with tempfile.TemporaryDirectory() as folder, served(folder) as port:
        work = os.path.join(folder, "work")
        make_files(work)
        make_files(folder)  # what is served
        with open(os.path.join(work, "urls"), "w", encoding="utf-8") as file:
            file.write(f"http://127.0.0.1:{port}/a.txt\n")
        # In place of the program, what traces it.
        wrapper = os.path.join(folder, os.path.basename(path))
        trace = os.path.join(folder, "trace")
        with open(wrapper, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n"
                       f'exec strace -f -qq -o {trace} {path} "$@"\n')
        os.chmod(wrapper, 0o755)
        env = dict(os.environ, HOME=work, PORT=str(port),
                   PATH=f"{folder}:/usr/sbin:/usr/bin:/bin")
        for use in uses:
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(["sh", "-c", use], cwd=work, env=env,
                               timeout=20, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, check=False)
            if not os.path.exists(trace):
                continue
            with open(trace, encoding="utf-8", errors="replace") as file:
                for call in CALL.findall(file.read()):
                    seen.setdefault(call, use)
    return seen


def profiled(formfuzz, path, bound):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "profile.json")
        done = subprocess.run(
            [formfuzz, "profile", *bound, "--no-denials", "--out", out, "--",
             path],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"cannot profile {path}: {done.stderr}")
        with open(out, encoding="utf-8") as file:
            profile = json.load(file)
    return {entry["name"] for entry in profile["entries"]
            if entry["presence"] in ("seen", "implied")}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    length = sys.argv[2] if len(sys.argv) > 2 else "30"
    # By runs, where a machine has other things to do as well.
    bound = (["--runs", length[:-1]] if length.endswith("r")
             else ["--time", f"{length}s"])
    print("| program | profile | uses | missing |\n|---|---|---|---|",
          flush=True)
    for name in sys.argv[3:] or USES:
        path = shutil.which(name, path="/usr/bin:/bin:/usr/sbin")
        if path is None:
            continue
        calls = traced(path, USES[name])
        allowed = profiled(sys.argv[1], path, bound)
        missing = [f"{call} (`{use}`)" for call, use in calls.items()
                   if call not in allowed]
        print(f"| {name} | {len(allowed)} | {len(calls)} | "
              f"{', '.join(missing) or 'none'} |", flush=True)


if __name__ == "__main__":
    main()

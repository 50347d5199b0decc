#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a profile lacks of what ordinary uses of a program call.

  bench/syscalls/uses.py FORMFUZZ [SECONDS [PROGRAM...]]

Each program is profiled without a word about how it is used, then run as its
users would run it, under strace -f, in a folder with a few files. A row a
program: calls in the profile, calls of the uses, and those that are missing.
Needs strace; programs that are not installed are passed over.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

FILES = {
    "a.txt": "alpha\nbeta 2\n\ngamma\n",
    "j.json": '{"a":[1,2,"x"],"b":null}\n',
    "f.jq": ".a\n",
    "p.bc": "1+1\nquit\n",
    "Makefile": "all: x y\nx:\n\techo x > x\ny:\n\tsleep 0\n"
                "clean:\n\trm -f x\n",
    "m.m4": "define(`a',`b')a include(`a.txt')\n",
    "s.py": "import os\nopen('o', 'w').write('x')\nos.remove('o')\n",
    "s.js": "const fs = require('fs'); fs.mkdirSync('n'); fs.rmdirSync('n');\n",
    "known": "host ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==\n",
    "d/x.c": "int x;\n",
}

USES = {
    "bc": ["echo 'scale=50; 4*a(1)' | bc -l", "bc -q p.bc </dev/null"],
    "jq": ["jq . j.json", "cat j.json | jq -c .", "jq -f f.jq j.json",
           "jq . missing", "jq -n 'env.HOME, now|todate'"],
    "m4": ["m4 m.m4", "echo 'syscmd(echo x)esyscmd(date)' | m4",
           "m4 -F frozen m.m4", "echo 'maketemp(fXXXXXX)' | m4"],
    "make": ["make", "make clean", "make -j4 -O all", "make -C d missing"],
    "node": ["node s.js", "node -p 1+1", "echo 'console.log(3)' | node",
             "node -e 'require(\"child_process\").execSync(\"true\")'",
             "node -e 'require(\"http\").createServer(()=>0)"
             ".listen(0,function(){this.close()})'"],
    "python3": ["python3 s.py", "python3 -m json.tool j.json",
                "python3 -c 'import subprocess; subprocess.run([\"true\"])'",
                "python3 -c 'import os; os.fork() or os._exit(0); os.wait()'",
                "python3 -c 'import tempfile; tempfile.TemporaryFile()'"],
    "rsync": ["rsync -a d/ e/", "rsync -av --delete d/ e/", "rsync d/",
              "rsync -a --link-dest=../e d/ h/", "rsync --progress a.txt e2/"],
    "sqlite3": ["sqlite3 x.db 'create table t(a); insert into t values(1);'",
                "sqlite3 x.db .dump", "sqlite3 x.db '.shell true'",
                "sqlite3 x.db 'pragma journal_mode=wal; vacuum;'"],
    "ssh-keygen": ["ssh-keygen -q -t ed25519 -N '' -f k",
                   "ssh-keygen -lf k.pub", "ssh-keygen -R host -f known"],
    "xz": ["xz -k a.txt", "xz -dc a.txt.xz", "xz -l a.txt.xz",
           "xz -T2 -c a.txt"],
}

CALL = re.compile(r"^(?:\d+\s+)?([a-z0-9_]+)\(", re.M)


def make_files(folder):
    for name, content in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
    os.symlink("x.c", os.path.join(folder, "d/link"))


def traced(path, uses):
    """Calls, each with the first use that makes it."""
    seen = {}
    with tempfile.TemporaryDirectory() as folder:
        work = os.path.join(folder, "work")
        make_files(work)
        # In place of the program, what traces it.
        wrapper = os.path.join(folder, os.path.basename(path))
        trace = os.path.join(folder, "trace")
        with open(wrapper, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n"
                       f'exec strace -f -qq -o {trace} {path} "$@"\n')
        os.chmod(wrapper, 0o755)
        env = dict(os.environ, HOME=work, PATH=f"{folder}:/usr/bin:/bin")
        for use in uses:
            subprocess.run(["sh", "-c", use], cwd=work, env=env, timeout=60,
                           stdin=subprocess.DEVNULL, capture_output=True,
                           check=False)
            with open(trace, encoding="utf-8", errors="replace") as file:
                for call in CALL.findall(file.read()):
                    seen.setdefault(call, use)
    return seen


def profiled(formfuzz, path, seconds):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "profile.json")
        done = subprocess.run(
            [formfuzz, "profile", "--time", f"{seconds}s", "--no-denials",
             "--out", out, "--", path],
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
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    print("| program | profile | uses | missing |\n|---|---|---|---|",
          flush=True)
    for name in sys.argv[3:] or USES:
        path = shutil.which(name, path="/usr/bin:/bin")
        if path is None:
            continue
        calls = traced(path, USES[name])
        allowed = profiled(sys.argv[1], path, seconds)
        missing = [f"{call} (`{use}`)" for call, use in calls.items()
                   if call not in allowed]
        print(f"| {name} | {len(allowed)} | {len(calls)} | "
              f"{', '.join(missing) or 'none'} |", flush=True)


if __name__ == "__main__":
    main()

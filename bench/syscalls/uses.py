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
    "x.diff": "--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-alpha\n+omega\n",
    "s.sh": "#!/bin/sh\nfor f in *; do test -f $f && cat $f | wc -l; done\n"
            "mkdir -p n2 && cd n2 && echo x >y && rm y\n",
    "x.xml": "<a><b c='1'>text</b></a>\n",
    "names": "a.txt\nj.json\n",
    "s.pl": "open(F, '>o2'); print F 1; rename 'o2', 'o3'; unlink 'o3';\n",
}

USES = {
    "bash": ["bash s.sh", "bash -c 'echo $(true) | cat >o'", "echo ls | bash",
             "bash -c 'read x <a.txt; [[ -x /bin/sh ]] && wait'",
             "bash -n s.sh",
             "bash -c 'cd d; ulimit -c 0; umask 22; kill -0 $$'",
             "bash missing",
             "bash -c 'trap : TERM; sleep 0 & wait; exec true'",
             "bash --version",
             "bash -c 'cat <<<x; cat <(echo y); printf %s {1..3}'"],
    "bc": ["echo 'scale=50; 4*a(1)' | bc -l", "bc -q p.bc </dev/null"],
    "chmod": ["chmod 600 a.txt", "chmod -R u+w,go-w d", "chmod +x missing",
              "chmod --reference=a.txt j.json", "chmod -c -R 755 d"],
    "cmp": ["cmp a.txt a.txt", "cmp a.txt j.json", "cmp -l a.txt j.json",
            "cmp -s a.txt missing", "cmp a.txt - <a.txt",
            "cmp -n 3 a.txt j.json",
            "cmp -i 1:2 a.txt j.json", "cmp d a.txt", "cmp -b a.txt j.json"],
    "comm": ["comm a.txt j.json", "comm -12 a.txt a.txt", "comm a.txt missing",
             "comm - a.txt <j.json", "comm --check-order j.json a.txt",
             "comm --total a.txt a.txt", "comm d a.txt", "comm -z a.txt a.txt"],
    "curl": ["curl http://127.0.0.1:$PORT/a.txt", "curl -sI 127.0.0.1:$PORT/",
             "curl -o o http://127.0.0.1:$PORT/a.txt",
             "curl file:///etc/passwd",
             "curl -d x=1 http://localhost:$PORT/", "curl http://127.0.0.1:1/",
             "curl -L -O http://127.0.0.1:$PORT/j.json", "curl --version",
             "curl -v -H 'A: b' -u u:p http://127.0.0.1:$PORT/missing",
             "curl -T a.txt http://127.0.0.1:$PORT/u",
             "curl http://no.invalid/"],
    "dash": ["dash s.sh", "dash -c 'echo $(true) | cat >o'", "echo ls | dash",
             "dash -c 'read x <a.txt; test -x /bin/sh; wait'", "dash -n s.sh",
             "dash -c 'cd d; ulimit -c 0; umask 22; kill -0 $$'",
             "dash missing",
             "dash -c 'trap : TERM; sleep 0 & wait; exec true'",
             "dash -x s.sh"],
    "dd": ["dd if=a.txt of=o bs=1", "dd if=/dev/zero of=z bs=4k count=8 "
           "conv=fsync", "dd if=a.txt of=o seek=3 conv=notrunc status=none",
           "echo x | dd of=o oflag=append conv=notrunc",
           "dd if=a.txt of=o iflag=direct bs=512", "dd if=missing",
           "dd if=z of=s conv=sparse bs=4k skip=1"],
    "diff": ["diff a.txt j.json", "diff -u a.txt f.jq", "diff -r d .",
             "diff a.txt - </dev/null", "diff -q a.txt a.txt",
             "diff --color=always -y a.txt f.jq", "diff a.txt missing"],
    "env": ["env", "env -i PATH=/bin true", "env A=1 sh -c 'echo $A'",
            "env -u HOME true", "env -S 'true x'", "env -C d pwd",
            "env missing-program", "env --ignore-signal=INT true"],
    "file": ["file a.txt", "file -b --mime-type j.json", "file -f names",
             "file -z a.txt", "file /bin/true", "file d", "file -L d/link",
             "file missing", "file - <a.txt", "file -s /dev/null",
             "file -k a.txt"],
    "free": ["free", "free -h", "free -m -t", "free -s 0.1 -c 2",
             "free --wide"],
    "git": ["git init r", "git -C r status", "touch r/f && git -C r add f",
            "git -C r -c user.name=n -c user.email=e commit -qm m",
            "git -C r log -p", "git -C r diff HEAD", "git clone -q r c",
            "git -C c branch b", "git -C c checkout -q b", "git -C c gc -q",
            "git -C c stash list", "git -C c grep x", "git -C r tag v1"],
    "gpg": ["gpg --version", "gpg --list-keys", "gpg --store a.txt",
            "gpg --batch --passphrase p -c j.json", "gpg --list-packets "
            "a.txt.gpg", "gpg --print-md sha256 a.txt", "gpg --gen-random 1 8",
            "gpg --batch -d a.txt.gpg", "gpg --enarmor <a.txt"],
    "hostname": ["hostname", "hostname -f", "hostname -i", "hostname -I",
                 "hostname -s", "hostname -d", "hostname -A"],
    "id": ["id", "id -u", "id -Gn root", "id nobody", "id nosuchuser"],
    "install": ["install a.txt o", "install -m 600 a.txt o", "install -d n/m",
                "install -D a.txt k/l/o", "install -b a.txt o",
                "install -C a.txt o", "install -t d a.txt j.json",
                "install -s /bin/true t", "install -o 0 -g 0 a.txt o"],
    "ip": ["ip addr", "ip -br link", "ip route", "ip -s link show lo",
           "ip -j addr show dev lo", "ip rule", "ip neigh", "ip netns list",
           "ip -6 route", "ip route get 127.0.0.1", "ip link show missing"],
    "join": ["join a.txt a.txt", "join -t: a.txt j.json", "join a.txt missing",
             "join - a.txt <j.json", "join -v 1 a.txt j.json",
             "join -a1 a.txt d",
             "join -1 1 -2 2 a.txt a.txt", "join --check-order j.json a.txt"],
    "jq": ["jq . j.json", "cat j.json | jq -c .", "jq -f f.jq j.json",
           "jq . missing", "jq -n 'env.HOME, now|todate'",
           "jq --arg a b -n '$a'", "jq -r '.a[]' j.json", "jq -s . j.json",
           "jq --slurpfile x j.json -n '$x'", "jq -e .b j.json"],
    "less": ["less a.txt | cat", "less -N a.txt j.json | cat", "less <a.txt",
             "cat a.txt | less -S | cat", "less missing | cat", "less -V",
             "less -F a.txt | cat", "less d | cat", "less +/beta a.txt | cat"],
    "ln": ["ln -s a.txt l", "ln a.txt h", "ln -sf j.json l", "ln -sr a.txt d/r",
           "ln -s a.txt l", "ln -b -s a.txt l", "ln -t d -s ../a.txt",
           "ln missing x", "ln -sT d e"],
    "m4": ["m4 m.m4", "echo 'syscmd(echo x)esyscmd(date)' | m4",
           "m4 -F frozen m.m4", "echo 'maketemp(fXXXXXX)' | m4"],
    "make": ["make", "make clean", "make -j4 -O all", "make -C d missing"],
    "mawk": ["mawk '{print $1}' a.txt", "mawk 'BEGIN{system(\"true\")}'",
             "mawk '{print | \"sort\"}' a.txt", "mawk -F: '{print $1}' /etc/"
             "passwd", "mawk 'BEGIN{while((\"date\" | getline x)>0) print x}'",
             "mawk '{print > \"o\"}' a.txt",
             "mawk 'BEGIN{srand();print rand()}'",
             "echo 1 | mawk '{s+=$1} END{print s}'", "mawk -f missing"],
    "nice": ["nice", "nice true", "nice -n 5 ls", "nice -n -5 true",
             "nice missing-program"],
    "node": ["node s.js", "node -p 1+1", "echo 'console.log(3)' | node",
             "node -e 'require(\"child_process\").execSync(\"true\")'",
             "node -e 'require(\"http\").createServer(()=>0)"
             ".listen(0,function(){this.close()})'"],
    "od": ["od a.txt", "od -c a.txt", "od -An -tx1 -N4 /dev/urandom",
           "echo x | od", "od -j3 a.txt", "od -S 3 a.txt", "od a.txt missing"],
    "openssl": ["openssl dgst -sha256 a.txt", "openssl rand -hex 8",
                "openssl enc -aes-256-cbc -pbkdf2 -k p -in a.txt -out o.enc",
                "openssl enc -d -aes-256-cbc -pbkdf2 -k p -in o.enc",
                "openssl genrsa -out k.pem 2048", "openssl rsa -in k.pem -text",
                "openssl req -x509 -key k.pem -subj /CN=x -out c.pem",
                "openssl x509 -in c.pem -text", "openssl verify c.pem",
                "openssl speed -seconds 1 md5", "openssl version -a",
                "openssl s_client -connect 127.0.0.1:1 </dev/null",
                "openssl passwd -6 x", "openssl base64 <a.txt"],
    "patch": ["patch -p0 <x.diff", "patch -R -p0 <x.diff", "patch a.txt x.diff",
              "patch --dry-run -p0 -i x.diff", "patch -b -p0 -i x.diff",
              "patch -o o -i x.diff a.txt", "patch -p0 -i missing",
              "echo junk | patch"],
    "perl": ["perl s.pl", "perl -ne 'print if /a/' a.txt", "perl -e 'fork'",
             "perl -e 'system(\"true\")'", "perl -pi.bak -e 's/a/b/' a.txt",
             "perl -MIO::Socket -e 'IO::Socket::INET->new(Listen=>1)'",
             "perl -MFile::Temp -e 'File::Temp->new'", "perl -v",
             "perl -e 'opendir(D,\".\"); print readdir D; sleep 0'",
             "perl -e '$SIG{ALRM}=sub{}; alarm 1; print `date`'"],
    "ps": ["ps", "ps aux", "ps -ef --forest", "ps -o pid,comm -p 1",
           "ps -C sh", "ps -eLf", "ps -u root", "ps --sort=-rss -eo rss",
           "ps -t pts/0", "ps axms"],
    "python3": ["python3 s.py", "python3 -m json.tool j.json",
                "python3 -c 'import subprocess; subprocess.run([\"true\"])'",
                "python3 -c 'import os; os.fork() or os._exit(0); os.wait()'",
                "python3 -c 'import tempfile; tempfile.TemporaryFile()'"],
    "rsync": ["rsync -a d/ e/", "rsync -av --delete d/ e/", "rsync d/",
              "rsync -a --link-dest=../e d/ h/", "rsync --progress a.txt e2/",
              "rsync -az --files-from=names . f/", "rsync -aX d/ x/",
              "rsync -aS --inplace a.txt e2/", "rsync -n -a d/ missing/x/y"],
    "split": ["split a.txt", "split -b 3 a.txt p", "split -n 2 a.txt",
              "split -l 1 --filter='cat >$FILE.c' a.txt", "split - </dev/null",
              "split -d -a 3 -l 2 a.txt q", "split missing"],
    "sqlite3": ["sqlite3 x.db 'create table t(a); insert into t values(1);'",
                "sqlite3 x.db .dump", "sqlite3 x.db '.shell true'",
                "sqlite3 x.db 'pragma journal_mode=wal; vacuum;'",
                "echo 'select * from t;' | sqlite3 x.db",
                "sqlite3 x.db '.backup y.db'", "sqlite3 x.db '.import a.txt t'",
                "sqlite3 x.db '.output o' 'select 1'", "sqlite3 :memory: .help",
                "sqlite3 -csv -header x.db 'select * from t'"],
    "ss": ["ss", "ss -tln", "ss -tanp", "ss -s", "ss -x", "ss -u -a",
           "ss -o state established", "ss -i", "ss 'sport = :80'", "ss -4 -m"],
    "ssh-keygen": ["ssh-keygen -q -t ed25519 -N '' -f k",
                   "ssh-keygen -lf k.pub", "ssh-keygen -R host -f known",
                   "ssh-keygen -y -f k", "ssh-keygen -p -N p -f k",
                   "ssh-keygen -Y sign -f k -P p -n file a.txt",
                   "ssh-keygen -e -f k.pub", "ssh-keygen -H -f known",
                   "ssh-keygen -q -t rsa -b 2048 -N '' -f k2"],
    "tee": ["echo x | tee o", "echo x | tee -a o p", "tee </dev/null",
            "echo x | tee d", "echo x | tee -i o | true",
            "echo x | tee -p /dev/full"],
    "timeout": ["timeout 5 true", "timeout 0.1 sleep 9",
                "timeout -k 0.1 0.1 sleep 9", "timeout -s INT 0.1 sleep 9",
                "timeout --foreground 0.1 sleep 9", "timeout 5 missing",
                "timeout --preserve-status 0.1 sleep 9"],
    "top": ["top -b -n 1", "top -b -n 2 -d 0.1", "top -b -n1 -p 1",
            "top -b -n1 -H", "top -b -n1 -u root", "top -b -n1 -o %MEM",
            "top -v", "top -b -n1 -c -w 200"],
    "touch": ["touch n", "touch -d yesterday a.txt", "touch -r a.txt n",
              "touch -c missing", "touch -a n", "touch -h d/link",
              "touch -t 202001020304 n", "touch d", "touch - >o"],
    "unzip": ["zip -qr q.zip a.txt d; unzip -o q.zip -d u", "unzip -l q.zip",
              "unzip -p q.zip a.txt", "unzip -t q.zip", "unzip missing",
              "unzip -oq q.zip -d u2", "unzip -o q.zip d/x.c",
              "echo n | unzip q.zip", "unzip -Z q.zip"],
    "wget": ["wget -q http://127.0.0.1:$PORT/a.txt", "wget -c -i urls",
             "wget -O o http://127.0.0.1:$PORT/j.json",
             "wget http://no.invalid/",
             "wget -r -l1 http://127.0.0.1:$PORT/",
             "wget http://127.0.0.1:1/ -t1",
             "wget --spider http://localhost:$PORT/a.txt", "wget --version",
             "wget -N http://127.0.0.1:$PORT/a.txt", "wget -b missing",
             "wget --post-data=x=1 http://127.0.0.1:$PORT/ -O o2"],
    "xargs": ["echo a b | xargs", "xargs -a names cat", "echo a | xargs -I{} "
              "echo {}", "xargs -P2 -n1 echo <names", "xargs -0 true <names",
              "echo x | xargs false", "xargs -r true </dev/null",
              "echo x | xargs missing-program", "echo a | xargs -t echo"],
    "xmllint": ["xmllint x.xml", "xmllint --format x.xml -o o",
                "xmllint j.json",
                "xmllint --noout x.xml", "xmllint --xpath //b x.xml",
                "xmllint - <x.xml", "xmllint --html a.txt", "xmllint missing",
                "xmllint --valid x.xml",
                "echo 'cat /a' | xmllint --shell x.xml"],
    "xz": ["xz -k a.txt", "xz -dc a.txt.xz", "xz -l a.txt.xz",
           "xz -T2 -c a.txt", "xz -t a.txt.xz", "xz -9e -kf a.txt",
           "xz -dkf a.txt.xz", "xz <a.txt", "xz -d junk", "xz -k d",
           "xz --format=lzma -kc a.txt"],
    "zip": ["zip q.zip a.txt", "zip -r q.zip d", "zip -d q.zip a.txt",
            "zip -u q.zip a.txt", "zip - a.txt", "zip -T q.zip",
            "zip -m q2.zip f.jq", "zip -e -P p s.zip a.txt",
            "echo a.txt | zip q3.zip -@", "zip -s 64k -r q4.zip d",
            "zip -y q5.zip d/link", "zip q.zip missing"],
}

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

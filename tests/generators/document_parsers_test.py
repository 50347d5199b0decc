#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Documents of the generators, read by parsers that nobody here wrote.

The one argument is the program that prints them. Whatever does not lie is
read; whatever says that it does not end, or has something behind its end, is
refused; most documents are right. YAML is read where PyYAML is there.
"""
import collections
import configparser
import http.server
import io
import json
import re
import subprocess
import sys
import tomllib

try:
    import yaml
except ImportError:
    yaml = None

NONE, KEY_TWICE, UNCLOSED, NO_SEPARATOR, NOT_UTF8, TRAILING, DEEP = range(7)
BY_LENGTH, CHUNKED, NO_BODY = range(3)


def read_ini(text):
    reader = configparser.RawConfigParser()
    reader.read_string(text)
    return {name: dict(reader[name]) for name in reader.sections()}


READERS = {
    "json": json.loads,
    "toml": tomllib.loads,
    "ini": read_ini,
    "yaml": yaml.safe_load if yaml else None,
}
# Lies that the format does not forbid, or that had no room in some documents.
MAY_PASS = {
    "json": {KEY_TWICE, NO_SEPARATOR, NOT_UTF8, DEEP},
    "toml": {KEY_TWICE, UNCLOSED, NO_SEPARATOR, NOT_UTF8, DEEP},
    "ini": {KEY_TWICE, UNCLOSED, NO_SEPARATOR, NOT_UTF8, DEEP, TRAILING},
    "yaml": {KEY_TWICE, UNCLOSED, NO_SEPARATOR, NOT_UTF8, DEEP},
}


def is_read(reader, raw):
    try:
        reader(raw.decode("utf-8"))
    except (ValueError, configparser.Error, RecursionError):
        return False
    except Exception as error:  # PyYAML's are not of one family
        if yaml is None or not isinstance(error, yaml.YAMLError):
            raise
        return False
    return True


class Request(http.server.BaseHTTPRequestHandler):
    """Reads one request without a socket."""

    def __init__(self, raw):  # pylint: disable=super-init-not-called
        self.rfile = io.BytesIO(raw)
        self.wfile = io.BytesIO()
        self.raw_requestline = self.rfile.readline(65537)
        self.client_address = ("", 0)
        self.error = None

    def send_error(self, code, message=None, explain=None):
        self.error = code

    def log_message(self, format, *args):
        pass


def ought_to_be_right(lie, raw):
    """No lie, a method, a target, and headers with names and plain values."""
    line, body = divmod(lie, 16)
    head = raw.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    words = head[0].split(" ")
    own = [header for header in head[1:]
           if not header.startswith(("Content-Length:", "Transfer-Encoding:"))]
    return (line == 0 and body in (BY_LENGTH, CHUNKED, NO_BODY) and
            len(words) == 3 and all(words) and
            all(re.fullmatch("[A-Za-z-]+: [ -~]*", header) for header in own)
            and not any(header.startswith("content-length") for header in own))


def http_fault(lie, raw):
    """What is wrong with a request that ought to be right, or nothing."""
    body = lie % 16
    method = raw.split(b" ", 1)[0].decode("latin-1")
    request = Request(raw)
    if not request.parse_request():
        return f"refused with {request.error}"
    if request.command != method:
        return f"the method is read as {request.command}"
    rest = request.rfile.read()
    lengths = request.headers.get_all("content-length") or []
    if body == BY_LENGTH and lengths != [str(len(rest))]:
        return f"{len(rest)} bytes follow, the lengths are {lengths}"
    if body == CHUNKED and not rest.endswith(b"0\r\n\r\n"):
        return "the last chunk is missing"
    return None


def main():
    printed = subprocess.run(sys.argv[1:2], check=True, capture_output=True)
    wrong = []
    count = collections.Counter()
    for line in printed.stdout.decode().splitlines():
        kind, lie, text = (line.split(" ") + [""])[:3]
        lie, raw = int(lie), bytes.fromhex(text)
        count[kind, "all"] += 1
        if kind == "http":
            right = ought_to_be_right(lie, raw)
            count[kind, "right"] += right
            fault = http_fault(lie, raw) if right else None
            if fault:
                wrong.append(f"http {lie}: {fault}: {raw!r}")
            continue
        count[kind, "right"] += lie == NONE
        if READERS[kind] is None:
            continue
        read = is_read(READERS[kind], raw)
        count[kind, "read"] += read
        if read != (lie == NONE) and lie not in MAY_PASS[kind]:
            wrong.append(f"{kind}, lie {lie}: read is {read}: {raw!r}")
        count[kind, lie, "refused"] += not read
    for kind in [*READERS, "http"]:
        share = count[kind, "right"] / count[kind, "all"]
        print(f"{kind}: {count[kind, 'all']} documents, {share:.0%} right, "
              f"{count[kind, 'read']} read")
        if not (0.12 if kind == "http" else 0.3) < share < 0.7:
            wrong.append(f"{kind}: {share:.0%} are right")
    # A lie that is never seen by any parser is none.
    for kind, lie in [("ini", KEY_TWICE), ("toml", KEY_TWICE),
                      ("toml", UNCLOSED), ("json", NO_SEPARATOR),
                      ("ini", NO_SEPARATOR), ("json", NOT_UTF8),
                      ("ini", UNCLOSED)]:
        if count[kind, lie, "refused"] == 0:
            wrong.append(f"{kind}: lie {lie} is always read")
    print("\n".join(wrong[:20]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""What every check shares: the files of a work tree, their code without
comments, and how violations are printed.

The tree is what git tracks or would track: build folders and the work folder
are ignored by name, everything in .gitignore by git.
"""

import argparse
import dataclasses
import functools
import os
import re
import subprocess
import sys

CXX_SUFFIXES = (".h", ".cc")
SCRIPT_SUFFIXES = (".py", ".sh", ".cmake")
_IGNORED = re.compile(r"(build[^/]*|\.formfuzz)/")

# A token that may hide a brace, a quote or a name from the checks.
_HIDDEN = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r'|R"([^(\s]*)\(.*?\)\1"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)
_INCLUDE_HEAD = re.compile(r"\s*#\s*include\s*$")


@dataclasses.dataclass(frozen=True, order=True)
class Violation:
    path: str  # A file, a folder, or "" for the tree as a whole.
    line: int
    rule: str
    message: str

    def __str__(self):
        place = f"{self.path}:{self.line}" if self.line else self.path or "."
        return f"{place}: {self.rule}: {self.message}"


class Tree:
    """The files of one work tree. Texts are read once and kept."""

    def __init__(self, root):
        self.root = root
        names = self.git("ls-files", "-z", "--cached", "--others",
                         "--exclude-standard").split("\0")
        self.files = sorted({
            name for name in names
            if name and not _IGNORED.match(name)
            and os.path.isfile(os.path.join(root, name))})

    def git(self, *arguments):
        return subprocess.run(
            ["git", "-C", self.root, *arguments], check=True,
            capture_output=True, encoding="utf-8", errors="replace").stdout

    def cxx(self):
        return [name for name in self.files if name.endswith(CXX_SUFFIXES)]

    def scripts(self):
        return [name for name in self.files if self.is_script(name)]

    def is_script(self, name):
        if name.endswith(SCRIPT_SUFFIXES):
            return True
        base = os.path.basename(name)
        if base == "CMakeLists.txt":
            return True
        return "." not in base.lstrip(".") and self.text(name).startswith("#!")

    @functools.lru_cache(maxsize=None)
    def text(self, name):
        """The file as text, or "" if it is not text."""
        with open(os.path.join(self.root, name), "rb") as file:
            content = file.read()
        if b"\0" in content:
            return ""
        return content.decode("utf-8", errors="replace")

    @functools.lru_cache(maxsize=None)
    def code(self, name):
        """C++ without comments and the contents of literals; lines stay."""
        return clean(self.text(name))

    def quoting(self, name):
        """C++ without comments, literals kept; lines stay."""
        return clean(self.text(name), keep_literals=True)


def clean(text, keep_literals=False):
    def blank(match):
        token = match.group()
        newlines = "\n" * token.count("\n")
        if token.startswith("/"):
            return " " + newlines
        if keep_literals:
            return token
        line_head = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
        if _INCLUDE_HEAD.match(line_head):
            return token
        return token[-1] * 2 + newlines

    return _HIDDEN.sub(blank, text)


def line_at(text, position):
    return text.count("\n", 0, position) + 1


def _staged(tree):
    names = tree.git("diff", "--cached", "--name-only", "-z").split("\0")
    return {name for name in names if name}


def _touches(violation, staged):
    """Whether a commit of `staged` can be held to account for `violation`."""
    folder = violation.path + "/" if violation.path else ""
    return violation.path in staged or any(
        name.startswith(folder) for name in staged if not violation.line)


def main(description, check):
    """Runs check(tree) -> [Violation] as a program: exit 0 clean, 1 not."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", default=".", help="the work tree")
    parser.add_argument("--staged", action="store_true",
                        help="tell only of what the next commit changes")
    options = parser.parse_args()
    try:
        tree = Tree(options.root)
        violations = set(check(tree))
        if options.staged:
            staged = _staged(tree)
            violations = {v for v in violations if _touches(v, staged)}
    except subprocess.CalledProcessError as error:
        sys.exit(f"cannot read the work tree: {error.stderr.strip()}")
    for violation in sorted(violations):
        print(violation)
    sys.exit(1 if violations else 0)

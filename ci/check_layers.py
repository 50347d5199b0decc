#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds includes and choke points to framework/layers.txt."""

import fnmatch
import re

import check_tree
from check_tree import Violation, line_at

RULES = "framework/layers.txt"
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)


def below(name, path):
    return (path == "*" or name == path or name.startswith(path + "/")
            or ("*" in path and fnmatch.fnmatchcase(name, path)))


class Rules:
    """The parsed layers.txt; whatever it cannot read is in `violations`."""

    def __init__(self, text):
        self.sees = {}
        self.chokes = []
        self.violations = []
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                self._read(number, line.split())
        self._refuse_cycles()

    def _read(self, number, words):
        if words[0] == "layer" and words[2:3] == ["sees"]:
            self.sees[words[1]] = words[3:]
        elif words[0] == "only" and {"may", "quotes"} & set(words):
            at = next(i for i, w in enumerate(words) if w in ("may", "quotes"))
            self.chokes.append((words[1:at], words[at] == "quotes",
                                re.compile(" ".join(words[at + 1:]))))
        else:
            self._refuse(number, "neither 'layer PATH sees PATH...' nor "
                                 "'only PATH... may|quotes REGEX'")

    def _refuse(self, number, message):
        self.violations.append(Violation(RULES, number, "layers", message))

    def _refuse_cycles(self):
        edges = {
            layer: [other for other in self.sees
                    if other != layer and any(below(other, path)
                                              for path in seen if path != "*")]
            for layer, seen in self.sees.items()}
        for cycle in cycles(edges):
            self._refuse(0, "the layers see each other: " + " > ".join(cycle))

    def layer(self, name):
        """The layer of a file as (its folder, what it sees), or None."""
        best = None
        for path, seen in self.sees.items():
            depth = path.count("/") + 1
            folder = "/".join(name.split("/")[:depth])
            fits = below(folder, path) and (best is None
                                            or len(folder) > len(best[0]))
            if fits:
                best = (folder, seen)
        return best

    def allows(self, name, target):
        folder, seen = self.layer(name)
        return below(target, folder) or any(below(target, p) for p in seen)


def cycles(edges):
    """One witness for each cycle met by depth-first search."""
    done, found = set(), []

    def visit(node, path):
        if node in path:
            found.append(path[path.index(node):] + [node])
        elif node not in done:
            for following in edges.get(node, ()):
                visit(following, path + [node])
            done.add(node)

    for node in sorted(edges):
        visit(node, [])
    return found


def includes(tree, name):
    code = tree.code(name)
    for match in _INCLUDE.finditer(code):
        yield line_at(code, match.start(1)), match.group(1)


def check_include(tree, rules, name, line, target):
    """None, or why `name` may not include `target`."""
    ours = target.split("/")[0] in {path.split("/")[0] for path in rules.sees}
    sibling = name.rpartition("/")[0] + "/" + target
    if not ours:
        if sibling in tree.files:
            return f"write \"{sibling}\", from the root"
        return None
    if target not in tree.files:
        return f"no such file: {target}"
    if not rules.allows(name, target):
        folder, seen = rules.layer(name)
        return (f"{folder} does not see {target}; it sees "
                + (", ".join(seen) or "nothing"))
    return None


def check_layers(tree, rules):
    edges = {}
    for name in tree.cxx():
        if rules.layer(name) is None:
            yield Violation(name, 0, "layers", "in no layer of " + RULES)
            continue
        edges[name] = []
        for line, target in includes(tree, name):
            edges[name].append(target)
            why = check_include(tree, rules, name, line, target)
            if why:
                yield Violation(name, line, "layers", why)
    for cycle in cycles(edges):
        yield Violation(cycle[0], 0, "include-cycle", " > ".join(cycle))


def check_chokes(tree, rules):
    for homes, quoted, power in rules.chokes:
        for name in tree.cxx():
            if any(below(name, home) for home in homes):
                continue
            code = tree.quoting(name) if quoted else tree.code(name)
            for match in power.finditer(code):
                yield Violation(
                    name, line_at(code, match.start()), "choke-point",
                    f"'{match.group().strip()}' belongs in " + ", ".join(homes))


def check(tree):
    rules = Rules(tree.text(RULES) if RULES in tree.files else "")
    return [*rules.violations, *check_layers(tree, rules),
            *check_chokes(tree, rules)]


if __name__ == "__main__":
    check_tree.main(__doc__, check)

# SPDX-License-Identifier: Apache-2.0
"""Finds the functions of a C++ file and measures them.

Not a parser: it follows braces and looks at what stands before each one. That
is exact on code that clang-format has laid out and that keeps braces balanced
in every branch of the preprocessor; what it cannot balance it reports.
"""

import dataclasses
import re

from check_tree import line_at

_PUNCTUATION = re.compile(r"[(){};]")
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
_LABEL = re.compile(
    r"\s*(?:(?:case\b[^:;]*(?:::[^:;]*)*|default|public|private|protected)"
    r"\s*:(?!:)\s*)+")
# What carries parentheses or brackets and yet says nothing of the kind.
_ATTRIBUTE = re.compile(
    r"\[\[.*?\]\]|\b(?:alignas|requires)\s*\((?:[^()]|\([^()]*\))*\)",
    re.DOTALL)
_TYPE = re.compile(
    r"(?:template\b.*>\s*)?(?:requires\b.*\s)?"
    r"(?:(?:typedef|static|inline|constexpr)\s+)*"
    r"(?:namespace|class|struct|union|enum|extern\s+\"\")\b", re.DOTALL)
_CONTROL = re.compile(
    r"(?:else\s*$|do\s*$|try\s*$|(?:else\s+)?(?:if|for|while|switch|catch)\b"
    r".*\)\s*$)", re.DOTALL)
_LAMBDA = re.compile(
    r"\]\s*(?:<[^<>]*>\s*)?(?:\((?:[^()]|\([^()]*\))*\))?"
    r"\s*(?:(?:mutable|constexpr|noexcept)\s*)*(?:->[^(){};]*)?$")
_NAME = re.compile(r"(operator\s*(?:\(\)|\[\]|[^\s(\w]+|\w+)|~?[A-Za-z_]\w*)"
                   r"\s*\(")
_NOT_A_NAME = {"decltype", "noexcept", "requires", "alignas", "explicit",
               "__attribute__"}
_QUALIFIER_END = re.compile(r"(?:\)|&|\b(?:const|noexcept|override|final|try))"
                            r"\s*$")


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    line: int
    lines: int
    parameters: int
    nesting: int


@dataclasses.dataclass
class _Brace:
    kind: str  # type, function, control, lambda or other
    start: int  # Where what introduces it begins.
    parens: int  # How many were open around it.
    nesting: int  # Control blocks around its content, in its function.
    deepest: int = 0


class Unbalanced(Exception):
    """Braces do not pair up the way this reader sees them."""


def functions(code):
    """The functions defined in `code`, which check_tree.clean has cleaned."""
    code = _DIRECTIVE.sub(
        lambda match: "\n" * match.group().count("\n"), code)
    return list(_Reader(code).read())


class _Reader:
    def __init__(self, code):
        self.code = code
        self.open = [_Brace("type", 0, 0, 0)]
        self.parens = 0
        self.head = 0

    def read(self):
        for match in _PUNCTUATION.finditer(self.code):
            mark, at = match.group(), match.start()
            if mark == "(":
                self.parens += 1
            elif mark == ")":
                self.parens -= 1
            elif mark == ";" and self.parens == 0:
                self.head = at + 1
            elif mark == "{":
                self._enter(at)
            elif mark == "}":
                yield from self._leave(at)
        if len(self.open) != 1:
            raise Unbalanced(line_at(self.code, self.open[-1].start))

    def _enter(self, at):
        head = self.code[self.head:at]
        kind = _kind(head, self.parens, self.open[-1].kind)
        nesting = self.open[-1].nesting + (kind == "control")
        if kind in ("function", "type", "lambda"):
            nesting = 0
        self.open.append(_Brace(kind, self.head, self.parens, nesting, nesting))
        self.parens = 0
        self.head = at + 1

    def _leave(self, at):
        brace = self.open.pop()
        if not self.open:
            raise Unbalanced(line_at(self.code, at))
        self.parens = brace.parens
        expression = brace.kind in ("other", "lambda")
        self.head = brace.start if expression else at + 1
        if brace.kind == "function":
            yield self._measured(brace, at)
        elif brace.kind != "type":
            around = self.open[-1]
            around.deepest = max(around.deepest, brace.deepest)

    def _measured(self, brace, at):
        text = self.code[brace.start:at]
        begin = brace.start + len(text) - len(text.lstrip())
        line = line_at(self.code, begin)
        name, parameters = _signature(_plain(text))
        lines = line_at(self.code, at) - line + 1
        return Function(name, line, lines, parameters, brace.deepest)


def _plain(head):
    return _ATTRIBUTE.sub("", _LABEL.sub("", head, count=1)).strip()


def _kind(head, parens, around):
    head = _plain(head)
    if _LAMBDA.search(head) and "operator" not in head.split("(")[0]:
        return "lambda"
    if parens > 0:
        return "other"
    if around != "type":
        # A block of its own introduces nothing, and so does `case X: {`.
        return "control" if _CONTROL.match(head) else (
            "type" if _TYPE.match(head) else "block" if not head else "other")
    if _TYPE.match(head) and not (_is_function(head)
                                  and _QUALIFIER_END.search(head)):
        return "type"
    return "function" if _is_function(head) else "other"


def _is_function(head):
    bare = re.sub(r"operator\s*(?:\(\)|[^\s(\w]+)", "operator", head)
    if "(" not in bare or re.search(r"(?<![=!<>])=(?!=)\s*$", bare):
        return False
    after = bare[bare.rfind(")") + 1:]
    initialisers = re.search(r"\)\s*(?:noexcept\s*)?:(?!:)", bare)
    if initialisers and not _QUALIFIER_END.search(bare):
        return bare.endswith("}")
    return not re.search(r"(?<![=!<>-])=(?!=)", after)


def _signature(text):
    """Name and number of parameters of the function that begins `text`."""
    for match in _NAME.finditer(text):
        if match.group(1) not in _NOT_A_NAME:
            return match.group(1), _count_parameters(text, match.end())
    return "", 0


def _count_parameters(text, begin):
    depth, commas, seen = 0, 0, False
    for at in range(begin, len(text)):
        mark = text[at]
        if mark == ")" and depth == 0:
            break
        depth += (mark in "([{<") - (mark in ")]}>" and text[at - 1] != "-")
        commas += mark == "," and depth == 0
        seen = seen or not mark.isspace()
    return commas + 1 if seen else 0

# SPDX-License-Identifier: Apache-2.0
"""Which part of a target its processor time goes to, as perf sees it.

A sample belongs to the innermost function on its stack that is somebody's: a
standard or Abseil function counts for whoever called it; an allocation, a
sanitizer's check and the callbacks of coverage count for themselves.
"""

import collections
import os
import re
import shutil
import subprocess
import tempfile

from rates import SCRATCH, on_one_core

# First match wins; None: look at the caller.
_PARTS = [
    ("allocator and sanitizers", re.compile(
        r"(__asan|__ubsan|__sanitizer_(?!cov)|__interceptor|___interceptor|"
        r"__lsan|operator (new|delete)|_?_?(libc_)?(malloc|calloc|realloc|"
        r"free|cfree)\b|_int_(malloc|free)|malloc_consolidate|unlink_chunk|"
        r"tcache_|.*sanitizer::)")),
    ("coverage callbacks", re.compile(r"__sanitizer_(cov|weak_hook)|"
                                      r"fuzzer::TracePC::(Handle|AddValue)")),
    ("libFuzzer", re.compile(r"(fuzzer::|.* fuzzer::|LLVMFuzzerMutate)")),
    (None, re.compile(r"(std::|void std::|bool std::|absl::|.* absl::|"
                      r"__gnu_cxx|\[unknown\]|_?_?mem|bcmp|__memset)")),
    ("component", re.compile(r"[^(<]*\bvm_manager::")),
    ("mocks and harness", re.compile(
        r"[^(<]*formfuzz::(\(anonymous namespace\)::)?"
        r"(Mock|Vm|Sealer|Seal|DigestOf|Adjustable|Actor|Furnish|PriceOf|"
        r"ToCreate|ToShape|Affords|IdOf|MakeParts|ModelVm|OutcomeOf|Has)")),
    ("framework", re.compile(r"([^(<]*formfuzz::|LLVMFuzzer)")),
]
_OTHER = "kernel, loader and C library"


def _part_of(frames):
    for frame in frames:
        for part, pattern in _PARTS:
            if pattern.match(frame):
                if part:
                    return part
                break
    return _OTHER


def _stacks(text):
    for block in text.split("\n\n"):
        lines = (line.strip().partition(" ")[2] for line in block.splitlines())
        frames = [line for line in lines if line]
        if frames:
            yield frames


def measure(binary, flags, seeds):
    """Pairs (part, share), largest first; none if perf cannot be used."""
    if not shutil.which("perf"):
        return []
    with tempfile.TemporaryDirectory(dir=SCRATCH) as scratch:
        trace, corpus = f"{scratch}/perf.data", f"{scratch}/corpus"
        os.mkdir(corpus)
        recorded = subprocess.run(
            ["perf", "record", "-q", "-F", "499", "--call-graph", "fp", "-o",
             trace, *on_one_core([binary, *flags, corpus, *seeds])],
            capture_output=True, check=False, cwd=scratch)
        if recorded.returncode != 0:
            return []
        text = subprocess.run(
            ["perf", "script", "-i", trace, "--no-inline", "-F", "ip,sym"],
            capture_output=True, check=False).stdout.decode(errors="replace")
    counts = collections.Counter(_part_of(frames) for frames in _stacks(text))
    total = sum(counts.values())
    return [(part, n / total) for part, n in counts.most_common()]

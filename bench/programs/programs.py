# SPDX-License-Identifier: Apache-2.0
"""The programs of bench/programs/coverage.py: how each is built from its source
by one call of a compiler, how it is called, and one valid input to begin with.
"""

import dataclasses
import glob
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
READERS = os.path.join(HERE, "readers")

# 1 x 1, 8-bit grey.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c63680000008200817"
    "7cd72b60000000049454e44ae426082")
# "hello"
BZIP2 = bytes.fromhex(
    "425a6839314159265359c1c080e2000001410000100244a0"
    "0030cd00c3462997177245385090c1c080e2")


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    sources: tuple  # in the source folder, or absolute; * is a wildcard
    without: tuple = ()  # file names left out
    flags: tuple = ()
    words: tuple = ("@@",)
    seed: bytes = b""
    language: str = "c"
    copies: tuple = ()  # (from, to) in the source folder, before compiling
    makes: tuple = ()  # (file, text), which the package's own build makes


PROGRAMS = (
    Program("bzip2", ("*.c",),
            ("bzip2recover.c", "dlltest.c", "mk251.c", "spewG.c",
             "unzcrash.c"), words=("-dc", "@@"), seed=BZIP2),
    Program("expat", ("expat/lib/*.c", "expat/xmlwf/*.c"),
            ("xmltok_impl.c", "xmltok_ns.c", "win32filemap.c",
             "readfilemap.c", "ct.c"),
            ("-Iexpat/lib", "-DXML_DTD", "-DXML_GE=1", "-DXML_NS",
             "-DXML_CONTEXT_BYTES=1024", "-DXML_DEV_URANDOM",
             "-DHAVE_UNISTD_H"),
            words=("@@",), seed=b"<a b=\"c\">d</a>\n"),
    Program("lua", ("src/*.c",), ("lua.c", "onelua.c", "ltests.c"), ("-lm",),
            words=("-p", "@@"), makes=(("src/lua5.4-deb-multiarch.h",
                                 "#define DEB_HOST_MULTIARCH \"\"\n"),),
            seed=b"local a = 1\nreturn a\n"),
    Program("png", ("*.c", os.path.join(READERS, "png_reader.c")),
            ("pngtest.c", "example.c"), ("-I.", "-lz", "-lm"), seed=PNG,
            copies=(("scripts/pnglibconf.h.prebuilt", "pnglibconf.h"),)),
    Program("tinyxml2", ("tinyxml2.cpp", os.path.join(READERS,
                                                      "xml_reader.cc")),
            flags=("-I.",), seed=b"<a b=\"c\">d</a>\n", language="c++"),
    Program("yaml", ("src/*.c", "tests/run-parser.c"),
            flags=("-Iinclude", "-DYAML_VERSION_STRING=\"0.2.5\"",
                   "-DYAML_VERSION_MAJOR=0", "-DYAML_VERSION_MINOR=2",
                   "-DYAML_VERSION_PATCH=5"), seed=b"a: [b, 1]\n"),
)


def sources_of(program, folder):
    files = []
    for pattern in program.sources:
        files += sorted(glob.glob(os.path.join(folder, pattern)))
    return [file for file in files
            if os.path.basename(file) not in program.without]


def build(program, sources, target, compiler):
    """`compiler`: of C and of C++."""
    folder = os.path.join(sources, program.name)
    for one, other in program.copies:
        shutil.copy(os.path.join(folder, one), os.path.join(folder, other))
    for name, text in program.makes:
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)
    command = [compiler[program.language], "-O2", "-w",
               *sources_of(program, folder), *program.flags, "-o", target]
    subprocess.run(command, cwd=folder, check=True, capture_output=True,
                   env=dict(os.environ, AFL_QUIET="1"))

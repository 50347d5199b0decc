# SPDX-License-Identifier: Apache-2.0
"""The verbs below `formfuzz profile` that work on files, as users meet them."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema

PROGRAM = os.environ["FORMFUZZ_PROGRAM"]


def entry(name, number, **more):
    return {"name": name, "arch": "x86_64", "number": number,
            "presence": "seen", "need": "unknown", "phases": "main",
            "evidence": {"command": ["/bin/tool", "--" + name], "runs": 3,
                         "first_run": 2}} | more


def profile(*entries):
    return {"format": "formfuzz-profile", "version": 1,
            "command": ["/bin/tool"], "entries": list(entries)}


SCHEMA = pathlib.Path(__file__).parents[2] / "docs" / "profile.schema.json"
READ = entry("read", 0)
IOCTL = entry("ioctl", 16, arguments=[[
    {"argument": 1, "mask": "0xffffffff", "compare": "==",
     "value": "0x5401"}]])


class ProfileVerbsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.a = self.write("a.json", profile(READ, IOCTL))
        self.b = self.write("b.json", profile(READ, entry("write", 1)))

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str)
                        else json.dumps(content))
        return str(path)

    def run_verb(self, *words, code=0):
        done = subprocess.run([PROGRAM, "profile", *words], text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def test_show_says_why(self):
        self.assertIn("read", self.run_verb("show", self.a).stdout)
        why = self.run_verb("show", self.a, "--why", "ioctl").stdout
        self.assertIn("shown by   /bin/tool --ioctl", why)
        self.assertIn("arg1 & 0xffffffff == 0x5401", why)
        missing = self.run_verb("show", self.a, "--why", "iocti", code=2)
        self.assertIn("did you mean ioctl?", missing.stderr)

    def test_convert_and_read_back(self):
        for form in ("native", "oci", "kubernetes", "pfc", "kafel",
                     "minijail"):
            text = self.run_verb("convert", self.a, "--format", form,
                                 "--level", "args").stdout
            again = self.write("again." + form, text)
            self.run_verb("diff", self.a, again)
        unit = self.run_verb("convert", self.a, "--format", "systemd")
        self.assertIn("SystemCallFilter=ioctl read", unit.stdout)
        self.assertIn("@default", unit.stderr)

    def test_what_is_written_is_as_the_schema_has_it(self):
        schema = json.loads(SCHEMA.read_text())
        text = self.run_verb("convert", self.a, "--format", "native").stdout
        written = json.loads(text)
        jsonschema.validate(written, schema)
        written["entries"][0]["presence"] = "perhaps"
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(written, schema)

    def test_convert_writes_files(self):
        out = self.folder / "filter.bpf"
        self.run_verb("convert", self.a, "--format", "bpf", "--out", str(out))
        self.assertEqual(out.stat().st_size % 8, 0)
        self.assertGreater(out.stat().st_size, 0)
        page = self.run_verb("convert", self.a, "--format", "html").stdout
        self.assertIn("<code>ioctl</code>", page)

    def test_default_action_and_runtime(self):
        text = self.run_verb("convert", self.a, "--format", "oci",
                             "--default-action", "EPERM",
                             "--runtime", "crun").stdout
        oci = json.loads(text)
        self.assertEqual(oci["defaultErrnoRet"], 1)
        self.assertIn("capset", oci["syscalls"][0]["names"])
        self.run_verb("convert", self.a, "--format", "oci",
                      "--default-action", "ENOTHING", code=2)
        self.run_verb("convert", self.a, "--format", "toml", code=2)

    def test_diff_subset_merge(self):
        self.run_verb("diff", self.a, self.a)
        difference = self.run_verb("diff", self.a, self.b, code=1).stdout
        self.assertIn("- ioctl  shown by /bin/tool --ioctl", difference)
        self.assertIn("+ write", difference)
        self.run_verb("subset", self.a, self.b, code=1)
        both = str(self.folder / "both.json")
        self.run_verb("merge", self.a, self.b, "--out", both)
        for part in (self.a, self.b):
            self.run_verb("subset", part, both)
        wide = self.write("wide.json", profile(READ, entry("ioctl", 16)))
        self.run_verb("subset", self.a, wide)
        self.run_verb("subset", wide, self.a, code=1)
        self.run_verb("subset", wide, self.a, "--names")

    def learn(self, *words, code=0):
        return self.run_verb("--runs", "3", "--no-denials", *words, "--",
                             "/bin/true", code=code).stdout

    def test_a_base_is_read_before_it_is_written_over(self):
        base = self.write("true.json", profile(READ))
        out = self.learn("--base", base, "--out", base)
        self.assertRegex(out, "the base lacks:.* exit_group")
        for name, form in (("report.html", "html"), ("x.oci", "oci")):
            self.learn("--out", str(self.folder / name), "--format", form,
                       code=2)
            self.assertFalse((self.folder / name).exists())

    def test_verify_finds_the_runs_of_a_renamed_profile(self):
        self.learn("--out", str(self.folder / "true.json"))
        renamed = str(self.folder / "renamed.json")
        os.rename(self.folder / "true.json", renamed)
        few = ("--rounds", "1", "--held-out", "0")
        self.assertIn("the profile holds",
                      self.run_verb("verify", renamed, *few).stdout)
        empty = self.folder / "empty"
        empty.mkdir()
        nothing = self.run_verb("verify", renamed, "--corpus", str(empty),
                                *few, code=2)
        self.assertIn("nothing was verified", nothing.stderr)

    def test_lists_of_what_is_refused_are_no_profiles(self):
        deny = self.write("deny.json", {
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]})
        for verb in (("diff", self.a, deny), ("subset", deny, self.a),
                     ("convert", deny, "--format", "kafel")):
            refused = self.run_verb(*verb, code=2)
            self.assertIn("whatever it does not name", refused.stderr)

    def test_what_is_no_profile_is_refused(self):
        for name, content in (("x", "\0\1\2"), ("y", "{"), ("z", "")):
            self.run_verb("show", self.write(name, content), code=2)
        self.run_verb("show", str(self.folder / "none"), code=2)


if __name__ == "__main__":
    unittest.main()

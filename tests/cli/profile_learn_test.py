# SPDX-License-Identifier: Apache-2.0
"""`formfuzz profile` from one end to the other: a program is profiled, its
profile shown, written in every form, verified, and compared."""

import json
import os
import pathlib
import pwd
import subprocess
import tempfile
import unittest

import jsonschema

PROGRAM = os.environ["FORMFUZZ_PROGRAM"]
SCHEMA = pathlib.Path(__file__).parents[2] / "docs" / "profile.schema.json"


class ProfileLearnTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.corpus = cls.folder / "own"
        cls.corpus.mkdir()
        (cls.corpus / "mine.args").write_text("-l 'given.txt'\n--zero -a\n")
        (cls.corpus / "given.txt").write_text("given\n")
        cls.profile = cls.folder / "ls.json"
        cls.learnt = cls.run_verb(
            "--runs", "600", "--time", "240s", "--idle-stop", "0s",
            "--program-corpus", str(cls.corpus),
            "--out", str(cls.profile), "--", "/bin/ls")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def run_verb(cls, *words, code=0):
        done = subprocess.run([PROGRAM, "profile", *words], text=True,
                              capture_output=True, timeout=280)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def entries(self):
        return {entry["name"]: entry
                for entry in json.loads(self.profile.read_text())["entries"]
                if entry["presence"] == "seen"}

    def test_what_it_writes_is_as_the_schema_has_it(self):
        jsonschema.validate(json.loads(self.profile.read_text()),
                            json.loads(SCHEMA.read_text()))
        self.assertIn("written:", self.learnt.stdout)

    def test_says_why_with_a_command_line_that_shows_it(self):
        why = self.run_verb("show", str(self.profile), "--why", "statx").stdout
        self.assertIn("shown by   /bin/ls", why)
        self.assertIn("results", why)
        self.assertIn("if denied", why)

    def test_learns_results_and_needs(self):
        entries = self.entries()
        self.assertIn("ENOENT", entries["openat"]["results"])
        self.assertEqual(entries["getdents64"]["need"], "needed")

    def test_the_users_own_runs_are_among_the_saved_ones(self):
        saved = "".join(path.read_text() for path
                        in self.profile.with_suffix(".corpus").iterdir())
        self.assertIn("given.txt", saved)

    def test_every_form_is_read_back(self):
        for form in ("oci", "kubernetes", "pfc", "kafel", "minijail"):
            out = self.folder / ("again." + form)
            self.run_verb("convert", str(self.profile), "--format", form,
                          "--out", str(out))
            self.run_verb("diff", "--names", str(self.profile), str(out))
        for form in ("systemd", "bpf"):
            out = self.folder / ("again." + form)
            self.run_verb("convert", str(self.profile), "--format", form,
                          "--out", str(out))
            self.assertGreater(out.stat().st_size, 100)

    def test_verify_holds_and_notices_what_is_removed(self):
        held = self.run_verb("verify", str(self.profile), "--rounds", "1",
                             "--held-out", "0")
        self.assertIn("the profile holds", held.stdout)
        without = json.loads(self.profile.read_text())
        without["entries"] = [entry for entry in without["entries"]
                              if entry["name"] != "getdents64"]
        path = self.folder / "without.json"
        path.write_text(json.dumps(without))
        noticed = self.run_verb(
            "verify", str(path), "--corpus",
            str(self.profile.with_suffix(".corpus")), "--rounds", "1",
            "--held-out", "0", code=1)
        self.assertIn("refused: getdents64", noticed.stdout)

    def test_a_base_is_told_what_it_lacks_and_allows_in_vain(self):
        base = json.loads(self.profile.read_text())
        base["entries"] = [entry for entry in base["entries"]
                           if entry["name"] != "getdents64"]
        base["entries"].append({"name": "reboot", "arch": "x86_64",
                                "number": 169, "presence": "seen",
                                "need": "unknown"})
        path = self.folder / "base.json"
        path.write_text(json.dumps(base))
        said = self.run_verb("--runs", "40", "--no-denials", "--base",
                             str(path), "--out", str(self.folder / "l2.json"),
                             "--", "/bin/ls").stdout
        lacks = [line for line in said.splitlines() if "lacks:" in line][0]
        vain = [line for line in said.splitlines() if "in vain:" in line][0]
        self.assertIn("getdents64", lacks)
        self.assertIn("reboot", vain)

    def test_runs_nothing_where_the_profile_could_not_be_kept(self):
        file = self.folder / "file"
        file.write_text("")
        said = self.run_verb("--out", str(file / "x.json"), "--", "/bin/true",
                             code=3)
        self.assertIn("nothing was run", said.stderr)

    def test_says_of_a_script_whose_calls_these_are(self):
        script = self.folder / "script"
        script.write_text("#! /bin/sh\necho said\n")
        script.chmod(0o755)
        said = self.run_verb("--runs", "30", "--no-denials", "--out",
                             str(self.folder / "script.json"), "--",
                             str(script))
        self.assertIn("the calls are those of /bin/sh", said.stdout)
        self.assertIn("flags", said.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "becomes somebody else")
    def test_works_without_privileges_or_says_in_a_line_why_not(self):
        with tempfile.TemporaryDirectory(dir="/tmp") as name:
            nobody = pwd.getpwnam("nobody")
            os.chown(name, nobody.pw_uid, nobody.pw_gid)
            program = pathlib.Path(name) / "formfuzz"
            program.write_bytes(pathlib.Path(PROGRAM).read_bytes())
            program.chmod(0o755)
            done = subprocess.run(
                [str(program), "profile", "--runs", "30", "--no-denials",
                 "--out", name + "/true.json", "--", "/bin/true"],
                user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
                cwd=name, text=True, capture_output=True, timeout=240)
            if done.returncode == 0:
                self.assertIn("exit_group", done.stdout)
            else:
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("namespaces", done.stderr)


if __name__ == "__main__":
    unittest.main()

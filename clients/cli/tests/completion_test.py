"""Completion, asked for as a shell does."""

import os
import shutil
import subprocess
import unittest

from programs import SALESCTL, environment

# Puts the words on bash's own command line, completes the last, prints what bash would offer.
ASK = """
source /dev/stdin <<'SCRIPT'
%s
SCRIPT
COMP_WORDS=(%s)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_salesctl
printf '%%s\\n' "${COMPREPLY[@]}"
"""


def script(shell):
    return subprocess.run([SALESCTL, "completion", shell], capture_output=True, check=True,
                          env=environment()).stdout.decode()


class Bash(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.script = script("bash")

    def offered(self, *words):
        quoted = " ".join(f"'{word}'" for word in ("salesctl",) + words)
        run = subprocess.run(["bash", "--norc"], input=(ASK % (self.script, quoted)).encode(),
                             capture_output=True, check=True, cwd=os.path.dirname(__file__))
        self.assertEqual(run.stderr, b"")
        return run.stdout.decode().split()

    def test_groups_are_offered_first(self):
        offered = self.offered("")
        self.assertIn("lead", offered)
        self.assertIn("completion", offered)
        self.assertEqual(self.offered("ca"), ["campaign", "calendar"])

    def test_verbs_of_a_group_are_offered(self):
        self.assertEqual(sorted(self.offered("lead", "a")),
                         ["advance", "advise", "agree", "answer-proposal", "assign"])
        offered = self.offered("-o", "json", "report", "")
        self.assertLess({"funnel", "channels", "load", "staffing", "score"}, set(offered))

    def test_options_of_a_verb_and_of_salesctl_are_offered(self):
        self.assertEqual(self.offered("lead", "decline", "--be"), ["--better"])
        self.assertEqual(self.offered("lead", "decline", "--work"), ["--workspace"])

    def test_fixed_words_of_an_option_are_offered(self):
        self.assertEqual(sorted(self.offered("lead", "log", "x", "--kind", "")),
                         ["call", "email", "meeting", "message", "note"])
        self.assertEqual(self.offered("lead", "list", "-o", "j"), ["json"])
        self.assertEqual(self.offered("event", "watch", "--type", "lead-wo"), ["lead-won", "lead-woken"])

    def test_fixed_positional_words_are_offered(self):
        self.assertEqual(self.offered("completion", "z"), ["zsh"])
        self.assertEqual(self.offered("lead", "answer-proposal", "x", "acc"), ["accepted"])

    def test_files_are_offered_where_one_is_read(self):
        self.assertEqual(self.offered("funnel", "validate", "completion_t"),
                         ["completion_test.py"])

    def test_a_word_after_an_option_is_no_command(self):
        self.assertIn("get", self.offered("--workspace", "report", "lead", "g"))


class OtherShells(unittest.TestCase):

    def check_syntax(self, shell, *options):
        if shutil.which(shell) is None:
            self.skipTest(f"{shell} is not installed")
        subprocess.run([shell, *options], input=script(shell).encode(), check=True)

    def test_bash_accepts_the_script(self):
        self.check_syntax("bash", "-n")

    def test_zsh_accepts_the_script(self):
        self.check_syntax("zsh", "-n")

    def test_fish_accepts_the_script(self):
        self.check_syntax("fish", "--no-execute")

    def test_each_script_knows_every_verb(self):
        for shell in ["bash", "zsh", "fish"]:
            text = script(shell)
            for word in ["batch-capture", "request-proposal", "channels", "better"]:
                self.assertIn(word, text, shell)


if __name__ == "__main__":
    unittest.main()

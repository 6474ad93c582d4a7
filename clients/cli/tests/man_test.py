"""The manual page, read as man reads it."""

import re
import shutil
import subprocess
import unittest

from programs import SALESCTL, environment


def printed(*words):
    return subprocess.run([SALESCTL, *words], capture_output=True, check=True,
                          env=environment()).stdout.decode()


class ManPage(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.page = printed("man")

    def read(self):
        if shutil.which("man") is None or shutil.which("groff") is None:
            self.skipTest("man and groff are not installed")
        run = subprocess.run(["man", "--warnings=w", "--encoding=UTF-8", "--local-file", "-"],
                             input=self.page.encode(), capture_output=True, check=True,
                             env={**environment(), "MANWIDTH": "100", "LC_ALL": "C.UTF-8"})
        self.assertEqual(run.stderr.decode(), "")
        return run.stdout.decode()

    def test_it_is_read_without_a_warning(self):
        text = self.read()
        for part in ("NAME", "SYNOPSIS", "OPTIONS", "COMMANDS", "OUTPUT", "EXIT STATUS"):
            self.assertRegex(text, rf"(?m)^{part}$")
        self.assertIn("salesctl lead decline LEAD", text)

    def test_it_names_every_command_and_variable(self):
        for group in re.findall(r"(?m)^  (\w[\w-]*)  ", printed("--help").partition("ubcommands")[2]):
            self.assertRegex(self.page, rf"(?m)^\.SS {group}$".replace("-", r"\\-"))
        for variable in re.findall(r"SALESCTL_\w+", printed("--help")):
            self.assertIn(f"Variable: \\fB{variable}\\fR", self.page)

    def test_it_says_what_is_promised_of_json(self):
        self.assertIn("For programs: the message of the contract", self.page)


if __name__ == "__main__":
    unittest.main()

"""Tokens: made and revoked by salesctl, and shown by it to a server that asks who calls."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from programs import SALESCTL, SALESD, Salesd, environment


class Tokens(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = Salesd(folder.name, flags=["--auth=required"]).start()
        self.addCleanup(self.server.stop)
        made = subprocess.run([SALESD, "token", f"--store={self.server.store}", "--role=owner",
                               "--actor=boss"], check=True, capture_output=True, text=True,
                              env=environment())
        self.boss = self.keep("boss", made.stdout)

    def keep(self, name, secret):
        file = self.folder / f"{name}.token"
        file.write_text(secret)
        return file

    def run_as(self, token, *words):
        flags = [f"--token-file={token}"] if token else []
        return subprocess.run([SALESCTL, "--server", f"127.0.0.1:{self.server.port}", "--workspace",
                               "studio", *flags, *words], capture_output=True, text=True,
                              env=environment())

    def ok(self, token, *words):
        done = self.run_as(token, *words, "-o", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, token, *words):
        done = self.run_as(token, *words)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        return done.stderr

    def test_a_token_says_who_calls(self):
        self.ok(self.boss, "workspace", "create", "studio")
        made = self.ok(self.boss, "token", "create", "--role", "seller", "--for", "anna",
                       "--id", "annas")
        self.assertEqual(made["role"], "ROLE_SELLER")
        anna = self.keep("anna", made["secret"] + "\n")
        self.ok(anna, "lead", "capture", "--name", "Ivan", "--seller", "anna")
        self.assertIn("PERMISSION_DENIED", self.refused(anna, "token", "list"))
        self.assertIn("CREDENTIALS_MISSING", self.refused(None, "lead", "list"))
        listed = self.ok(self.boss, "token", "list")["tokens"]
        self.assertEqual([(token["actor"], token["secret"]) for token in listed], [("anna", "")])
        self.ok(self.boss, "token", "revoke", "annas")
        self.assertIn("CREDENTIALS_INVALID", self.refused(anna, "lead", "list"))

    def test_a_token_is_not_sent_to_another_machine_in_plaintext(self):
        done = subprocess.run([SALESCTL, "--server", "sales.example:8443", f"--token-file={self.boss}",
                               "workspace", "list"], capture_output=True, text=True,
                              env=environment())
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_a_token_file_must_be_there(self):
        self.assertEqual(self.run_as(self.folder / "none", "workspace", "list").returncode, 2)


if __name__ == "__main__":
    unittest.main()

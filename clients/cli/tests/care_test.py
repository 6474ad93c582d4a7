"""Backups, exports, imports and the doctor, against a real server, as the runbook tells."""

import hashlib
import shutil
import stat
import subprocess
import time
import unittest

from programs import SALESCTL, SALESD, Case, Salesd, environment


class Care(Case):

    def setUp(self):
        super().setUp()
        self.workspace = "studio"
        self.ok("workspace", "create", "studio", "--time-zone", "Europe/Amsterdam")
        for n in range(5):
            self.ok("lead", "capture", "--name", f"Иван {n}", "--email", f"ivan{n}@example.com",
                    "--need", "a shop")

    def check(self, file):
        run = subprocess.run([SALESCTL, "check", f"--store=sqlite:{file}"], capture_output=True,
                             check=False, env=environment())
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_a_backup_is_restored(self):
        backup = self.folder / "backup.db"
        made = self.ok("backup", backup)
        self.assertEqual(made["sha256"], hashlib.sha256(backup.read_bytes()).hexdigest())
        self.assertEqual(stat.S_IMODE(backup.stat().st_mode), 0o600)
        self.assertEqual(list(self.folder.glob("*partial*")), [])
        self.refused("FILE_EXISTS", "backup", backup)
        self.check(backup)
        self.ok("lead", "capture", "--name", "too late", "--email", "late@example.com")
        before = self.ok("event", "list", "--all")
        self.server.stop()
        for file in self.folder.glob("sales.db*"):
            file.unlink()
        shutil.copy(backup, self.folder / "sales.db")
        self.server.start()
        self.assertEqual(self.ok("event", "list", "--all")["events"], before["events"][:-2])
        self.refused("CONTACT_NOT_FOUND", "contact", "find", "--email", "late@example.com")

    def test_a_backup_goes_to_standard_output(self):
        run = subprocess.run(self.command("backup", "-"), capture_output=True, check=True,
                             env=environment())
        copy = self.write("piped.db", run.stdout)
        self.assertIn(hashlib.sha256(run.stdout).hexdigest(), run.stderr.decode())
        self.check(copy)

    def test_the_newest_backups_of_a_directory_stay(self):
        for day in range(1, 5):
            self.write(f"sales-2020010{day}T000000Z.db", "old")
        other = self.write("sales-notes.db", "not a backup")
        self.ok("backup", "--directory", self.folder, "--keep", "3")
        kept = sorted(path.name for path in self.folder.glob("sales-2*Z.db"))
        self.assertEqual(kept[:2], ["sales-20200103T000000Z.db", "sales-20200104T000000Z.db"])
        self.assertEqual(len(kept), 3)
        self.check(self.folder / kept[2])
        self.assertTrue(other.exists())
        self.refused("USAGE", "backup", code=2)

    def test_salesd_backs_up_beside_a_server(self):
        backup = self.folder / "second.db"
        words = [SALESD, "backup", f"--store={self.server.store}", str(backup)]
        subprocess.run(words, check=True, env=environment(), stderr=subprocess.DEVNULL)
        self.assertEqual(stat.S_IMODE(backup.stat().st_mode), 0o600)
        self.check(backup)
        again = subprocess.run(words, check=False, capture_output=True, env=environment())
        self.assertEqual(again.returncode, 2)
        self.assertIn(b"BACKUP_EXISTS", again.stderr)

    def test_a_workspace_moves_to_another_server(self):
        exported = self.folder / "studio.ndjson"
        self.assertEqual(self.ctl("export", "workspace", "--to", exported).code, 0)
        self.assertEqual(stat.S_IMODE(exported.stat().st_mode), 0o600)
        self.assertEqual(self.ctl("export", "workspace", "studio").out.encode(),
                         exported.read_bytes())
        report = self.ok("report", "funnel")
        self.refused("WORKSPACE_EXISTS", "import", "workspace", exported)
        other = self.folder / "other"
        other.mkdir()
        first, self._server = self._server, Salesd(other).start()
        self.addCleanup(self._server.stop)
        cut = self.write("cut.ndjson", exported.read_bytes()[:-10])
        self.assertIn("TRUNCATED", self.refused("EXPORT_INVALID", "import", "workspace", cut))
        imported = self.ok("import", "workspace", exported, "studio")
        self.assertEqual(imported["name"], "workspaces/studio")
        self.assertEqual(self.ok("report", "funnel"), report)
        self.check(other / "sales.db")
        self._server = first

    def test_a_workspace_is_removed(self):
        self.refused("WORKSPACE_NOT_EMPTY", "workspace", "delete", "studio")
        self.assertEqual(self.ctl("workspace", "delete", "studio", "--force").code, 0)
        self.refused("WORKSPACE_NOT_FOUND", "workspace", "get", "studio")
        self.assertEqual(self.ctl("workspace", "delete", "studio", "--allow-missing").code, 0)

    def test_retention_is_a_setting(self):
        self.ok("workspace", "update", "studio", "--event-retention-days", "730")
        shown = self.ok("workspace", "get", "studio")
        self.assertEqual((shown["eventRetentionDays"], shown["oldestRevision"]), (730, "1"))
        self.refused("FIELD_INVALID", "workspace", "update", "studio",
                     "--event-retention-days", "40000")

    def test_the_doctor_finds_what_there_is(self):
        self.ok("backup", self.folder / "backup.db")
        found = {check["check"]: check for check in self.ok("doctor")["checks"]}
        self.assertEqual(set(found), {"answer", "readiness", "tls", "version", "clock", "disk", "log",
                                      "durability", "sweep", "backup", "workspaces", "retention",
                                      "webhooks"})
        states = {name: check["state"] for name, check in found.items() if check["state"] != "ok"}
        # The server of these tests sweeps nothing.
        states.pop("disk", None)
        self.assertEqual(states, {"sweep": "note"})
        table = self.ctl("doctor").out
        self.assertIn("--sweep-seconds", table)

    def told_of_webhooks(self):
        checks = self.ctl("doctor", "-o", "json").json["checks"]
        return next(check for check in checks if check["check"] == "webhooks")

    def make_a_webhook_that_fails(self, state):
        """Makes one, and waits until the doctor finds it in this state."""
        # This machine may not be called, so that every attempt fails.
        self.ok("webhook", "create", "crm", "https://localhost:9/sales")
        self.ok("lead", "capture", "--name", "Anna", "--email", "anna@example.com")
        until = time.monotonic() + 30
        while self.told_of_webhooks()["state"] != state and time.monotonic() < until:
            time.sleep(0.05)

    def test_the_doctor_tells_of_webhooks_that_fail(self):
        told = self.told_of_webhooks
        self.assertEqual(told()["found"], "none")
        self.make_a_webhook_that_fails("note")
        self.assertEqual(told()["state"], "note")
        self.assertRegex(told()["found"], r"^1, up to [1-9]\d* revisions behind, failing: 1$")
        self.ok("webhook", "update", "crm", "--state", "disabled")
        self.assertEqual(told()["found"], "none")

    def test_the_doctor_tells_of_webhooks_that_were_given_up(self):
        self.server.stop()
        self._server = Salesd(self.folder, flags=(
            "--webhook-first-backoff=20ms", "--webhook-longest-backoff=20ms",
            "--webhook-give-up-after=100ms")).start()
        self.addCleanup(self._server.stop)
        self.make_a_webhook_that_fails("fault")
        told = self.told_of_webhooks()
        self.assertEqual(told["state"], "fault")
        self.assertRegex(told["found"], r"^1, up to [1-9]\d* revisions behind, given up: 1$")
        self.assertIn("--state=enabled", told["remedy"])
        answer = self.ctl("doctor")
        self.assertEqual(answer.code, 1)
        self.assertIn("[SERVICE_FAULTY]", answer.err)

    def test_the_doctor_says_when_nobody_answers(self):
        self.server.stop()
        answer = self.ctl("doctor", "--timeout", "2")
        self.assertEqual(answer.code, 1)
        self.assertIn("FAULT", answer.out)
        self.assertIn("[SERVICE_FAULTY]", answer.err)


if __name__ == "__main__":
    unittest.main()

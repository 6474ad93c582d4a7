"""Runs the real salesd and salesctl, for the tests of this folder."""

import itertools
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
DATA = pathlib.Path(os.environ.get("SALES_DATA", ROOT / ".." / "shared" / "data"))
SHIPPED = ROOT / "clients" / "cli" / "data"
SALESCTL = os.environ["SALESCTL"]
SALESD = os.environ["SALESD"]
WEBHOOK_KEY = ROOT / "tests" / "scenarios" / "webhook.key"
_numbers = itertools.count()


def environment():
    """What the programs see: none of the settings of whoever runs the tests."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("SALES_", "SALESCTL_"))}


def needs_data(path):
    """Skips a test where the real data is absent, and says so."""
    return unittest.skipUnless((DATA / path).exists(), f"{DATA / path} is absent")


def lasting_port():
    """A port to come back to after a kill: below those that the kernel gives to connections."""
    while True:
        port = random.randrange(15_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def log_file(folder):
    """Where a server's log goes: where the environment says, to be looked through, or beside the store."""
    kept = os.environ.get("SALESD_LOGS")
    if kept is None:
        return pathlib.Path(folder) / "salesd.log"
    return pathlib.Path(kept) / f"cli-{os.getpid()}-{next(_numbers)}.log"


class Salesd:
    """A server on a store of its own, that may be killed and started again on its port."""

    def __init__(self, folder, port=0, flags=()):
        self.store = f"sqlite:{folder}/sales.db"
        self._log = log_file(folder)
        self.port = port
        self._flags = list(flags)
        self._process = None
        subprocess.run([SALESD, "migrate", f"--store={self.store}"], check=True,
                       env=environment(), stderr=subprocess.DEVNULL)

    def start(self):
        begin = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [SALESD, "serve", f"--store={self.store}", f"--listen=127.0.0.1:{self.port}",
                 "--admin-listen=127.0.0.1:0", "--lame-duck-seconds=0",
                 # What a test records is all that is recorded.
                 "--sweep-seconds=0", f"--webhook-key-file={WEBHOOK_KEY}", *self._flags],
                stdout=log, stderr=log, env=environment())
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            for line in self._log.read_text()[begin:].splitlines(keepends=True):
                if line.endswith("\n") and '"message":"serving"' in line:
                    self.port = int(json.loads(line)["port"])
                    return self
            time.sleep(0.01)
        raise RuntimeError("salesd did not start:\n" + self._log.read_text()[-2000:])

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)


class Answer:
    """What a run of salesctl gave."""

    def __init__(self, run):
        self.code = run.returncode
        self.out = run.stdout.decode()
        self.err = run.stderr.decode()

    @property
    def json(self):
        return json.loads(self.out)


class Case(unittest.TestCase):
    """A test with a folder and a server of its own, started when it is first called."""

    def setUp(self):
        held = tempfile.TemporaryDirectory(prefix="salesctl-")
        self.addCleanup(held.cleanup)
        self.folder = pathlib.Path(held.name)
        self._server = None
        self.workspace = f"w{next(_numbers)}"
        self.actor = "tester"

    @property
    def server(self):
        if self._server is None:
            self._server = Salesd(self.folder, lasting_port()).start()
            self.addCleanup(self._server.stop)
        return self._server

    def command(self, *words, workspace=None):
        return [SALESCTL, f"--server=127.0.0.1:{self.server.port}",
                f"--workspace={workspace or self.workspace}", f"--actor={self.actor}", *map(str, words)]

    def ctl(self, *words, workspace=None):
        return Answer(subprocess.run(self.command(*words, workspace=workspace),
                                     capture_output=True, check=False, timeout=300,
                                     env=environment()))

    def ok(self, *words):
        """Runs salesctl with JSON output; fails the test unless it succeeds."""
        answer = self.ctl(*words, "-o", "json")
        self.assertEqual(answer.code, 0, f"{words}\n{answer.out}\n{answer.err}")
        return answer.json

    def refused(self, reason, *words, code=1):
        """Runs salesctl; fails the test unless it is refused for this reason."""
        answer = self.ctl(*words)
        self.assertEqual(answer.code, code, f"{words}\n{answer.out}\n{answer.err}")
        self.assertIn(f"[{reason}]", answer.err)
        return answer.err

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

"""Runs the real salesd on a store of its own, for the tests."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import libsales

REPOSITORY = Path(__file__).parents[3]
_START_SECONDS_MAX = 30.0
_numbers = itertools.count()


def binary(name: str, variable: str, place: str) -> Path | None:
    """Give the program that the environment names, or else the one that was built last."""
    if os.environ.get(variable):
        return Path(os.environ[variable])
    built = [p for p in REPOSITORY.glob(f"build/*/{place}/{name}") if os.access(p, os.X_OK)]
    return max(built, key=lambda path: path.stat().st_mtime, default=None)


def unique(prefix: str = "w") -> str:
    """Give an id that no other test of this run has."""
    return f"{prefix}-{os.getpid()}-{next(_numbers)}"


def lasting_port() -> int:
    """Give a port to come back to after a kill.

    It is below those that the kernel gives to connections: a client that looks for a dead server
    on one of those may be connected with itself, and so take the port away.
    """
    while True:
        port = random.randrange(15_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


@contextlib.contextmanager
def postgres(folder: Path, password: str) -> Iterator[str]:
    """Give a store on a PostgreSQL server of its own; the password is in the file that it names."""
    if shutil.which("pg_config") is None:
        pytest.skip("PostgreSQL is not installed; ./dev test release installs it")
    reach = folder / "reach"
    server = [sys.executable, str(REPOSITORY / "tests" / "rigs" / "postgres_server.py")]
    subprocess.run([*server, "start", reach], check=True)
    file = folder / "dsn"
    file.write_text(f"{reach.read_text().strip()} dbname=postgres password={password}\n")
    try:
        yield f"postgres:@{file}"
    finally:
        subprocess.run([*server, "stop", reach], check=True)


def _log_file(folder: Path) -> Path:
    """Give where a log goes: where the environment says, to be looked through, or to the store."""
    kept = os.environ.get("SALESD_LOGS")
    return Path(kept) / f"python-{unique()}.log" if kept else folder / "salesd.log"


class Salesd:
    """A server process on a store; it may be killed and started again on the same port."""

    def __init__(
        self,
        program: Path,
        folder: Path,
        port: int = 0,
        flags: Sequence[str] = (),
        store: str = "",
        sweep_seconds: int = 0,
    ) -> None:
        self.program = program
        key = REPOSITORY / "tests" / "scenarios" / "webhook.key"
        # Without a sweep what a test records is all that is recorded.
        self.flags = [f"--webhook-key-file={key}", f"--sweep-seconds={sweep_seconds}", *flags]
        self.store = folder / "sales.db"
        self.store_name = store or f"sqlite:{self.store}"
        self.log = _log_file(folder)
        self.port = port
        self._log_offset = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._migrate()

    @property
    def target(self) -> str:
        """Give the address to connect to."""
        return f"127.0.0.1:{self.port}"

    def _migrate(self) -> None:
        with self.log.open("ab") as log:
            command = [str(self.program), "migrate", f"--store={self.store_name}"]
            subprocess.run(command, check=True, stdout=log, stderr=log)

    def launch(self) -> None:
        """Start the server without waiting for it."""
        self._log_offset = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self.program,
                    "serve",
                    f"--store={self.store_name}",
                    f"--listen=127.0.0.1:{self.port}",
                    "--admin-listen=127.0.0.1:0",
                    "--lame-duck-seconds=0",
                    *self.flags,
                ],
                stdout=log,
                stderr=log,
            )

    def start(self) -> Salesd:
        """Start the server, and wait until it says on which port it listens."""
        self.launch()
        assert self._process is not None
        deadline = time.monotonic() + _START_SECONDS_MAX
        while time.monotonic() < deadline:
            if port := self.announced("port"):
                self.port = port
                return self
            if self._process.poll() is not None:
                break
            time.sleep(0.005)
        raise RuntimeError(f"salesd did not start:\n{self.log.read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        """Give the number of the process."""
        assert self._process is not None
        return self._process.pid

    def announced(self, port: str) -> int:
        """Give a port by its name in the log's line `serving`; 0 before it is there."""
        with self.log.open("rb") as log:
            log.seek(self._log_offset)
            for line in log:
                if b'"message":"serving"' in line and line.endswith(b"\n"):
                    return int(json.loads(line)[port])
        return 0

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """Ask the server to finish; gives its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)

    def faults(self, salesctl: Path) -> str:
        """Give what `salesctl check` finds wrong with the store, while the server is down."""
        checked = subprocess.run(
            [salesctl, "check", f"--store=sqlite:{self.store}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return checked.stdout.decode() if checked.returncode else ""

    def connect(self, workspace: str = "", actor: str = "test") -> libsales.Client:
        """Make a client of this server."""
        return libsales.connect(self.target, workspace=workspace, actor=actor)

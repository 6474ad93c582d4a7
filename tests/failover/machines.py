"""Machines on one wire: each has a network of its own, so that it can be unplugged.

They are network namespaces behind a bridge. What runs on them is found by looking at the processes
there are, since some start others; all of them live in the sandbox that ./dev makes and end with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

SANDBOX = "SALES_FAILOVER_SANDBOX"
SUBNET = "10.77.0"
HERE = f"{SUBNET}.254"
_SWITCH = "switch"
# What is sent to this address goes round the wire and is taken by none.
NOBODY = "02:00:00:00:00:01"
# What the tests are told by variables is none of anybody's settings.
_ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def run(*command: str | Path) -> str:
    """Run a command to its end; gives what it printed. One that fails is an error."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=_ENVIRONMENT)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr or done.stdout}")
    return done.stdout


def lay_wire() -> None:
    """Make the wire that machines are plugged into, and an address on it for the tests."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", _SWITCH, "type", "bridge")
    run("ip", "address", "add", f"{HERE}/24", "dev", _SWITCH)
    run("ip", "link", "set", _SWITCH, "up")


class Machine:
    """A host of its own as far as the network goes."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name = name
        self.address = f"{SUBNET}.{number}"
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self._port = f"port-{name}"
        # The namespace lives as long as somebody is in it.
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        until = time.monotonic() + 10
        while self._network(self._holder.pid) == self._network(os.getpid()):
            if time.monotonic() > until:
                raise RuntimeError("a network of its own could not be made")
            time.sleep(0.002)
        inside = str(self._holder.pid)
        run(
            *("ip", "link", "add", self._port, "type", "veth"),
            *("peer", "name", "eth0", "netns", inside),
        )
        run("ip", "link", "set", self._port, "master", _SWITCH, "up")
        for command in (
            ("address", "add", f"{self.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            run("nsenter", f"--net=/proc/{inside}/ns/net", "ip", *command)

    @staticmethod
    def _network(pid: int | str) -> str:
        return os.readlink(f"/proc/{pid}/ns/net")

    def start(
        self,
        command: Sequence[str | Path],
        *,
        log: str,
        user: str = "postgres",
    ) -> subprocess.Popen[bytes]:
        """Start a program on this machine; what it says is added to the log."""
        with (self.folder / log).open("ab") as out:
            return subprocess.Popen(
                [
                    *("nsenter", f"--net=/proc/{self._holder.pid}/ns/net", "--"),
                    *("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--"),
                    *command,
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                env=_ENVIRONMENT,
            )

    def processes(self, *programs: str) -> list[int]:
        """Give the ids of what runs here under one of the names."""
        found = []
        ours = self._network(self._holder.pid)
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                name = (entry / "comm").read_text().strip()
                if name in programs and self._network(entry.name) == ours:
                    found.append(int(entry.name))
            except OSError:
                continue  # It has ended meanwhile.
        return found

    def signal(self, number: signal.Signals, *programs: str) -> None:
        """Send a signal to what runs here under one of the names."""
        for pid in self.processes(*programs):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def unplug(self) -> None:
        """Let nothing pass between this machine and the others; nobody is told."""
        run("ip", "link", "set", self._port, "nomaster")

    def plug(self) -> None:
        """Undo unplug."""
        run("ip", "link", "set", self._port, "master", _SWITCH)

    def part(self, others: Sequence[Machine]) -> None:
        """Let nothing pass between this machine and those; all else does, and nobody is told."""
        for other in others:
            for here, there in ((self, other), (other, self)):
                here._neighbour("replace", there, "lladdr", NOBODY, "nud", "permanent")

    def join(self, others: Sequence[Machine]) -> None:
        """Undo part."""
        for other in others:
            for here, there in ((self, other), (other, self)):
                here._neighbour("del", there)

    def _neighbour(self, verb: str, other: Machine, *words: str) -> None:
        inside = f"--net=/proc/{self._holder.pid}/ns/net"
        run("nsenter", inside, "ip", "neigh", verb, other.address, *words, "dev", "eth0")

    def tail(self, log: str, length: int = 3000) -> str:
        """Give the end of a log."""
        path = self.folder / log
        return path.read_text(errors="replace")[-length:] if path.exists() else ""

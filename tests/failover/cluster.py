"""PostgreSQL as it is run where it must not fail: three machines, each with etcd, Patroni and a
server, of which one is the primary and one its synchronous standby.
"""

from __future__ import annotations

import json
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

from machines import Machine, run

# Patroni promotes a standby when the primary has not renewed its lease for TTL_SECONDS. Its own
# defaults, three times as long, are for networks worse than this one.
TTL_SECONDS = 12
LOOP_SECONDS = 2
RETRY_SECONDS = 4
START_SECONDS_MAX = 90

DISK_BYTES = 800 << 20
_PASSWORD = "of-this-test-alone"
_SUPERUSER = "postgres"


def server_programs() -> Path:
    """Give the folder of PostgreSQL's programs, which Debian keeps out of the path."""
    return Path(run("pg_config", "--bindir").strip())


def _patroni_settings(machine: Machine, etcds: list[str], data: Path) -> dict[str, Any]:
    def login(user: str) -> dict[str, str]:
        return {"username": user, "password": _PASSWORD}

    return {
        "scope": "sales",
        "name": machine.name,
        "restapi": {
            "listen": f"{machine.address}:8008",
            "connect_address": f"{machine.address}:8008",
        },
        "etcd3": {"hosts": [f"{address}:2379" for address in etcds]},
        "bootstrap": {
            "dcs": {
                "ttl": TTL_SECONDS,
                "loop_wait": LOOP_SECONDS,
                "retry_timeout": RETRY_SECONDS,
                # A primary that cannot start again gives way.
                "primary_start_timeout": 5,
                "synchronous_mode": True,
                "synchronous_mode_strict": True,
                "postgresql": {
                    "use_pg_rewind": True,
                    "remove_data_directory_on_rewind_failure": True,
                    "remove_data_directory_on_diverged_timelines": True,
                    "parameters": {
                        "max_connections": 100,
                        "max_wal_size": "128MB",
                        "shared_buffers": "64MB",
                        "wal_keep_size": "64MB",
                        "wal_log_hints": "on",
                        "wal_receiver_timeout": "5s",
                        "wal_sender_timeout": "5s",
                        "tcp_user_timeout": "5s",
                        # A standby that found no primary asks again at once: the new one confirms
                        # no write before somebody follows it.
                        "wal_retrieve_retry_interval": "500ms",
                    },
                },
            },
            "initdb": ["no-sync", {"encoding": "UTF8"}, {"locale": "C"}],
        },
        "postgresql": {
            "listen": f"{machine.address}:5432",
            "connect_address": f"{machine.address}:5432",
            "data_dir": str(data),
            "bin_dir": str(server_programs()),
            "pgpass": str(machine.folder / "pgpass"),
            "authentication": {
                "superuser": login(_SUPERUSER),
                "replication": login("replicator"),
                "rewind": login("rewinder"),
            },
            "parameters": {"unix_socket_directories": str(machine.folder)},
            "pg_hba": [
                "local all all trust",
                "host all all all scram-sha-256",
                "host replication all all scram-sha-256",
            ],
            # A copy is made at once, not at the next checkpoint.
            "basebackup": [{"checkpoint": "fast"}],
        },
        "watchdog": {"mode": "off"},
    }


class Node:
    """A machine with etcd, Patroni and PostgreSQL."""

    def __init__(self, number: int, folder: Path) -> None:
        self.machine = Machine(f"db{number}", number, folder)
        self.disk = self.machine.folder / "disk"
        self.disk.mkdir()
        run("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", self.disk)
        (self.disk / "data").mkdir(mode=0o700)
        run("chown", "-R", "postgres:postgres", self.machine.folder)

    @property
    def name(self) -> str:
        return self.machine.name

    @property
    def address(self) -> str:
        return self.machine.address

    def configure(self, nodes: list[Node]) -> None:
        """Say who the others are."""
        settings = _patroni_settings(
            self.machine, [node.address for node in nodes], self.disk / "data"
        )
        # What is JSON is YAML too.
        file = self.machine.folder / "patroni.yml"
        file.write_text(json.dumps(settings, indent=2))
        self._peers = ",".join(f"{node.name}=http://{node.address}:2380" for node in nodes)

    def start_etcd(self) -> None:
        peer, client = f"http://{self.address}:2380", f"http://{self.address}:2379"
        self.machine.start(
            [
                "etcd",
                f"--name={self.name}",
                f"--data-dir={self.machine.folder / 'etcd'}",
                f"--listen-peer-urls={peer}",
                f"--initial-advertise-peer-urls={peer}",
                f"--listen-client-urls={client}",
                f"--advertise-client-urls={client}",
                f"--initial-cluster={self._peers}",
                "--initial-cluster-state=new",
                # Patient enough for a busy machine.
                "--heartbeat-interval=150",
                "--election-timeout=1500",
                # One that comes back after it was cut off does not unseat who leads: while etcd
                # elects anew, Patroni can elect nobody.
                "--pre-vote",
                "--logger=zap",
            ],
            log="etcd.log",
        )

    def start_patroni(self) -> None:
        self.machine.start(["patroni", self.machine.folder / "patroni.yml"], log="patroni.log")

    def start_what_is_missing(self) -> None:
        """Do as a machine's supervisor does."""
        if not self.machine.processes("etcd"):
            self.start_etcd()
        if not self.machine.processes("patroni"):
            self.start_patroni()

    def kill(self, *programs: str) -> None:
        self.machine.signal(signal.SIGKILL, *programs)

    def fill_disk(self) -> None:
        """Leave no byte free where PostgreSQL writes."""
        ballast = self.disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * (1 << 20))
            except OSError:
                pass
        # The last pages, too small for a whole piece.
        with (self.disk / "ballast-rest").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass

    def clear_disk(self) -> None:
        for ballast in self.disk.glob("ballast*"):
            ballast.unlink()


class Cluster:
    """The database as a whole."""

    def __init__(self, folder: Path) -> None:
        self.nodes = [Node(number, folder) for number in (1, 2, 3)]
        for node in self.nodes:
            node.configure(self.nodes)
            node.start_etcd()
        for node in self.nodes:
            node.start_patroni()
        self._standbys = ["replica", "sync_standby"]
        self.wait_until_whole()

    def acknowledge_early(self) -> None:
        """Let the primary answer before a standby has what it answered for, as no store should."""
        change = urllib.request.Request(
            f"http://{self.node('leader').address}:8008/config",
            data=json.dumps({"synchronous_mode": False}).encode(),
            headers={"Content-Type": "application/json"},
            method="PATCH",
        )
        with urllib.request.urlopen(change, timeout=5):
            self._standbys = ["replica", "replica"]
        self.wait_until_whole()

    def conninfo(self, database: str = "postgres") -> str:
        """Give how libpq finds the primary, wherever it is, and leaves one that has gone silent."""
        hosts = ",".join(node.address for node in self.nodes)
        return (
            f"host={hosts} port=5432 user={_SUPERUSER} password={_PASSWORD} dbname={database}"
            " target_session_attrs=read-write connect_timeout=2 tcp_user_timeout=5000"
            " keepalives_idle=2 keepalives_interval=1 keepalives_count=3"
        )

    def views(self) -> list[dict[str, str]]:
        """Give, of each node that answers, the roles that it sees the others in."""
        views = []
        for node in self.nodes:
            try:
                with urllib.request.urlopen(
                    f"http://{node.address}:8008/cluster", timeout=2
                ) as said:
                    members = json.load(said)["members"]
            except (OSError, ValueError):
                continue
            timelines = {member.get("timeline") for member in members}
            views.append(
                {
                    member["name"]: member["role"]
                    for member in members
                    if member["state"] in ("running", "streaming") and len(timelines) == 1
                }
            )
        return views

    def whole(self) -> dict[str, str]:
        """Give who has which role, where all agree on a primary, its synchronous standby and a
        third, all running; else nothing. One that acknowledges early has two standbys of a kind.
        """
        views = self.views()
        agreed = len(views) == len(self.nodes) and all(view == views[0] for view in views)
        roles = views[0] if agreed else {}
        return roles if sorted(roles.values()) == ["leader", *self._standbys] else {}

    def node(self, role: str) -> Node:
        """Give the "leader", the "sync_standby" or the "replica", once there is one of each."""
        roles = self.wait_until_whole()
        return next(node for node in self.nodes if roles[node.name] == role)

    def wait_until_whole(self) -> dict[str, str]:
        """Wait until nothing is missing; gives who has which role."""
        until = time.monotonic() + START_SECONDS_MAX
        while not (roles := self.whole()):
            if time.monotonic() > until:
                logs = "\n".join(
                    f"== {node.name}\n{node.machine.tail('patroni.log')}" for node in self.nodes
                )
                raise RuntimeError(f"the database does not come together: {self.views()}\n{logs}")
            time.sleep(0.2)
        return roles

    def wait_until_followed(self) -> None:
        """Wait until every standby has done what the primary has done by now."""
        followers = "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= '{}'"
        now = self.query("SELECT pg_current_wal_lsn()")
        until = time.monotonic() + START_SECONDS_MAX
        while self.query(followers.format(now)) != str(len(self.nodes) - 1):
            if time.monotonic() > until:
                raise RuntimeError("a standby does not follow")
            time.sleep(0.1)

    def query(self, sql: str, database: str = "postgres") -> str:
        """Run one statement on the primary."""
        done = subprocess.run(
            ["psql", self.conninfo(database), "-XqAtc", sql],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

"""salesd as it is run where it must not fail: three replicas over one database, behind TLS."""

from __future__ import annotations

from pathlib import Path

from cluster import Cluster
from machines import Machine, run

import libsales

PORT = 8443
DATABASE = "sales"
ACTOR = "failover"


def _name(first: int) -> str:
    return f"sales-{first}.test"


class Replicas:
    """Three machines with a salesd each, and what a client needs to call them."""

    def __init__(self, program: Path, cluster: Cluster, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self.machines = [Machine(f"app{number}", 10 + number, folder) for number in (1, 2, 3)]
        cluster.query(f"CREATE DATABASE {DATABASE}")
        # libpq asks the hosts in turn, and no further than one that knows no such database.
        cluster.wait_until_followed()
        dsn = folder / "dsn"
        dsn.write_text(cluster.conninfo(DATABASE))
        self._store = f"--store=postgres:@{dsn}"
        run(program, "migrate", self._store)
        self.token_file = folder / "token"
        made = run(
            program, "token", self._store, "--role=owner", f"--actor={ACTOR}", "--workspace=all"
        )
        self.token_file.write_text(made)
        self._name_machines()
        self._make_certificate()
        for machine in self.machines:
            self.start(machine)

    def _name_machines(self) -> None:
        """Let a name stand for all replicas, as a headless Service does; each has its favourite."""
        lines = ["127.0.0.1 localhost"]
        for first in range(len(self.machines)):
            ordered = self.machines[first:] + self.machines[:first]
            lines += [f"{machine.address} {_name(first)}" for machine in ordered]
        hosts = self._folder / "hosts"
        hosts.write_text("\n".join(lines) + "\n")
        run("mount", "--bind", hosts, "/etc/hosts")

    def _make_certificate(self) -> None:
        names = ",".join(f"DNS:{_name(first)}" for first in range(len(self.machines)))
        command = (
            "openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
        )
        run(
            *command.split(),
            *("-subj", "/CN=salesd", "-addext", f"subjectAltName={names}"),
            *("-keyout", self._folder / "salesd.key", "-out", self._folder / "salesd.pem"),
        )

    def start(self, machine: Machine) -> None:
        machine.start(
            [
                self._program,
                "serve",
                self._store,
                f"--listen={machine.address}:{PORT}",
                "--admin-listen=127.0.0.1:8444",
                f"--tls-cert-file={self._folder / 'salesd.pem'}",
                f"--tls-key-file={self._folder / 'salesd.key'}",
                "--auth=required",
                # Whoever fled to another replica comes back to his favourite.
                "--connection-age-seconds=15",
                "--sweep-seconds=1",
            ],
            log="salesd.log",
            user="root",
        )

    def running(self) -> set[int]:
        """Give the ids of the processes."""
        return {pid for machine in self.machines for pid in machine.processes("salesd")}

    def connect(self, workspace: str, first: int) -> libsales.Client:
        """Make a client that knows all replicas and prefers one of them."""
        return libsales.connect(
            f"{_name(first)}:{PORT}",
            workspace=workspace,
            ca_file=self._folder / "salesd.pem",
            token_file=self.token_file,
        )

    def logs(self) -> str:
        return "\n".join(f"== {m.name}\n{m.tail('salesd.log')}" for m in self.machines)

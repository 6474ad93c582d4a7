#!/usr/bin/env python3
"""A PostgreSQL server for tests: a data directory of its own, reached by a socket, nothing kept.

    postgres_server.py start [--durable] FILE   starts one; FILE then says how libpq reaches it
    postgres_server.py stop FILE                ends it

A durable one keeps what it acknowledged, as a server that counts does, and is for measuring; the
other saves a test that time.

The server lives as long as FILE stands and the process that called `start` does, so that a run of
tests that is broken off leaves nothing behind.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

START_SECONDS = 60
STOP_SECONDS = 20
LOOK_SECONDS = 0.2

SETTINGS = {"listen_addresses": "", "max_connections": "200"}
# The rest is as PostgreSQL has it by itself.
DURABLE = {"shared_buffers": "512MB"}
FLEETING = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Which statements were run: postgres_statements.py looks at them. Each test has a database of
    # its own, and what two of them ran counts twice.
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.max": "60000",
    "pg_stat_statements.track_utility": "off",
}


def programs() -> pathlib.Path:
    """The folder of the server's programs, which Debian keeps out of the path."""
    said = subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True)
    return pathlib.Path(said.stdout.strip())


def as_servant(*options: str) -> list[str]:
    """What a command begins with to run as the server's user: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return ["setpriv", *options, "--"]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *options, "--"]


def start(file: pathlib.Path, kind: str) -> None:
    file.unlink(missing_ok=True)
    # The path of a socket has room for about a hundred characters: not below the build's folder.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sales-pg-", dir="/tmp"))
    log = folder / "log"
    with log.open("wb") as out:
        keeper = subprocess.Popen(
            [sys.executable, __file__, "keep", kind, file, folder, str(os.getppid())],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    until = time.monotonic() + START_SECONDS
    while not file.exists():
        if keeper.poll() is not None or time.monotonic() > until:
            text = log.read_text() if log.exists() else ""
            keeper.terminate()
            sys.exit(f"no server could be started:\n{text}")
        time.sleep(0.02)


def stop(file: pathlib.Path) -> None:
    if not file.exists():
        return
    folder = pathlib.Path(file.read_text().split()[0].removeprefix("host="))
    file.unlink()
    until = time.monotonic() + STOP_SECONDS
    while folder.exists():
        if time.monotonic() > until:
            sys.exit(f"the server in {folder} does not end")
        time.sleep(0.02)


def keep(kind: str, file: pathlib.Path, folder: pathlib.Path, owner: int) -> None:
    """Runs the server until it is no longer wanted."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = None
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        subprocess.run(
            [
                *as_servant(),
                programs() / "initdb",
                f"--pgdata={data}",
                "--username=postgres",
                "--auth=trust",
                "--locale=C",
                "--encoding=UTF8",
                "--no-sync",
                "--no-instructions",
            ],
            check=True,
            cwd="/",
        )
        settings = SETTINGS | (DURABLE if kind == "durable" else FLEETING)
        settings |= {"unix_socket_directories": str(folder)}
        flags = [f"--{name}={value}" for name, value in settings.items()]
        # Should this process be killed, the server is told to end at once.
        server = subprocess.Popen(
            [*as_servant("--pdeathsig=QUIT"), programs() / "postgres", "-D", data, *flags], cwd="/"
        )
        reach = f"host={folder} user=postgres"
        ready = [programs() / "pg_isready", "--quiet", f"--dbname={reach}"]
        while subprocess.run(ready, check=False).returncode != 0:
            if server.poll() is not None:
                sys.exit(1)
            time.sleep(0.02)
        written = file.with_suffix(".new")
        written.write_text(reach + "\n")
        written.rename(file)
        while file.exists() and lives(owner) and server.poll() is None:
            time.sleep(LOOK_SECONDS)
    finally:
        if server is not None:
            end(server)
        file.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def end(server: subprocess.Popen) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS / 2)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def main(arguments: list[str]) -> None:
    match arguments:
        case ["start", file]:
            start(pathlib.Path(file).absolute(), "fleeting")
        case ["start", "--durable", file]:
            start(pathlib.Path(file).absolute(), "durable")
        case ["stop", file]:
            stop(pathlib.Path(file).absolute())
        case ["keep", kind, file, folder, owner]:
            keep(kind, pathlib.Path(file), pathlib.Path(folder), int(owner))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])

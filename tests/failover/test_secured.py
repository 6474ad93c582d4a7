"""A database that speaks TLS only and asks for a password: who it is made sure of, and nothing told."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "rigs"))
import postgres_server

PASSWORD = "canary-of-the-database"
UNUSABLE = 3


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def make_certificate(folder: Path, name: str) -> Path:
    subprocess.run(
        [
            *[
                "openssl",
                "req",
                "-x509",
                "-nodes",
                "-days",
                "2",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ],
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder / f"{name}.pem"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Path, int]]:
    """Give the folder of a server's certificate, and its port."""
    folder = Path(tempfile.mkdtemp(prefix="sales-secured-", dir="/tmp"))
    folder.chmod(0o755)
    make_certificate(folder, "server")
    make_certificate(folder, "other")
    password = folder / "password"
    password.write_text(PASSWORD)
    programs = postgres_server.programs()
    data = folder / "data"
    data.mkdir()
    for path in (data, folder / "server.key", password):
        if os.geteuid() == 0:
            shutil.chown(path, "postgres", "postgres")
    (folder / "server.key").chmod(0o600)
    subprocess.run(
        [
            *postgres_server.as_servant(),
            programs / "initdb",
            f"--pgdata={data}",
            "--username=sales",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--locale=C",
            "--encoding=UTF8",
            "--no-sync",
            "--no-instructions",
        ],
        check=True,
        cwd="/",
        capture_output=True,
    )
    (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
    port = free_port()
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "ssl": "on",
        "ssl_cert_file": folder / "server.pem",
        "ssl_key_file": folder / "server.key",
        "fsync": "off",
    }
    running = subprocess.Popen(
        [
            *postgres_server.as_servant("--pdeathsig=QUIT"),
            *(programs / "postgres", "-D", data),
            *(f"--{name}={value}" for name, value in settings.items()),
        ],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while (
            subprocess.run(
                [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False
            ).returncode
            != 0
        ):
            assert running.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        yield folder, port
    finally:
        postgres_server.end(running)
        shutil.rmtree(folder, ignore_errors=True)


def migrate(server: tuple[Path, int], tmp_path: Path, **changes: str) -> tuple[int, str]:
    """Run `salesd migrate`; gives how it ended and everything that it said."""
    folder, port = server
    words = {
        "host": "localhost",
        "hostaddr": "127.0.0.1",
        "port": str(port),
        "dbname": "postgres",
        "user": "sales",
        "password": PASSWORD,
        "sslmode": "verify-full",
        "sslrootcert": str(folder / "server.pem"),
    } | changes
    dsn = tmp_path / "dsn"
    dsn.write_text(" ".join(f"{name}={value}" for name, value in words.items()))
    done = subprocess.run(
        [os.environ["SALESD"], "migrate", f"--store=postgres:@{dsn}"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    return done.returncode, done.stdout + done.stderr


def test_a_server_that_proves_itself_is_used(server: tuple[Path, int], tmp_path: Path) -> None:
    code, said = migrate(server, tmp_path)
    assert code == 0, said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"sslrootcert": "other.pem"}, id="a certificate of somebody else"),
        pytest.param({"host": "elsewhere"}, id="a name that is not in the certificate"),
        pytest.param({"sslmode": "disable"}, id="plaintext"),
        pytest.param({"password": "wrong-canary"}, id="a wrong password"),
    ],
)
def test_nothing_else_is(server: tuple[Path, int], tmp_path: Path, changes: dict[str, str]) -> None:
    if "sslrootcert" in changes:
        changes = {"sslrootcert": str(server[0] / changes["sslrootcert"])}
    code, said = migrate(server, tmp_path, **changes)
    assert code == UNUSABLE, said
    assert "STORE_UNAVAILABLE" in said
    assert "canary" not in said

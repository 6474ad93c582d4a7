"""TLS: the files that `connect` takes, with the real salesd."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import salesd

import libsales


@dataclass(frozen=True)
class Pair:
    cert: Path
    key: Path


def _issue(folder: Path, name: str, *flags: str) -> Pair:
    made = Pair(folder / f"{name}.pem", folder / f"{name}.key")
    command = "openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
    files = ["-subj", f"/CN={name}", "-keyout", str(made.key), "-out", str(made.cert)]
    subprocess.run([*command.split(), *files, *flags], check=True, capture_output=True)
    return made


def _signed(folder: Path, name: str, ca: Pair) -> Pair:
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    return _issue(folder, name, "-CA", str(ca.cert), "-CAkey", str(ca.key), "-addext", names)


def _serving(program: Path, folder: Path, server: Pair, *flags: str) -> salesd.Salesd:
    files = [f"--tls-cert-file={server.cert}", f"--tls-key-file={server.key}"]
    return salesd.Salesd(program, folder, flags=[*files, *flags]).start()


def _reaches(target: str, ca: Path, client: Pair | None = None, timeout: float = 4) -> bool:
    """Say whether calls of such a client are answered."""
    cert, key = (client.cert, str(client.key)) if client else ("", "")
    with libsales.connect(
        target, timeout=timeout, ca_file=ca, cert_file=cert, key_file=key
    ) as sales:
        try:
            return not list(sales.list_workspaces())
        except (libsales.Unavailable, libsales.DeadlineExceeded):
            return False


def test_a_client_who_trusts_the_ca_is_served(salesd_program: Path, tmp_path: Path) -> None:
    ca, stranger = _issue(tmp_path, "ca"), _issue(tmp_path, "stranger")
    server = _serving(salesd_program, tmp_path, _signed(tmp_path, "server", ca))
    assert _reaches(server.target, ca.cert)
    assert not _reaches(server.target, stranger.cert)
    assert server.stop() == 0


@contextmanager
def _far_away(target: str, seconds: float) -> Iterator[str]:
    """Give an address at which a server answers that much later."""

    def carry(source: socket.socket, sink: socket.socket, delay: float) -> None:
        with source, sink:
            while data := source.recv(1 << 16):
                time.sleep(delay)
                sink.sendall(data)

    def accept(listener: socket.socket) -> None:
        host, _, port = target.partition(":")
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection((host, int(port)))
            for ends in ((client, server, 0.0), (server.dup(), client.dup(), seconds)):
                threading.Thread(target=carry, args=ends, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def test_a_server_that_is_far_away_is_reached(salesd_program: Path, tmp_path: Path) -> None:
    ca = _issue(tmp_path, "ca")
    server = _serving(salesd_program, tmp_path, _signed(tmp_path, "server", ca))
    with _far_away(server.target, 0.8) as target:
        assert _reaches(target, ca.cert, timeout=10)
    assert server.stop() == 0


def test_a_server_may_ask_clients_for_certificates(salesd_program: Path, tmp_path: Path) -> None:
    ca = _issue(tmp_path, "ca")
    anna = _signed(tmp_path, "anna", ca)
    mutual = f"--tls-client-ca-file={ca.cert}"
    server = _serving(salesd_program, tmp_path, _signed(tmp_path, "server", ca), mutual)
    assert _reaches(server.target, ca.cert, anna)
    assert not _reaches(server.target, ca.cert)
    assert server.stop() == 0


def test_files_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="go together"):
        libsales.connect("localhost:1", cert_file="client.pem")
    with pytest.raises(FileNotFoundError):
        libsales.connect("localhost:1", ca_file=tmp_path / "none.pem")

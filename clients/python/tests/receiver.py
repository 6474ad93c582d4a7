"""Receivers of webhooks: a real HTTP server that behaves as well or as badly as a test says."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Union

# A status to answer with, or one of the ways to misbehave that Handler knows.
Behaviour = Union[int, str]
Script = Callable[["Delivery"], Behaviour]


@dataclasses.dataclass
class Delivery:
    """A request as it came, and what was done with it."""

    number: int
    path: str
    headers: dict[str, str]
    body: bytes
    behaviour: Behaviour = 200

    @property
    def id(self) -> str:
        """Give the event's id, which is the same however often it comes."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """Give the CloudEvent."""
        event: dict[str, Any] = json.loads(self.body)
        return event

    @property
    def place(self) -> tuple[int, int]:
        """Give the event's revision, and its place in it."""
        data = self.event["data"]
        return int(data["revision"]), int(data["ordinal"])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        # Headers and body of an answer are two small writes, which would wait for each other.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        delivery = receiver.take(Delivery(0, self.path, headers, body))
        behaviour = delivery.behaviour
        if isinstance(behaviour, str) and ":" in behaviour:
            name, argument = behaviour.split(":", 1)
            getattr(self, f"do_{name}")(argument)
        elif isinstance(behaviour, str):
            getattr(self, f"do_{behaviour}")()
        else:
            self.answer(behaviour)

    def answer(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("content-length", "0")):
            self.send_header(name, value)
        self.end_headers()

    def do_retry_after(self, seconds: str) -> None:
        self.answer(429, ("retry-after", seconds))

    def do_redirect(self, location: str) -> None:
        self.answer(307, ("location", location))

    def do_hang(self) -> None:
        self.server.receiver.stopped.wait(30)
        self.close_connection = True

    def do_close(self) -> None:
        self.close_connection = True

    def do_half(self) -> None:
        """Promise more than comes."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
        self.close_connection = True

    def do_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        self._pour(b"x" * 65536, pause=0.0)

    def do_drip(self) -> None:
        """Send a header at a time, and never the last one."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.close_connection = True
        self._pour(b"x-drip: drop\r\n", pause=0.05)

    def do_flood(self) -> None:
        """Send headers without end."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.close_connection = True
        self._pour(b"x-flood: " + b"x" * 8000 + b"\r\n", pause=0.0)

    def do_nonsense(self) -> None:
        self.wfile.write(b"I speak no HTTP.\r\n\r\n")
        self.close_connection = True

    def _pour(self, drop: bytes, *, pause: float) -> None:
        end = time.monotonic() + 30
        try:
            while time.monotonic() < end and not self.server.receiver.stopped.is_set():
                self.wfile.write(drop)
                time.sleep(pause)
        except OSError:
            self.server.receiver.cut_off += 1

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A receiver comes back to the port that it had.
    allow_reuse_address = True
    request_queue_size = 128
    receiver: Receiver

    def __init__(self, address: tuple[str, int], receiver: Receiver) -> None:
        self.receiver = receiver
        self.connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class Receiver:
    """An HTTP server that keeps what it got; `script` says how it behaves at each request."""

    def __init__(self, script: Script | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.script = script or (lambda delivery: 200)
        self.deliveries: list[Delivery] = []
        self.cut_off = 0
        self.stopped = threading.Event()
        self.port = 0
        self._tls = tls
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self.start()

    @property
    def url(self) -> str:
        """Give the address to call."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}/sales"

    def start(self) -> None:
        """Listen, on the port of before if there was one."""
        self.stopped.clear()
        self._server = _Server(("127.0.0.1", self.port), self)
        self.port = self._server.server_address[1]
        if self._tls:
            self._server.socket = self._tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        self.stopped.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            for connection in list(self._server.connections):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._server = None

    def take(self, delivery: Delivery) -> Delivery:
        """Note a request, and what is to be done with it."""
        with self._lock:
            delivery.number = len(self.deliveries)
            self.deliveries.append(delivery)
            delivery.behaviour = self.script(delivery)
            return delivery

    def accepted(self) -> list[Delivery]:
        """Give the requests that were answered with 200, in the order in which they came."""
        with self._lock:
            return [d for d in self.deliveries if d.behaviour == 200]

    def wait(self, done: Callable[[Receiver], bool], seconds: float = 20.0) -> None:
        """Wait until something is true of it."""
        deadline = time.monotonic() + seconds
        while not done(self):
            if time.monotonic() > deadline:
                raise AssertionError(f"still waiting; {len(self.deliveries)} requests came")
            time.sleep(0.01)

    def wait_for(self, count: int, seconds: float = 20.0) -> list[Delivery]:
        """Wait until so many requests were accepted, and give them."""
        self.wait(lambda receiver: len(receiver.accepted()) >= count, seconds)
        return self.accepted()

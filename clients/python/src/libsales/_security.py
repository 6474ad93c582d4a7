"""Who may see a connection, and who calls over it: certificates and tokens, from files."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Union

import grpc

StrPath = Union[str, PathLike[str]]


def this_machine(target: str) -> bool:
    """Tell whether what is sent to a target stays on this machine."""
    host = target.rpartition(":")[0]
    return host in ("localhost", "[::1]") or host.startswith("127.") or target.startswith("unix:")


class Token:
    """The token in a file, as it is now."""

    def __init__(self, path: StrPath) -> None:
        self._path = Path(path)
        self._state: tuple[int, int, int] | None = None
        self._text = ""
        self.read()

    def read(self) -> str:
        """Give the token; a file that is being swapped gives the one that was there before."""
        try:
            found = self._path.stat()
            state = (found.st_mtime_ns, found.st_ino, found.st_size)
            if state != self._state:
                self._text, self._state = self._path.read_text().strip(), state
        except FileNotFoundError:
            if self._state is None:
                raise
        return self._text


def file_credentials(
    ca_file: StrPath, cert_file: StrPath, key_file: StrPath
) -> grpc.ChannelCredentials:
    """Read what encrypts connections; gRPC keeps it for all of them."""
    if bool(cert_file) != bool(key_file):
        raise ValueError("cert_file and key_file go together")

    def read(path: StrPath) -> bytes | None:
        return Path(path).read_bytes() if path else None

    return grpc.ssl_channel_credentials(read(ca_file), read(key_file), read(cert_file))

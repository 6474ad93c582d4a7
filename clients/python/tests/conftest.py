"""What the tests share: the server under test, and a workspace of one's own in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import salesd

import libsales


def _program(name: str, variable: str, place: str) -> Path:
    program = salesd.binary(name, variable, place)
    if program is None:
        reason = f"{name} is not built: build it, or name it in {variable}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.fixture(scope="session")
def salesd_program() -> Path:
    return _program("salesd", "SALESD", "service")


@pytest.fixture(scope="session")
def salesctl_program() -> Path:
    return _program("salesctl", "SALESCTL", "clients/cli")


@pytest.fixture(scope="session")
def server(
    salesd_program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[salesd.Salesd]:
    """Give a server that the tests of the run share, each in its own workspace."""
    running = salesd.Salesd(salesd_program, tmp_path_factory.mktemp("salesd")).start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def own_server(salesd_program: Path, tmp_path: Path) -> Iterator[salesd.Salesd]:
    """Give a server that a test may kill."""
    running = salesd.Salesd(salesd_program, tmp_path, salesd.lasting_port()).start()
    yield running
    running.stop()


@pytest.fixture
def sales(server: salesd.Salesd) -> Iterator[libsales.Client]:
    """Give a client of a new workspace."""
    workspace = salesd.unique()
    with server.connect(workspace) as client:
        client.create_workspace(workspace_id=workspace)
        yield client

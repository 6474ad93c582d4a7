"""Tokens: the file that `connect` takes, with the real salesd."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import salesd

import libsales
from libsales import v1


def _first_token(server: salesd.Salesd, *flags: str) -> str:
    store = f"--store=sqlite:{server.store}"
    command = [str(server.program), "token", store, "--role=owner", "--actor=boss", *flags]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    return made.stdout.strip()


def test_a_token_says_who_calls(salesd_program: Path, tmp_path: Path) -> None:
    server = salesd.Salesd(salesd_program, tmp_path, flags=["--auth=required"]).start()
    file = tmp_path / "token"
    file.write_text(_first_token(server) + "\n")
    with libsales.connect(server.target, workspace="studio", token_file=file) as sales:
        sales.create_workspace(workspace_id="studio")
        made = sales.create_token(token=v1.Token(role=v1.ROLE_SELLER, actor="anna"))
        assert made.secret.startswith("sales_")
        assert [token.secret for token in sales.list_tokens()] == [""]
        assert {event.actor for event in sales.list_events()} == {"boss"}

        # The file is read again when it changes.
        file.write_text(made.secret)
        with pytest.raises(libsales.PermissionDenied) as refused:
            sales.delete_token(name=made.name)
        assert refused.value.reason == "PERMISSION_DENIED"
        assert refused.value.metadata["role"] == "SELLER"
        sales.capture_lead(contact=v1.Contact(display_name="Ivan"))
        assert list(sales.list_events())[-1].actor == "anna"
    with server.connect("studio") as nobody, pytest.raises(libsales.Unauthenticated):
        nobody.get_workspace(name="workspaces/studio")
    assert server.stop() == 0


def test_a_token_is_not_sent_in_plaintext_to_another_machine(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sales_x")
    with pytest.raises(ValueError, match="TLS"):
        libsales.connect("sales.example:8443", token_file=tmp_path / "token")
    with pytest.raises(FileNotFoundError):
        libsales.connect("localhost:8443", token_file=tmp_path / "none")

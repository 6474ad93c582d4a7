"""Backups, exports, imports, removal and the status of a store."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import salesd

import libsales
from libsales import v1


def captured(sales: libsales.Client, name: str) -> v1.Lead:
    contact = v1.Contact(display_name=name, identities=[libsales.email(f"{name}@example.com")])
    return sales.capture_lead(contact=contact, lead=v1.Lead(need="a shop")).lead


def test_a_backup_is_a_sound_store(
    sales: libsales.Client, salesctl_program: Path, tmp_path: Path
) -> None:
    captured(sales, "anna")
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"".join(sales.backup_store()))
    checked = subprocess.run(
        [salesctl_program, "check", f"--store=sqlite:{copy}"], capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert sales.get_store_status().backup_bytes == copy.stat().st_size


def test_an_export_is_imported_once_its_workspace_is_gone(own_server: salesd.Salesd) -> None:
    with own_server.connect("studio") as sales:
        sales.create_workspace(workspace_id="studio")
        lead = captured(sales, "anna")
        pieces = list(sales.export_workspace())
        with pytest.raises(libsales.Error) as refused:
            sales.import_workspace(pieces)
        assert refused.value.reason == "WORKSPACE_EXISTS"
        with pytest.raises(libsales.Error) as refused:
            sales.delete_workspace(name=sales.workspace)
        assert refused.value.reason == "WORKSPACE_NOT_EMPTY"
        sales.delete_workspace(name=sales.workspace, force=True)
        with pytest.raises(libsales.Error) as refused:
            sales.get_lead(name=lead.name)
        assert refused.value.reason == "WORKSPACE_NOT_FOUND"
        assert sales.import_workspace(pieces).name == sales.workspace
        assert sales.get_lead(name=lead.name) == lead
        assert list(b"".join(pieces)) == list(b"".join(sales.export_workspace()))


def test_a_damaged_export_leaves_nothing(own_server: salesd.Salesd) -> None:
    with own_server.connect("studio") as sales:
        sales.create_workspace(workspace_id="studio")
        text = b"".join(sales.export_workspace())
        sales.delete_workspace(name=sales.workspace)
        with pytest.raises(libsales.Error) as refused:
            sales.import_workspace([text.replace(b"\n", b"\r\n")])
        assert (refused.value.reason, refused.value.metadata["fault"]) == ("EXPORT_INVALID", "CRLF")
        with pytest.raises(libsales.Error) as refused:
            sales.get_workspace(name=sales.workspace)
        assert refused.value.reason == "WORKSPACE_NOT_FOUND"

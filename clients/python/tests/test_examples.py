"""The examples run, also from the wheel in an empty environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import salesd

import libsales

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


def run(example: str, *arguments: str, python: str = sys.executable, stdin: str = "") -> str:
    """Run an example; gives what it prints."""
    done = subprocess.run(
        [python, EXAMPLES / example, *arguments],
        input=stdin,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_walkthrough_wins_one_and_refuses_one(server: salesd.Salesd) -> None:
    printed = run("walkthrough.py", server.target, salesd.unique("walk"))
    assert "missing requirements_agreed, asked for by" in printed
    assert "won at 8600.00 EUR" in printed
    assert "ARGUMENTS_REQUIRED" in printed
    assert "channels/referral" in printed
    assert "won 1 of 3" in printed


def test_an_import_is_reported(server: salesd.Salesd, sales: libsales.Client) -> None:
    workspace = sales.workspace.partition("/")[2]
    rows = (
        "id,email,received,won,value\n"
        "1,eva@example.com,2026-03-01T10:00:00+01:00,2026-03-05T10:00:00+01:00,4900.50\n"
        "2,ada@example.com,2026-03-02T10:00:00+01:00,,\n"
    )
    first = run("import_leads.py", server.target, workspace, stdin=rows)
    assert first.split() == ["2", "RESULT_IMPORTED", "3", "RESULT_IMPORTED"]
    again = run("import_leads.py", server.target, workspace, stdin=rows)
    assert again.split() == ["2", "RESULT_UNCHANGED", "3", "RESULT_UNCHANGED"]
    report = run("report.py", server.target, workspace)
    assert "(1/2, 95 % " in report
    assert "4900.50" in report


def test_a_watch_prints_what_happens(server: salesd.Salesd, sales: libsales.Client) -> None:
    workspace = sales.workspace.partition("/")[2]
    command = [sys.executable, "-u", str(EXAMPLES / "watch.py"), server.target, workspace]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline().startswith("1 EVENT_TYPE_WORKSPACE_CREATED")
        sales.create_channel(channel_id="ads")
        for line in watching.stdout:
            if "EVENT_TYPE_CHANNEL_CREATED" in line and line.rstrip().endswith("ads"):
                break
        watching.terminate()


def test_what_is_packed_runs_in_an_empty_environment(
    own_server: salesd.Salesd, tmp_path: Path
) -> None:
    wheels = tmp_path / "wheels"
    # Makes the sdist, and the wheel out of that.
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "-o",
        wheels,
        ROOT,
    ]
    subprocess.run(command, check=True)
    assert list(wheels.glob("*.tar.gz"))
    (wheel,) = wheels.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    subprocess.run(
        [
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-compile",
            "--disable-pip-version-check",
            wheel,
        ],
        check=True,
    )
    printed = run("quickstart.py", own_server.target, python=python)
    assert printed.startswith("not yet: ")
    assert "requirements_agreed" in printed
    assert "price_offered" in printed

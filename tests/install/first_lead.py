#!/usr/bin/env python3
"""From an empty folder to the first captured lead, by the lines of a client's page alone.

Usage: first_lead.py LANGUAGE HOST:PORT

The page begins with what to type (blocks of `sh`) and what to write ("In `file`:", then its block), up
to the list of what else there is. That is done here, in an empty folder beside the checkout, and the
program must be told what its lead is missing. Prints the minutes that it took, and how many lines
there are; what a package manager has fetched before is not fetched again.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS_MAX = 1800
_BLOCK = re.compile(
    r"(?:In `(\S+)`[^\n]*:\n\n(?:<!-- [^\n]* -->\n)?)?```(\w+)\n(.*?)^```$", re.S | re.M
)


def steps(page: str) -> list[tuple[str, str]]:
    """What a page says to do: the text of a file under its name, or under none what to type."""
    beginning = page.partition("\n- **")[0]
    return [(name, text) for name, kind, text in _BLOCK.findall(beginning) if name or kind == "sh"]


def try_out(language: str, target: str) -> tuple[float, int]:
    """Seconds and lines."""
    todo = steps((ROOT / "clients" / language / "README.md").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        (pathlib.Path(scratch) / "libsales").symlink_to(ROOT)
        folder = pathlib.Path(scratch) / "studio"
        folder.mkdir()
        start, printed = time.monotonic(), ""
        for number, (name, text) in enumerate(todo, 1):
            if name:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
                continue
            command = text.rstrip()
            if number == len(todo):
                # The only word that is not the page's: its server listens elsewhere.
                command += f" -Dexec.args={target}" if "exec:java" in command else f" {target}"
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", command],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=SECONDS_MAX,
            )
            printed = done.stdout
            if done.returncode != 0:
                raise SystemExit(f"{language}: {command}\n{printed}")
        seconds = time.monotonic() - start
    if "requirements_agreed" not in printed:
        raise SystemExit(f"{language}: the lead was not told what it is missing:\n{printed}")
    lines = sum(bool(line.strip()) for _, text in todo for line in text.splitlines())
    return seconds, lines


def main(language: str, target: str) -> None:
    seconds, lines = try_out(language, target)
    print(f"{language}: {seconds / 60:.1f} minutes, {lines} lines")


if __name__ == "__main__":
    main(*sys.argv[1:])

#!/usr/bin/env python3
"""Looks for people and secrets in all that servers logged in a run of the tests.

    SALESD_LOGS=FOLDER ./dev test python; look_through_logs.py FOLDER

A log has none of what these find, whatever the tests sent: the forms of addresses, telephone numbers
and secrets; letters that are not ASCII, as half of the people in the tests have; and what people are
called and write in tests/scenarios, word by word.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
from collections.abc import Iterator

FORMS = {
    "an e-mail address": rb"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
    "a telephone number": rb"\+\d[\d ()-]{7,}\d",
    "letters that are not ASCII": rb"[\x80-\xff]+|\\u0[4-9a-f][0-9a-f]{2}",
    "a token": rb"sales_[A-Za-z0-9_-]{30,}",
    "a JWT": rb"eyJ[A-Za-z0-9_-]{8,}\.",
    "credentials": rb"[Bb]earer ",
    "a webhook's secret": rb"whsec_",
    "a private key": rb"-----BEGIN",
    "a password": rb"password=",
    "a query of a URL": rb"https?://[^\s\"]*\?",
}
# What is said by or of a person in a scenario; all other texts there are of the studio itself.
PERSONAL = {
    "need",
    "text",
    "requirements",
    "scope",
    "organization",
    "alternatives",
    "reason",
    "overrideReason",
    "arguments",
    "better",
    "price",
    "differ",
    "lossReason",
    "comment",
}
SHOWN_MAX = 20


def personal_texts(node: object, personal: bool = False) -> Iterator[str]:
    """Give what scenarios say by or of people."""
    if isinstance(node, str) and personal:
        yield node
    elif isinstance(node, list):
        for part in node:
            yield from personal_texts(part, personal)
    elif isinstance(node, dict):
        for key, part in node.items():
            yield from personal_texts(part, personal or key in PERSONAL or key == "contact")


def canaries() -> set[bytes]:
    """Give the personal texts that nothing else is likely to say: those of several words."""
    found = set()
    for path in pathlib.Path(__file__).parents[1].glob("scenarios/*.json"):
        for step in json.loads(path.read_text(encoding="utf-8"))["steps"]:
            for text in personal_texts(step.get("request", {})):
                if len(text) > 7 and " " in text.strip() and "${" not in text:
                    found.add(text.encode())
    return found


def look(text: bytes, forms: dict[str, re.Pattern[bytes]]) -> Iterator[str]:
    """Give what is in a log that may not be there."""
    for what, form in forms.items():
        for match in form.finditer(text):
            start = text.rfind(b"\n", 0, match.start()) + 1
            line = text[start:].split(b"\n", 1)[0]
            yield f"{what}: {line[:400].decode(errors='replace')}"


def main(folder: pathlib.Path) -> int:
    forms = {what: re.compile(form) for what, form in FORMS.items()}
    texts = canaries()
    forms["what a person says"] = re.compile(b"|".join(re.escape(text) for text in sorted(texts)))
    found: list[str] = []
    lines = 0
    logs = sorted(folder.glob("*.log"))
    for log in logs:
        text = log.read_bytes()
        lines += text.count(b"\n")
        found += [f"{log.name}: {told}" for told in look(text, forms)]
    print(
        f"{len(logs)} logs of {lines} lines, looked through for {len(FORMS)} forms and {len(texts)} texts"
    )
    for told in found[:SHOWN_MAX]:
        print(told)
    if found:
        print(f"{len(found)} times there is what may not be there")
    if lines == 0:
        print("nothing was logged: then nothing is shown by finding nothing")
    return 1 if found or lines == 0 else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1])))

#!/usr/bin/env python3
"""Which scenario passes in which language: the table of clients/README.md.

Each client's tests write build/scenarios/LANGUAGE.txt, with "passed NAME" or "failed NAME" a line.

table.py                 puts what these say into the table; what was not run stays as it is
table.py --check [LANGUAGE...]
                         fails if one of these, or of those that were run, has not passed every
                         scenario, or if the table says something else
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "clients" / "README.md"
RESULTS = ROOT / "build" / "scenarios"
LANGUAGES = ("cpp", "python", "go", "typescript", "java", "rust")
BLOCK = re.compile(r"(<!-- generated: scenarios -->\n).*?(<!-- end -->)", re.S)
ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.M)
MARKS = {"passed": "✓", "failed": "✗"}
NOT_RUN = "–"


def scenarios() -> list[str]:
    return sorted(path.stem for path in (ROOT / "tests" / "scenarios").glob("*.json"))


def results(language: str) -> dict[str, str]:
    """Scenario to "passed" or "failed"; empty where the language was not run."""
    file = RESULTS / f"{language}.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {name: result for result, name in (line.split() for line in lines)}


def table(old: str) -> str:
    """The rows, with new results in the place of old ones."""
    before = {
        name: dict(zip(LANGUAGES, cells.split(" | "), strict=False))
        for name, cells in ROW.findall(old)
    }
    ran = {language: results(language) for language in LANGUAGES}
    lines = [
        f"| scenario | {' | '.join(LANGUAGES)} |",
        "| --- |" + " :-: |" * len(LANGUAGES),
    ]
    for name in scenarios():
        cells = [
            MARKS[ran[language][name]]
            if name in ran[language]
            else before.get(name, {}).get(language, NOT_RUN)
            for language in LANGUAGES
        ]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def with_table(text: str) -> str:
    """The page with the table as it is now."""
    return BLOCK.sub(lambda match: match[1] + table(match[0]) + match[2], text)


def breaches(languages: list[str]) -> list[str]:
    """What --check finds."""
    found = []
    for language in languages or [name for name in LANGUAGES if results(name)]:
        ran = results(language)
        if not ran:
            found.append(f"{language}: no result in {RESULTS.name}/{language}.txt")
            continue
        found += [
            f"{language}: {name} {ran.get(name, 'was not run')}"
            for name in scenarios()
            if ran.get(name) != "passed"
        ]
    text = README.read_text(encoding="utf-8")
    if with_table(text) != text:
        found.append("clients/README.md: the table is out of date; run tests/scenarios/table.py")
    return found


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--check"]:
        found = breaches(arguments[1:])
        print("\n".join(found) or "every scenario passed in every language that was run")
        return 1 if found else 0
    text = README.read_text(encoding="utf-8")
    README.write_text(with_table(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The code in README.md is cut from examples/: `python tests/readme.py` puts it there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The marker line before a block of code names the part: <!-- examples/watch.py [watch] -->
_BLOCK = re.compile(r"(<!-- examples/(\w+\.py) \[(\w+)\] -->\n)```python\n.*?```\n", re.DOTALL)


def part(file: str, name: str) -> str:
    """Give the marked part of an example."""
    text = (ROOT / "examples" / file).read_text()
    return text.partition(f"# [{name}]\n")[2].partition(f"# [/{name}]\n")[0]


def with_examples(text: str) -> str:
    """Give the text with every block of code as its example has it now."""
    return _BLOCK.sub(lambda m: f"{m[1]}```python\n{part(m[2], m[3])}```\n", text)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(with_examples(readme.read_text()))

"""Figures in pages: <!-- table: benchmarks/ranking.md 2 --> becomes that page's second table, with its source."""

import re
from pathlib import Path, PurePosixPath

_ASKED = re.compile(r"^<!-- table: (\S+\.md) (\d+) -->$", re.MULTILINE)
_TABLE = re.compile(r"^\|.*\|[ \t]*\n\|[-:| \t]+\|[ \t]*\n(?:\|.*\|[ \t]*(?:\n|\Z))+", re.MULTILINE)


class NoTable(ValueError):
    """A page asks for a table that is not there."""


def with_tables(markdown: str, root: Path, page: str) -> str:
    """The page's text with every table that it asks for. Raises ``NoTable``."""

    def found(match: re.Match[str]) -> str:
        name, number = match[1], int(match[2])
        tables = _TABLE.findall((root / name).read_text(encoding="utf-8")) if (root / name).is_file() else []
        if not 1 <= number <= len(tables):
            raise NoTable(f"{page} asks for table {number} of {name}, which has {len(tables)}")
        up = "../" * (len(PurePosixPath(page).parts) - 1)
        return f"{tables[number - 1].rstrip()}\n\n*From [{name}]({up}{name.replace('README.md', 'index.md')}).*"

    return _ASKED.sub(found, markdown)

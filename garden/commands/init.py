"""The command for the first hour with a library."""

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated

import typer

from garden.console import Bars
from garden.report.words import visible
from garden.setup import Found, find
from garden.setup.files import plant
from garden.setup.words import rows_of
from garden.workshop import store

NAMES = 17
NARROWEST, WIDEST = 60, 100


def init(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The folder of notes or patterns.", show_default=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")] = False,
) -> None:
    """Looks at a library, says what it found, and writes settings and schedules that fit it. Never overwrites.

    Examples:

      garden init notes             writes settings and schedules beside it

      garden init notes --dry-run   only says what it found
    """
    with Bars() as bars:
        found = find(path, store(), bars)
    if not dry_run:
        plant(found.files)
    print("\n".join(_told(found, path, dry_run=dry_run)))


def _told(found: Found, path: Path, *, dry_run: bool) -> Iterator[str]:
    yield visible(f"{path} is {found.survey.kind}.")
    yield ""
    for row in rows_of(found.survey, found.problems):
        yield from _row(row.name, row.text)
    for number, choice in enumerate(found.choices):
        yield from _row("" if number else "Settings", f"{choice.setting}: {choice.why}")
    yield ""
    written = [file for file in found.files if not file.there]
    for number, file in enumerate(written):
        verb = "Would write" if dry_run else "Written"
        yield from _row("" if number else verb, _seen(file.path))
    for file in found.files:
        if file.there:
            yield from _row("Left as it is", _seen(file.path))
    if not found.ground.git:
        yield from _row("Note", "not kept in git yet: branches, pull requests and the workflow need a repository")
    yield from _row("Next", f"garden {'check' if found.problems else 'tend'} {visible(str(path))}")


def _row(name: str, text: str) -> list[str]:
    width = min(max(get_terminal_size().columns, NARROWEST), WIDEST)
    lead = f"  {name:<{NAMES}}"
    return textwrap.wrap(visible(text), width, initial_indent=lead, subsequent_indent=" " * len(lead)) or [lead]


def _seen(path: Path) -> str:
    return os.path.relpath(path)

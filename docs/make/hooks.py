"""What MkDocs asks while it builds the pages: those that are made, the figures in others, the lists of the rest."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
# MkDocs loads this file alone, whatever folder it is called in.
sys.path.insert(0, str(ROOT))

from docs.make.commands import commands_page  # noqa: E402 - found by the line above
from docs.make.figures import figures_page  # noqa: E402 - the same
from docs.make.settings import settings_page  # noqa: E402 - the same
from docs.make.tables import with_tables  # noqa: E402 - the same

MADE = {"settings.md": settings_page, "commands.md": commands_page, "figures.md": figures_page}
BENCHMARKS, DECISIONS = "benchmarks", "decisions"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Writes out the entries of the navigation that stand for a folder."""
    config.nav = [_written_out(entry) for entry in config.nav or []]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are made, and the pages of benchmarks/ as they are."""
    for uri, page in MADE.items():
        files.append(File.generated(config, uri, content=page()))
    for path in _pages(ROOT / BENCHMARKS):
        uri = f"{BENCHMARKS}/{_as_index(path.name)}"
        files.append(File.generated(config, uri, content=_about_files(path.read_text(encoding="utf-8"))))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Puts figures in the places that ask for them."""
    return with_tables(markdown, ROOT, page.file.src_uri)


def _written_out(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    return {
        title: [{_title(path): f"{held}{_as_index(path.name)}"} for path in _folder(held)]
        if isinstance(held, str) and held.endswith("/")
        else held
        for title, held in entry.items()
    }


def _folder(name: str) -> list[Path]:
    return list(_pages(ROOT / BENCHMARKS if name == f"{BENCHMARKS}/" else ROOT / "docs" / name))


def _pages(folder: Path) -> Iterator[Path]:
    # README.md, the folder's own page, first.
    yield from sorted(folder.glob("*.md"), key=lambda path: (path.name != "README.md", path.name))


def _title(path: Path) -> str:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("# ").partition(":")[0].strip()


def _as_index(name: str) -> str:
    return "index.md" if name == "README.md" else name


def _about_files(text: str) -> str:
    """A page of benchmarks/ whose links to scripts and data, which the site has not, are names."""
    return re.sub(r"\[([^\]]+)\]\((?![a-z]+:|#)([^)]+\.(?!md\b)[a-z]+)\)", r"`\2`", text)

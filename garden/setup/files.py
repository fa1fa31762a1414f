"""The files that a new library is given: settings, Prefect deployments, a workflow for its pull requests."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from garden import __version__
from garden.errors import GardenError
from garden.library import SETTINGS_FILE, as_text
from garden.publish.base import library_prefix
from garden.publish.git import NoRepository, Repository
from garden.report.words import visible

PREFECT = "prefect.yaml"
WORKFLOW = ".github/workflows/graph-garden.yml"


@dataclass
class CannotWrite(GardenError):
    """A file of a new library cannot be written."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: cannot be written: {self.reason}; allow writing there, then run garden init again"


@dataclass(frozen=True)
class Ground:
    """Where a library lies: its folder, the folder in which tools are run, and the first seen from the second."""

    root: Path
    top: Path
    inside: str
    git: bool

    @property
    def name(self) -> str:
        """The library's name."""
        return as_text(self.root.resolve().name)


@dataclass(frozen=True)
class Planned:
    """One file to write: where, its text, and whether something lies there already."""

    path: Path
    text: str
    there: bool


def ground_of(root: Path) -> Ground:
    """The repository that a library lies in, or the library's own folder where it lies in none."""
    try:
        repository = Repository.of(root)
    except NoRepository:
        return Ground(root, root, ".", git=False)
    return Ground(root, repository.folder, library_prefix(repository, root).rstrip("/") or ".", git=True)


def planned(ground: Ground, settings: str, problems: int) -> tuple[Planned, ...]:
    """The files in order; ``problems`` is how many files the library's check would name today."""
    slug = re.sub(r"[^a-z0-9]+", "-", ground.name.lower()).strip("-") or "library"
    words = {"version": __version__, "name": ground.name, "slug": slug, "path": ground.inside, "problems": problems}
    texts = {
        ground.root / SETTINGS_FILE: settings,
        ground.top / PREFECT: _rendered("prefect.yaml.jinja", words),
        ground.top / WORKFLOW: _rendered("workflow.yml.jinja", words),
    }
    return tuple(Planned(path, text, os.path.lexists(path)) for path, text in texts.items())


def plant(files: tuple[Planned, ...]) -> None:
    """Writes the files that are not there. Raises ``CannotWrite``, also rather than write over one."""
    for file in files:
        if not file.there:
            try:
                file.path.parent.mkdir(parents=True, exist_ok=True)
                with file.path.open("x", encoding="utf-8", newline="\n") as handle:
                    handle.write(file.text)
            except OSError as error:
                raise CannotWrite(str(file.path), error.strerror or "") from error


@cache
def _templates() -> Environment:
    # Comments of the templates' own; {{ }} is what GitHub's workflows use themselves.
    made = Environment(
        autoescape=False,  # noqa: S701 - YAML: every value goes through the filter below
        undefined=StrictUndefined,
        variable_start_string="<<",
        variable_end_string=">>",
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    made.filters.update(yaml=_yaml, shell=_shell, visible=visible)
    return made


def _yaml(text: str) -> str:
    # A JSON text is a YAML text.
    return text if re.fullmatch(r"[A-Za-z][\w ./-]*[\w/]", text) else json.dumps(text)


def _shell(text: str) -> str:
    return text if re.fullmatch(r"[\w./-]+", text) else "'" + text.replace("'", "'\\''") + "'"


def _rendered(name: str, words: Mapping[str, object]) -> str:
    source = resources.files("garden.setup").joinpath("data", name).read_text(encoding="utf-8")
    return _templates().from_string(source).render(words)

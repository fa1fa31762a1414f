"""The first hour: looking at a library, and giving it the files that fit it."""

from dataclasses import dataclass
from pathlib import Path

from garden import library
from garden.library import Progress
from garden.models import Problem
from garden.report.words import counted
from garden.settings import settings_from
from garden.setup.files import Ground, Planned, ground_of, planned
from garden.setup.looking import language_of, looks_at, marks_of
from garden.setup.toml import settings_file
from garden.setup.words import notes_of
from garden.store import Store
from garden.survey import Survey, survey
from garden.survey.choices import Choice, choices

__all__ = ["Found", "find"]


@dataclass(frozen=True)
class Found:
    """What a library is like, what its check would say, and the files that fit it."""

    ground: Ground
    survey: Survey
    choices: tuple[Choice, ...]
    problems: tuple[Problem, ...]
    files: tuple[Planned, ...]


def find(root: Path, store: Store, progress: Progress) -> Found:
    """Looks at the folder ``root``; nothing is written.

    Problems are those that reading it by its own garden.toml meets, or by the new one where it has none. Raises
    ``NotALibrary`` where there is no Markdown file, and ``SettingsError`` where its own settings are wrong.
    """
    looks = looks_at(root, progress)
    found = survey(looks, marks_of(root), language_of(looks))
    fitting = choices(found)
    ground = ground_of(root)
    head = (
        f"Settings of Graph Garden for {ground.name}: {found.kind} of {counted(found.files, 'file')}.",
        "What stands behind a # is the default. The environment (GARDEN_LINKS__MOST=6) and flags win over this file.",
    )
    text = settings_file(head, fitting, notes_of(found))
    settings = settings_from(library.settings_text(root) or text, {}, {}, str(root / library.SETTINGS_FILE))
    problems = library.read(root, settings, store, progress).problems
    return Found(ground, found, fitting, problems, planned(ground, text, len({p.path for p in problems})))

"""What a library looks like to someone who has never seen it, and which settings fit it."""

from collections.abc import Collection
from dataclasses import dataclass

from garden.survey.fields import CANDIDATES, field_names, ids_in_names, titles_in_headings
from garden.survey.looks import Look, Roll
from garden.survey.sections import Sections, sections_of
from garden.survey.ties import Ties, ties_of

__all__ = ["Look", "Survey", "survey"]

ID_LIKE = 0.5


@dataclass(frozen=True)
class Survey:
    """What was found. ``headings`` and ``stamps`` count titles in headings and ids in files' names, where most are so.

    ``language`` is the code of the language that most texts are in, with its share of them; empty where none is.
    """

    kind: str
    files: int
    bare: int
    broken: int
    fields: dict[str, tuple[str, ...]]
    headings: int
    stamps: int
    ties: Ties
    sections: Sections
    language: tuple[str, float]


def survey(looks: Collection[Look], marks: Collection[str] = (), language: tuple[str, float] = ("", 0.0)) -> Survey:
    """What a library's files show; ``marks`` are the names of what else lies in its folder, or above it."""
    roll = Roll(tuple(sorted(looks, key=lambda look: look.path)))
    fields = field_names(roll)
    sections = sections_of(roll)
    taken = frozenset({name.partition(".")[0] for names in CANDIDATES.values() for name in names} | {sections.key})
    ties = ties_of(roll, taken)
    stamps = ids_in_names(roll, fields)
    return Survey(
        kind=_kind(marks, ties, sections, stamps),
        files=len(roll.looks),
        bare=sum(look.bare for look in roll.looks),
        broken=len(roll.looks) - len(roll.readable),
        fields=fields,
        headings=titles_in_headings(roll, fields),
        stamps=stamps,
        ties=ties,
        sections=sections,
        language=language,
    )


def _kind(marks: Collection[str], ties: Ties, sections: Sections, stamps: int) -> str:
    if sections.files or ties.group:
        return "a pattern library"
    if ".obsidian" in marks:
        return "an Obsidian vault"
    if "_config.yml" in marks:
        return "a Jekyll site"
    return "a Zettelkasten" if stamps else "a folder of notes"

"""The ids of a library's entities, each as one idea: how often it is used, under which labels, and since when."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from garden.entities.wording import plain_label, words_of_name
from garden.models import Pattern

NEVER = "9999"  # After every date.
_DEPTHS = frozenset(
    """
    depth depths deep deeper advanced basic basics beginner intermediate expert mastery level levels introduction intro
    foundation foundations foundational fundamental fundamentals primer essentials
    """.split()
)


class Standing(NamedTuple):
    """One entity that will stand in a pattern. ``place`` is its place in the list, below 0 where it is new."""

    place: int
    id: str
    label: str
    person: bool = False
    plain: bool = False


@dataclass(frozen=True)
class Idea:
    """One id with all its uses: how often it bears each label, whether it is a person, and when it was first pruned.

    ``bare`` says that some of its uses are bare strings, which may have to stay as they are.
    """

    id: str
    uses: int
    labels: tuple[tuple[str, int], ...]
    person: bool
    oldest: str
    bare: bool

    @cached_property
    def said(self) -> tuple[str, ...]:
        """What the id mostly says: the labels of at least half of its uses, so one, or two, or none."""
        return tuple(label for label, count in self.labels if 2 * count >= self.uses)


def _distinct(held: Iterable[Standing]) -> list[Standing]:
    """The first of each id."""
    first: dict[str, Standing] = {}
    for one in held:
        first.setdefault(one.id, one)
    return list(first.values())


def ideas_of(patterns: Sequence[Pattern], standing: Sequence[Sequence[Standing]]) -> dict[str, Idea]:
    """The idea of each id that stands in some pattern, by id."""
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    persons: dict[str, bool] = {}
    oldest: dict[str, str] = {}
    bare: set[str] = set()
    for pattern, held in zip(patterns, standing, strict=True):
        pruned = (pattern.section.last_pruned if pattern.section else None) or NEVER
        for one in _distinct(held):
            labels[one.id][one.label] += 1
            persons[one.id] = persons.get(one.id, True) and one.person
            oldest[one.id] = min(oldest.get(one.id, pruned), pruned)
            if one.plain:
                bare.add(one.id)
    return {
        name: Idea(name, counts.total(), _ordered(counts), persons[name], oldest[name], name in bare)
        for name, counts in sorted(labels.items())
    }


def _ordered(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def plain_labels(idea: Idea) -> tuple[str, ...]:
    """What the id mostly says, without remarks in parentheses."""
    return tuple(plain_label(label, idea.id) for label in idea.said)


def depth_of(idea: Idea) -> str:
    """The words of the id that tell a depth of an idea from the idea."""
    return _depth_of(idea.id)


@cache
def _depth_of(name: str) -> str:
    return " ".join(sorted(_DEPTHS.intersection(words_of_name(name))))

"""What people have said of pairs, in the curated relationships: it stands, and no inferred link repeats it.

A relationship may bear the old name of a pattern that was renamed. Where it has one clear heir, that one is meant.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from garden.links.choose import Pair
from garden.links.ties import Tie, canonical
from garden.models import Pattern
from garden.names import Names
from garden.vocabulary import Vocabulary


class Said(NamedTuple):
    """That the file of the pattern at ``place`` says ``kind`` of the other of a pair; ``old`` is the name by which it
    does, where that is none of the other's any more.
    """

    place: int
    kind: str
    old: str = ""

    @property
    def by_name(self) -> str:
        """The old name as a part of a sentence, empty where there is none."""
        return f" as {self.old}" if self.old else ""


def curated_pairs(patterns: Sequence[Pattern], names: Names) -> dict[Pair, Said]:
    """The pairs that people have joined, with what the first file says that does so by a present name, else by any."""
    found: dict[Pair, Said] = {}
    aged: dict[Pair, Said] = {}
    for other, said in _said(patterns, names):
        pair = (min(said.place, other), max(said.place, other))
        (aged if said.old else found).setdefault(pair, said)
    return {**aged, **found}


def curated_ties(patterns: Sequence[Pattern], names: Names, vocabulary: Vocabulary) -> list[Tie]:
    """Every curated relationship between two patterns, with its kind: what a ranking may learn from."""
    return canonical([Tie(said.place, other, said.kind) for other, said in _said(patterns, names)], vocabulary)


def _said(patterns: Sequence[Pattern], names: Names) -> Iterator[tuple[int, Said]]:
    """Each relationship to another pattern, with that one's place."""
    for place, pattern in enumerate(patterns):
        for relationship in pattern.relationships:
            known = names.find(relationship.target)
            other = names.meant(relationship.target) if known is None else known
            if other is not None and other != place:
                yield other, Said(place, relationship.kind, relationship.target if known is None else "")

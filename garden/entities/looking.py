"""Which labels the texts have word for word, looked for all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from garden.entities.labels import label_of, mentioned, read_label
from garden.models import Entity, Pattern
from garden.prose import Prose

Held = Sequence[Sequence[Entity]]


@dataclass(frozen=True)
class Looked:
    """What came of looking for labels in the texts: of how many entities the text ``said`` it, and which are doubtful.

    ``doubtful`` are the entities of each pattern about which neither the text nor the label settles everything.
    """

    said: int
    doubtful: Held


def look(patterns: Sequence[Pattern], proses: Sequence[Prose]) -> Looked:
    """Looks for the label of every entity in its pattern's text."""
    known = [
        (owner, entity)
        for owner, pattern in enumerate(patterns)
        for entity in entities_of(pattern)
        if read_label(label_of(entity)).known
    ]
    said = mentioned([(read_label(label_of(entity)), owner) for owner, entity in known], proses)
    doubtful: list[list[Entity]] = [[] for _ in patterns]
    for (owner, entity), settled in zip(known, said, strict=True):
        if not settled:
            doubtful[owner].append(entity)
    return Looked(sum(said), doubtful)


def doubtful_in(patterns: Sequence[Pattern], proses: Sequence[Prose]) -> Held:
    """The entities of each pattern about which neither the text nor the label settles everything."""
    return look(patterns, proses).doubtful


def indices_of(doubtful: Held) -> list[list[int]]:
    """Doubtful entities as their places in the lists of their patterns, which travel faster than they do."""
    return [[entity.index for entity in held] for held in doubtful]


def with_indices(patterns: Sequence[Pattern], indices: Sequence[Sequence[int]]) -> Held:
    """The entities of which ``indices_of`` tells."""
    some = map(frozenset, indices)
    return [[e for e in entities_of(one) if e.index in these] for one, these in zip(patterns, some, strict=True)]


def count_said(versions: Sequence[Held], proses: Sequence[Prose]) -> tuple[int, ...]:
    """Of how many entities the text has the label, as ``look`` finds it, in several versions of the same patterns.

    Each version holds the entities of each pattern; a label is looked for once.
    """
    held = [[(owner, label_of(one)) for owner, ones in enumerate(version) for one in ones] for version in versions]
    asked = sorted({pair for pairs in held for pair in pairs if read_label(pair[1]).known})
    said = dict(zip(asked, mentioned([(read_label(text), owner) for owner, text in asked], proses), strict=True))
    return tuple(sum(said.get(pair, False) for pair in pairs) for pairs in held)


def entities_of(pattern: Pattern) -> tuple[Entity, ...]:
    """The entities of a pattern, none where it has no section."""
    return pattern.section.entities if pattern.section else ()

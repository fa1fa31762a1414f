"""Which entities a pattern's text still bears.

An entity is borne by the words of its label: those that are rare in the library weigh most, for a common word
("practice") is found in any text. Support never falls when a text says more, so adding a mention never makes an entity
stale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.models import Entity, Pattern
from garden.prose import Prose


@dataclass(frozen=True)
class Verdict:
    """How well one entity is borne by its pattern's text: odds in 0..1, and the label's words found and missed."""

    entity: Entity
    odds: float
    found: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True)
class Rarity:
    """How rare each term is: its inverse document frequency over the library's proses."""

    keys: NDArray[np.uint64]
    documents: NDArray[np.int64]
    size: int

    def weight(self, key: int) -> float:
        """The weight of one term: log of patterns over patterns that have it."""
        place = int(np.searchsorted(self.keys, np.uint64(key)))
        known = place < len(self.keys) and int(self.keys[place]) == key
        count = float(self.documents[place]) if known else 0.0
        return float(np.log((self.size + 1) / (count + 0.5)))


def rarity_of(proses: Sequence[Prose]) -> Rarity:
    """Counts in how many of the proses each term occurs."""
    every = [prose.keys for prose in proses]
    keys, documents = np.unique(np.concatenate(every), return_counts=True) if every else (np.empty(0, np.uint64), np.empty(0))
    return Rarity(keys, documents.astype(np.int64), len(every))


def judge(patterns: Sequence[Pattern], proses: Sequence[Prose]) -> tuple[tuple[Verdict, ...], ...]:
    """A verdict for every entity of every pattern, in the order of the files."""
    rarity = rarity_of(proses)
    return tuple(
        tuple(_verdict(entity, prose, rarity) for entity in (pattern.section.entities if pattern.section else ()))
        for pattern, prose in zip(patterns, proses, strict=True)
    )


def _verdict(entity: Entity, prose: Prose, rarity: Rarity) -> Verdict:
    words = _words(entity.label)
    if not words:
        # A label of stop words or numbers alone says nothing that a text could lack.
        return Verdict(entity, 1.0, (), ())
    found = {word: _has(prose, key) for word, key in words.items()}
    weights = {word: rarity.weight(key) for word, key in words.items()}
    total = sum(weights.values())
    odds = sum(weights[word] for word in words if found[word]) / total if total else 1.0
    return Verdict(
        entity, round(odds, 3), tuple(w for w in words if found[w]), tuple(w for w in words if not found[w])
    )


def _words(label: str) -> dict[str, int]:
    """The meaningful words of a label with their keys, each key once."""
    words: dict[str, int] = {}
    for word in terms.TOKEN.findall(label.replace("-", " ")):
        key = terms.term_key(word)
        if key and key not in words.values():
            words[word] = key
    return words


def _has(prose: Prose, key: int) -> bool:
    place = int(np.searchsorted(prose.keys, np.uint64(key)))
    return place < len(prose.keys) and int(prose.keys[place]) == key

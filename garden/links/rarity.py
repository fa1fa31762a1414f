"""How rare words are among the patterns of a library."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.prose import Prose, counted
from garden.similarity import Floats

# A shared word says something about two patterns where at most this share of all patterns uses it.
SMALL_SHARE, FEW = 0.35, 12
RARE_SHARE = 0.15
WORN_SHARE = 0.06
USUAL_SHARE = 0.04
STEP = 1 / 8  # Of the logarithm of a count: what is a rare word hardly ever changes with one text more or less.


def in_steps(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts of one and more, each put to the nearest of few numbers: up to 9 all, beyond that an eighth more each."""
    steps = np.round(np.log(np.maximum(counts, 1)) / STEP) * STEP
    return np.where(counts > 0, np.round(np.exp(steps)), 0).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Rarity:
    """In how many of the proses each term occurs, and how many there are; both ``in_steps``.

    ``worn`` are the phrases that many of the proses have: a template's, or a commonplace; ``usual`` those that fewer
    have, and still too many to say something of two.
    """

    keys: terms.Keys
    documents: NDArray[np.int64]
    size: int
    worn: frozenset[int]
    usual: frozenset[int]

    @classmethod
    def of(cls, proses: Sequence[Prose]) -> "Rarity":
        """Counts the terms and phrases of the proses."""
        words = counted(tuple(proses))
        size = int(in_steps(np.array([len(proses)]))[0])
        told = np.concatenate([np.empty(0, np.uint32), *(prose.phrases for prose in proses)])
        phrases, having = np.unique(told, return_counts=True)
        worn, usual = (phrases[having > most_of(share, size)] for share in (WORN_SHARE, USUAL_SHARE))
        return cls(words.keys, in_steps(words.documents), size, frozenset(worn.tolist()), frozenset(usual.tolist()))

    def documents_of(self, keys: terms.Keys) -> NDArray[np.int64]:
        """In how many proses each of the keys occurs, 0 where in none."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.documents[place], 0)

    def weights(self, keys: terms.Keys) -> Floats:
        """The inverse document frequency of each of the keys: log of all over those that have it."""
        return self.weights_in(self.documents_of(keys))

    def weights_in(self, documents: NDArray[np.int64]) -> Floats:
        """The same for terms that so many proses have."""
        return np.asarray(np.log((self.size + 1) / (documents + 0.5)), dtype=np.float32)

    def rare(self, keys: terms.Keys, share: float = RARE_SHARE) -> NDArray[np.bool_]:
        """Which of the keys few patterns use. In a small library even its subjects are in many patterns."""
        return np.asarray(self.documents_of(keys) <= most_of(share, self.size))


def most_of(share: float, size: int) -> float:
    """How many of a library's patterns a share of them is, where a small library may have a few more."""
    return max(share * size, min(SMALL_SHARE * size, FEW))

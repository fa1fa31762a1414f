"""Which words a pattern is about: those that it uses far more often than the library does.

The measure is the log-likelihood ratio of Dunning (1993), "Accurate methods for the statistics of surprise and
coincidence", as corpus linguistics reads it for key words (Rayson and Garside, 2000).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.links.rarity import in_steps
from garden.prose import Prose, counted
from garden.similarity import Floats

OFTEN = 3  # What a text says less often it does not come back to.
KEY = 10.83  # Words used as evenly as the library's reach this once in a thousand.


@dataclass(frozen=True, eq=False)
class Keyness:
    """How often the proses of a library use each term, by sorted keys, and all terms together; both ``in_steps``.

    ``subjects`` tells how many of the proses have each term as a key word that they come back to: many mention
    "stages", and hardly any is about them, while what hundreds are about says little of two.
    """

    keys: terms.Keys
    totals: NDArray[np.float64]
    size: int
    subjects: NDArray[np.int64]

    @classmethod
    def of(cls, proses: Sequence[Prose]) -> "Keyness":
        """Counts the terms of the proses."""
        words = counted(tuple(proses))
        keys, place = words.keys, words.places
        counts = np.concatenate([np.empty(0, np.float32), *(prose.counts for prose in proses)])
        totals = in_steps(np.bincount(place, counts, len(keys)).astype(np.int64))
        size = int(in_steps(np.array([int(counts.sum())]))[0])
        used = np.array([prose.counts.sum() for prose in proses], np.float64)
        lengths = np.array([len(prose.keys) for prose in proses], np.intp)
        expected = totals[place] * np.repeat(used, lengths) / max(size, 1)
        about = (_likelihoods(counts.astype(np.float64), expected) >= KEY) & (counts >= OFTEN)
        return cls(keys, totals.astype(np.float64), size, np.bincount(place, about, len(keys)).astype(np.int64))

    def places(self, said: Prose) -> NDArray[np.intp]:
        """The place among the keys of each term of a prose of the library."""
        return np.asarray(np.searchsorted(self.keys, said.keys), np.intp)

    def values(self, said: Prose, places: NDArray[np.intp] | None = None) -> Floats:
        """How far each term of a prose of the library is a key word of it, 0 where it is used less than elsewhere."""
        used = said.counts.astype(np.float64)
        at = self.places(said) if places is None else places
        return _likelihoods(used, self.totals[at] * (used.sum() / max(self.size, 1)))


def _likelihoods(used: NDArray[np.float64], expected: NDArray[np.float64]) -> Floats:
    value = 2 * (used * np.log(used / expected) - (used - expected))
    return np.where(used > expected, value, 0).round(2).astype(np.float32)

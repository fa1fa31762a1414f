"""What part of speech the words of a library are, as far as their neighbours in all its texts tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden import prose, terms
from garden.prose import Prose

# Of the texts that have a word, the least share that use it as a noun (on its own after an article, or the like) where
# it is one. What looks like an adjective must do so more often.
NOUN_SHARE, SURE_SHARE = 0.1, 0.3
COUNTED_SHARE = 0.1  # Of the texts that use a noun as one.
VERB_SHARE = 0.08


@dataclass(frozen=True, eq=False)
class Usage:
    """For each key that some text has (sorted), the share of these texts in which it is of each kind."""

    keys: terms.Keys
    nouns: NDArray[np.float64]
    counts: NDArray[np.float64]
    verbs: NDArray[np.float64]

    @classmethod
    def of(cls, proses: Sequence[Prose]) -> "Usage":
        """Counts the kinds of the words of the proses."""
        every = np.concatenate([np.empty(0, np.uint64), *(one.keys for one in proses)])
        kinds = np.concatenate([np.empty(0, np.uint8), *(one.kinds for one in proses)])
        keys, place, texts = np.unique(every, return_inverse=True, return_counts=True)
        told = (kinds >= prose.NOUN, kinds == prose.COUNTED, kinds == prose.VERB)
        return cls(keys, *(np.bincount(place, some, len(keys)) / np.maximum(texts, 1) for some in told))

    def noun(self, key: int, *, doubtful: bool) -> bool:
        """Whether a word is a noun; one whose end makes it ``doubtful`` must be one more often."""
        return self._share(self.nouns, key) >= (SURE_SHARE if doubtful else NOUN_SHARE)

    def counted(self, key: int) -> bool:
        """Whether a noun has a plural."""
        return self._share(self.counts, key) > COUNTED_SHARE * self._share(self.nouns, key)

    def verb(self, key: int) -> bool:
        """Whether a word is rather a verb."""
        verbs = self._share(self.verbs, key)
        return verbs >= VERB_SHARE and verbs > self._share(self.nouns, key)

    def _share(self, shares: NDArray[np.float64], key: int) -> float:
        place = int(np.searchsorted(self.keys, np.uint64(key)))
        return float(shares[place]) if place < len(self.keys) and int(self.keys[place]) == key else 0.0

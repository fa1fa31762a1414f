"""What part of speech the words of a library are, as far as their neighbours in all its texts tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from garden import prose, terms
from garden.prose import Prose

# Of the texts that have a word, the least share that use it as a noun (on its own after an article, or the like) where
# it is one. What looks like an adjective must do so more often.
NOUN_SHARE, SURE_SHARE = 0.1, 0.3
COUNTED_ALWAYS = 0.1  # No adjective stands alone after "a" in so many of the texts that have it.
VERB_SHARE = 0.08


NOUN, SURE_NOUN, COUNTED, VERB, MASS, SURELY_COUNTED = 1, 2, 4, 8, 16, 32
FAR_MORE = 3  # Texts that count what is surely counted, for each that does not.


@dataclass(frozen=True, eq=False)
class Usage:
    """For each key that some text has (sorted), what it is in enough of the texts: ``NOUN`` and so on, added up."""

    keys: terms.Keys
    kinds: NDArray[np.uint8]

    @classmethod
    def of(cls, proses: Sequence[Prose]) -> "Usage":
        """Counts the kinds of the words of the proses."""
        every = np.concatenate([np.empty(0, np.uint64), *(one.keys for one in proses)])
        kinds = np.concatenate([np.empty(0, np.uint8), *(one.kinds for one in proses)])
        keys, place, texts = np.unique(every, return_inverse=True, return_counts=True)
        told = (kinds >= prose.NOUN, kinds == prose.COUNTED, kinds == prose.MASS, kinds == prose.VERB)
        nouns, counted, masses, verbs = (np.bincount(place, some, len(keys)) / np.maximum(texts, 1) for some in told)
        found = NOUN * (nouns >= NOUN_SHARE) + SURE_NOUN * ((nouns >= SURE_SHARE) | (counted >= COUNTED_ALWAYS))
        found += COUNTED * (counted > masses) + VERB * ((verbs >= VERB_SHARE) & (verbs > nouns))
        found += MASS * (masses > 0) + SURELY_COUNTED * ((counted > 0) & (counted >= FAR_MORE * masses))
        return cls(keys, found.astype(np.uint8))

    def noun(self, key: int, *, doubtful: bool) -> bool:
        """Whether a word is a noun; one whose end makes it ``doubtful`` must be one more often, or be counted."""
        return self._is(key, SURE_NOUN if doubtful else NOUN)

    def counted(self, key: int) -> bool:
        """Whether a noun is counted in more texts than use it as a mass."""
        return self._is(key, COUNTED)

    def surely_counted(self, key: int) -> bool:
        """Whether far more texts count a noun than use it as a mass."""
        return self._is(key, SURELY_COUNTED)

    def mass(self, key: int) -> bool:
        """Whether some text uses a noun as a mass."""
        return self._is(key, MASS)

    def verb(self, key: int) -> bool:
        """Whether a word is rather a verb."""
        return self._is(key, VERB)

    def _is(self, key: int, kind: int) -> bool:
        return bool(self._kinds.get(key, 0) & kind)

    @cached_property
    def _kinds(self) -> dict[int, int]:
        return dict(zip(self.keys.tolist(), self.kinds.tolist(), strict=True))

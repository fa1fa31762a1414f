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


# Of the texts that have a word, fewer than SELDOM_SHARE write it in the plural where it is hardly counted, and fewer
# than HARDLY_SHARE where there is but one of it; then so many have it bare, or after "the".
SELDOM_SHARE, HARDLY_SHARE, OFTEN_SHARE = 0.2, 0.1, 0.4
BARE_SHARE, UNIQUE_SHARE = 0.1, 0.3
ENOUGH = 8  # Fewer texts than these do not tell.
NOUN, SURE_NOUN, COUNTED, VERB, MASS, SURELY_COUNTED, BARE, UNIQUE, SELDOM, OFTEN = (1 << bit for bit in range(10))
FAR_MORE = 3  # Texts that count what is surely counted, for each that does not.


@dataclass(frozen=True, eq=False)
class Usage:
    """For each key that some text has (sorted), what it is in enough of the texts: ``NOUN`` and so on, added up."""

    keys: terms.Keys
    kinds: NDArray[np.uint16]

    @classmethod
    def of(cls, proses: Sequence[Prose]) -> "Usage":
        """Counts the kinds of the words of the proses."""
        words = prose.counted(tuple(proses))
        keys, place, texts = words.keys, words.places, words.documents
        kinds = np.concatenate([np.empty(0, np.uint8), *(one.kinds for one in proses)])
        is_a = (kinds >= prose.NOUN, kinds == prose.COUNTED, kinds == prose.MASS, kinds == prose.VERB)
        nouns, counted, masses, verbs = (np.bincount(place, some, len(keys)) / np.maximum(texts, 1) for some in is_a)
        found = NOUN * (nouns >= NOUN_SHARE) + SURE_NOUN * ((nouns >= SURE_SHARE) | (counted >= COUNTED_ALWAYS))
        found += COUNTED * (counted > masses) + VERB * ((verbs >= VERB_SHARE) & (verbs > nouns))
        found += MASS * (masses > 0) + SURELY_COUNTED * ((counted > 0) & (counted >= FAR_MORE * masses))
        ways = np.concatenate([np.empty(0, np.uint8), *(one.ways for one in proses)])
        written = (prose.MANY, prose.THE, prose.ONE, prose.BARE)
        many, the, one, bare = (np.bincount(place, ways & way > 0, len(keys)) / np.maximum(texts, 1) for way in written)
        told = texts >= ENOUGH
        found += BARE * (told & (many < SELDOM_SHARE) & (bare >= BARE_SHARE) & (bare > the) & (bare > one))
        found += UNIQUE * (told & (many < HARDLY_SHARE) & (the >= UNIQUE_SHARE) & (the > bare + one))
        found += SELDOM * (told & (many < SELDOM_SHARE)) + OFTEN * (many >= OFTEN_SHARE)
        return cls(keys, found.astype(np.uint16))

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

    def bare(self, key: int) -> bool:
        """Whether texts write a noun neither in the plural nor after an article."""
        return self._is(key, BARE)

    def unique(self, key: int) -> bool:
        """Whether texts write a noun after "the" rather than in the plural: there is one of it, as of the internet."""
        return self._is(key, UNIQUE)

    def seldom_many(self, key: int) -> bool:
        """Whether few texts write a noun in the plural."""
        return self._is(key, SELDOM)

    def often_many(self, key: int) -> bool:
        """Whether many texts write a noun in the plural."""
        return self._is(key, OFTEN)

    def verb(self, key: int) -> bool:
        """Whether a word is rather a verb."""
        return self._is(key, VERB)

    def _is(self, key: int, kind: int) -> bool:
        return bool(self._kinds.get(key, 0) & kind)

    @cached_property
    def _kinds(self) -> dict[int, int]:
        return dict(zip(self.keys.tolist(), self.kinds.tolist(), strict=True))

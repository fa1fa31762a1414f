"""What is made once of a library for all of its pairs: how rare its words are, its names, its sentences.

Little of that is one pattern's own. ``rests_on`` says of each pattern what the evidence of its pairs rests on, so that
the evidence of an earlier run serves again wherever all of it is as it was.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.links.about import SURELY, Subjects, spreads, subjects
from garden.links.keyness import Keyness
from garden.links.lexicon import Lexicon
from garden.links.quotes import Quotes, is_worn, quotes_of, worn_ends
from garden.links.rarity import Rarity
from garden.links.senses import Meanings, Senses, plain
from garden.links.shared import Ends
from garden.links.shelf import Shelf
from garden.links.usage import Usage
from garden.prose import NOUN, Prose

Facts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Wording:
    """What the proses of a library make of their words, whoever bears which name."""

    rarity: Rarity
    keyness: Keyness
    usage: Usage
    worn: frozenset[str]


@lru_cache(maxsize=1)
def studied(proses: tuple[Prose, ...]) -> Wording:
    """The wording of some proses. That of the last ones is kept, so it can be made before it is needed."""
    return Wording(Rarity.of(proses), Keyness.of(proses), Usage.of(proses), worn_ends(proses))


@dataclass(frozen=True, eq=False)
class Study:
    """A shelf with all that is known of its words. What one pattern needs is made when it is asked for.

    ``senses`` are those of the words of the patterns that it is asked about, where something tells them.
    """

    shelf: Shelf
    rarity: Rarity
    keyness: Keyness
    lexicon: Lexicon
    worn: frozenset[str]
    senses: Senses | None = None
    _quotes: dict[int, Quotes] = field(default_factory=dict)
    _about: dict[int, Subjects] = field(default_factory=dict)
    _nouns: dict[int, tuple[terms.Keys, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, shelf: Shelf) -> "Study":
        """Studies a shelf."""
        words = studied(shelf.proses)
        return cls(shelf, words.rarity, words.keyness, Lexicon.of(shelf, words.usage), words.worn)

    def senses_of(self, pairs: Collection[tuple[int, int]], meanings: Meanings) -> Senses | None:
        """The senses of the words that some pairs may have for topics."""
        return meanings.of(sorted({noun for pair in pairs for noun in self._shared_nouns(*pair).values()}))

    def _shared_nouns(self, left: int, right: int) -> dict[int, str]:
        """The nouns that both say and one is about, by key, each as its sense is asked for."""
        shared: dict[int, str] = {}
        for place, other in ((right, left), (left, right)):
            keys, nouns = self._nouns_of(place)
            held = terms.holds(self.shelf.proses[other].keys, keys)
            shared.update((int(keys[at]), nouns[at]) for at in np.flatnonzero(held).tolist())
        return shared

    def _nouns_of(self, place: int) -> tuple[terms.Keys, list[str]]:
        """The keys of the nouns that a pattern is about, and how it writes each."""
        if place not in self._nouns:
            prose, words = self.shelf.proses[place], self.shelf.proses[place].words
            sure = (prose.kinds >= NOUN) & (prose.counts >= SURELY)
            central = np.flatnonzero(self._about_of(place).central).tolist()
            at = [i for i in central if sure[i] or self.lexicon.noun(int(prose.keys[i]), words[i])]
            self._nouns[place] = (prose.keys[at], [plain(words[i]) for i in at])
        return self._nouns[place]

    def ends(self, left: int, right: int) -> Ends:
        """Two patterns by their places, side by side."""
        return Ends(
            titles=(self.shelf.titles[left], self.shelf.titles[right]),
            proses=(self.shelf.proses[left], self.shelf.proses[right]),
            quotes=(self._quotes_of(left), self._quotes_of(right)),
            about=(self._about_of(left), self._about_of(right)),
            places=(left, right),
            senses=self.senses,
            nouns=self._shared_nouns(left, right) if self.senses else {},
        )

    def _quotes_of(self, place: int) -> Quotes:
        if place not in self._quotes:
            self._quotes[place] = quotes_of(self.shelf.proses[place], self.rarity, self.worn)
        return self._quotes[place]

    def _about_of(self, place: int) -> Subjects:
        if place not in self._about:
            lead = self._quotes_of(place).lead | terms.said_keys(self.shelf.titles[place])
            self._about[place] = subjects(self.shelf.proses[place], self.rarity, self.keyness, lead)
        return self._about[place]

    def rests_on(self, places: Sequence[int], encoder: str = "") -> dict[int, bytes]:
        """For each of these places 16 bytes that change with anything that the evidence of its pairs rests on.

        ``encoder`` names what tells the senses of words, if anything does.
        """
        proses = [self.shelf.proses[place] for place in places]
        words = _in_rows(self._of_words(proses), [len(prose.keys) for prose in proses])
        names = _in_rows(self._of_names(proses), [len(prose.phrases) for prose in proses])
        facts = zip(places, words, names, strict=True)
        return {place: self._digest(encoder, place, *some) for place, *some in facts}

    def _digest(self, encoder: str, place: int, words: Facts, names: Facts) -> bytes:
        shelf, prose = self.shelf, self.shelf.proses[place]
        own = [(entity.id, entity.label) for entity in shelf.entities[place]]
        fresh = [not is_worn(sentence, self.worn) for sentence in prose.sentences]
        said = repr((encoder, self.rarity.size, self.keyness.size, shelf.titles[place], own, fresh)).encode(
            "utf-8", "surrogatepass"
        )
        return blake2b(b"".join((prose.digest, words.tobytes(), names.tobytes(), said)), digest_size=16).digest()

    def _of_words(self, proses: Sequence[Prose]) -> Facts:
        """What the library makes of each word of each prose, one after another."""
        heads = np.array(sorted(self.lexicon.heads), np.uint64)
        # All have counted the same proses, so their keys are the same.
        facts = self.keyness.totals.astype(np.int64) << 38 | self.rarity.documents << 13
        facts |= spreads(self.keyness.subjects, self.rarity.size).astype(np.int64) << 11
        facts |= self.lexicon.usage.kinds.astype(np.int64) << 1
        facts |= terms.holds(heads, self.rarity.keys)
        every = np.concatenate([np.empty(0, np.uint64), *(prose.keys for prose in proses)])
        return np.asarray(facts[np.searchsorted(self.rarity.keys, every)])

    def _of_names(self, proses: Sequence[Prose]) -> Facts:
        """Which names of the library begin with each phrase of each prose in order, and how worn it is."""
        phrases = np.array(sorted(self.lexicon.names), np.uint32)
        groups = np.array([_number(self.lexicon.names[int(phrase)]) for phrase in phrases], np.int64)
        every = np.concatenate([np.empty(0, np.uint32), *(prose.phrases for prose in proses)])
        worn = _among(every, self.rarity.worn) | _among(every, self.rarity.usual) << 1
        if not len(phrases):
            return worn
        places = np.minimum(np.searchsorted(phrases, every), len(phrases) - 1)
        return np.where(phrases[places] == every, groups[places], 0) << 2 | worn


def _among(phrases: terms.Phrases, some: frozenset[int]) -> Facts:
    return terms.holds(np.array(sorted(some), np.uint32), phrases).astype(np.int64)


def _number(names: Sequence[object]) -> int:
    digest = blake2b(repr(names).encode("utf-8", "surrogatepass"), digest_size=7).digest()
    return 1 + int.from_bytes(digest, "little")


def _in_rows(facts: Facts, lengths: Sequence[int]) -> list[Facts]:
    ends = np.cumsum([0, *lengths])
    return [facts[start:end] for start, end in pairwise(ends.tolist())]

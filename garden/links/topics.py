"""What two patterns both deal with, as a person would name it.

A word in passing is no topic: both texts come back to it, or one of the two is about it; and it is a noun, as far as
the library tells. Names that both texts mention and two words in a row that both have go before single words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from garden import terms
from garden.links.lexicon import Lexicon, Name, name_of
from garden.links.quotes import Quotes
from garden.links.rarity import Rarity
from garden.prose import Prose

MOST = 6
LOOKED_AT = 40
DWELT_ON = 2  # What both texts say at least so often is not said in passing.
NAME_GAIN, PHRASE_GAIN = 1.5, 1.25
SUBJECT_GAIN = 2.0
TELLING_SHARE = 0.06  # A word that one pattern alone is about is a topic where at most this share of all uses it.
SUBJECTS, OFTEN = 24, 3  # A pattern is about its weightiest terms, where they come often.


Subjects = frozenset[int]


class Topic(NamedTuple):
    """What both deal with: as it is shown, the keys of its words, and which of the two patterns is about it."""

    text: str
    keys: tuple[int, ...]
    about: tuple[bool, bool] = (False, False)

    def turned(self) -> "Topic":
        """The same, seen from the other end."""
        return self._replace(about=self.about[::-1])


def subjects(said: Prose, rarity: Rarity) -> Subjects:
    """The keys of what a pattern is about."""
    often = np.flatnonzero(said.counts >= OFTEN)
    weights = np.round(rarity.weights(said.keys[often]) * np.log1p(said.counts[often]), 4)
    best = often[np.lexsort((said.keys[often], -weights))[:SUBJECTS]]
    return frozenset(said.keys[best].tolist())


@dataclass(frozen=True, eq=False)
class Ends:
    """Two patterns side by side: their texts, their sentences, and what each is about."""

    proses: tuple[Prose, Prose]
    quotes: tuple[Quotes, Quotes]
    about: tuple[Subjects, Subjects]


class _Word(NamedTuple):
    """A word that both texts have."""

    weight: float
    rare: bool
    form: str


class _Words(dict[int, _Word]):
    """The words that both texts have by their keys, each made when it is asked for: they are many, and few are shown.

    ``first`` are the keys of those looked at, weightiest first, ``apart`` those of them that could be a topic alone.
    """

    def __init__(self, ends: Ends, rarity: Rarity) -> None:
        super().__init__()
        left, right = ends.proses
        self.shared, a, b = np.intersect1d(left.keys, right.keys, assume_unique=True, return_indices=True)
        self.sides, self.places = (left, right), (a, b)
        least = np.minimum(left.counts[a], right.counts[b])
        about = np.zeros(len(self.shared), np.float32)
        for some in ends.about:
            about += (self.shared[:, None] == np.fromiter(some, np.uint64, len(some))).any(axis=1)
        self.weights = np.round(rarity.weights(self.shared) * np.log1p(least) * (1 + SUBJECT_GAIN * about), 4)
        self.rare, telling = rarity.rare(self.shared), rarity.rare(self.shared, TELLING_SHARE)
        first = np.lexsort((self.shared, -self.weights))[:LOOKED_AT]
        self.first = self.shared[first]
        telling = np.where(about == len(ends.about), self.rare, telling)
        apart = telling & ((least >= DWELT_ON) | (about > 0))
        self.apart: list[int] = self.first[apart[first]].tolist()

    @cached_property
    def _forms(self) -> tuple[list[str], list[str]]:
        return self.sides[0].words, self.sides[1].words

    def __missing__(self, key: int) -> _Word:
        i = int(np.searchsorted(self.shared, np.uint64(key)))
        a, b = int(self.places[0][i]), int(self.places[1][i])
        left, right = self.sides
        # Where one text shows the word to be a noun, it is shown as that text writes it.
        forms = (self._forms[0][a], self._forms[1][b])
        forms = forms[::-1] if right.kinds[b] > left.kinds[a] else forms
        self[key] = _Word(
            weight=float(self.weights[i]),
            rare=bool(self.rare[i]),
            form=_smaller(*forms),
        )
        return self[key]


@dataclass(frozen=True, eq=False)
class Common:
    """What two texts share."""

    ends: Ends
    rarity: Rarity
    lexicon: Lexicon

    def topics(self, most: int = MOST) -> list[Topic]:
        """What both deal with, weightiest first; no word stands in two of them."""
        taken: set[int] = set()
        shown: set[str] = set()
        found: list[Topic] = []
        ranked = sorted((*self._names(), *self._pairs(), *self._nouns()), key=lambda item: (-item[0], item[1]))
        for _, topic in ranked:
            plain = topic.text.lower().removesuffix("s")
            if taken.isdisjoint(topic.keys) and plain not in shown:
                found.append(topic)
                taken.update(topic.keys)
                shown.add(plain)
        return found[:most]

    @cached_property
    def _words(self) -> "_Words":
        return _Words(self.ends, self.rarity)

    @cached_property
    def _shared_phrases(self) -> terms.Phrases:
        left, right = self.ends.proses
        return np.intersect1d(left.phrases, right.phrases, assume_unique=True)

    @cached_property
    def _phrases(self) -> frozenset[int]:
        return frozenset(self._shared_phrases.tolist())

    def _names(self) -> Iterable[tuple[float, Topic]]:
        for phrase in sorted(self._phrases & self.lexicon.names.keys()):
            for name in self.lexicon.names[phrase]:
                if self._phrases.issuperset(name.phrases) and any(self._words[key].rare for key in name.keys):
                    weight = NAME_GAIN * sum(self._words[key].weight for key in name.keys)
                    yield weight, self._topic(self._cased(name), name.keys)

    def _pairs(self) -> Iterable[tuple[float, Topic]]:
        """Two words in a row that both texts have, of which the second is a noun."""
        looked = self._words.first
        first, second = np.divmod(np.arange(len(looked) ** 2), max(len(looked), 1))
        phrases = terms.phrase_key(looked[first], looked[second])
        both = np.flatnonzero(np.isin(phrases, self._shared_phrases) & (first != second))
        for a, b in zip(looked[first[both]].tolist(), looked[second[both]].tolist(), strict=True):
            if not self.lexicon.noun(b, self._words[b].form):
                continue
            one, other = self._words[a], self._words[b]
            written = self._written(a, b) if self.lexicon.leads(a, one.form) and (one.rare or other.rare) else None
            if written:
                yield PHRASE_GAIN * (one.weight + other.weight), self._topic(written, (a, b))

    def _nouns(self) -> Iterable[tuple[float, Topic]]:
        for key in self._words.apart:
            word = self._words[key]
            if self.lexicon.noun(key, word.form):
                yield word.weight, self._topic(self.lexicon.counted(key, word.form), (key,))

    def _topic(self, text: str, keys: tuple[int, ...]) -> Topic:
        left, right = (any(key in some for key in keys) for some in self.ends.about)
        return Topic(text, keys, (left, right))

    def _cased(self, name: Name) -> str:
        """The name as a text would write it: small, unless both texts write one of its words with a capital."""
        every = [self._words[key].form for key in name.keys]
        if any(form[:1].isupper() and not form.isupper() for form in every):
            return name.text
        forms = iter(every)
        return terms.TOKEN.sub(lambda word: word[0].lower() if next(forms)[:1].islower() else word[0], name.text)

    def _written(self, one: int, other: int) -> str | None:
        return next(filter(None, (quotes.written(one, other) for quotes in self.ends.quotes)), None)


def _smaller(one: str, other: str) -> str:
    """How a shared word is shown: as an abbreviation where it is one, else small where either text writes it small."""
    if one[:2].isupper() or other[:2].isupper():
        return one if one[:2].isupper() else other
    return next((form for form in (one, other) if form[:1].islower()), one)


def named(said: Prose, title: str, rarity: Rarity) -> bool:
    """Whether a text has a title of two words and more, word by word, and the title is no common phrase."""
    name = name_of(title)
    if name is None or not name.phrases or not rarity.rare(np.array(name.keys, np.uint64)).any():
        return False
    return bool(np.isin(np.array(name.phrases, np.uint32), said.phrases).all())


def beside(topics: Sequence[Topic], title: str) -> list[Topic]:
    """Those of the topics that say more than a title does."""
    words = set(terms.content_keys(title).tolist())
    return [topic for topic in topics if not words.issuperset(topic.keys)]


def said_by_both(topics: Sequence[Topic], left: str, right: str) -> list[Topic]:
    """Those of the topics whose words are all in both sentences."""
    said = [set(terms.content_keys(text).tolist()) for text in (left, right)]
    return [topic for topic in topics if all(words.issuperset(topic.keys) for words in said)]

"""What two patterns both deal with, as a person would name it.

A word in passing is no topic: both texts come back to it, or one of the two is about it; and it is a noun as far as its
neighbours in the texts tell, or the library's own names, whose last words are nouns. Names that both texts mention and
two words in a row that both have go before single words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from garden import prose, terms
from garden.links.quotes import Quotes, without_owner
from garden.links.rarity import Rarity
from garden.links.shelf import Shelf
from garden.prose import Prose

MOST = 6
LOOKED_AT = 40
NAME_GAIN, PHRASE_GAIN = 1.5, 1.25
SUBJECT_GAIN = 2.0
LONGEST_NAME = 4
ADJECTIVE = ("able", "al", "ed", "ful", "ible", "ic", "ive", "less", "ly", "ous")
SUBJECTS, OFTEN = 24, 3  # A pattern is about its weightiest terms, where they come often.
PLURALS = {"child": "children", "man": "men", "person": "people", "woman": "women"}
PLURAL_ES = ("s", "x", "z", "ch", "sh")

Subjects = frozenset[int]


class Topic(NamedTuple):
    """What both deal with: as it is shown, the keys of its words, and which of the two patterns is about it."""

    text: str
    keys: tuple[int, ...]
    about: tuple[bool, bool] = (False, False)

    def turned(self) -> "Topic":
        """The same, seen from the other end."""
        return self._replace(about=self.about[::-1])


class Name(NamedTuple):
    """A name of the library as it is written, the keys of its words, and of each two in a row."""

    text: str
    keys: tuple[int, ...]
    phrases: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The names of a library: ``heads`` are the keys of the last words of names, ``names`` go by their first phrase."""

    heads: frozenset[int]
    names: Mapping[int, tuple[Name, ...]]

    @classmethod
    def of(cls, shelf: Shelf) -> "Lexicon":
        """The titles and labels of entities of a shelf. A word is a head where it ends two names and more."""
        every = {*shelf.titles, *(entity.label for entities in shelf.entities for entity in entities)}
        found = [name for name in map(name_of, sorted(every)) if name]
        by_phrase: dict[int, list[Name]] = {}
        for name in found:
            if name.phrases and len(name.keys) <= LONGEST_NAME:
                by_phrase.setdefault(name.phrases[0], []).append(name)
        ends = Counter(name.keys[-1] for name in found)
        heads = frozenset(key for key, count in ends.items() if count > 1)
        return cls(heads, {key: tuple(some) for key, some in by_phrase.items()})


def name_of(text: str) -> Name | None:
    """The name as words and keys; None where it has no word, or one that carries no meaning of its own."""
    keys = terms.token_keys(text)[1]
    if not len(keys) or not keys.all():
        return None
    return Name(text, tuple(keys.tolist()), tuple(terms.phrase_keys(keys).tolist()))


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
    least: float
    kind: int
    rare: bool
    form: str

    @property
    def leads(self) -> bool:
        """Whether it can be the first word of a name."""
        return self.kind != prose.VERB and not self.form.endswith("ly") and without_owner(self.form) == self.form


class _Words(dict[int, _Word]):
    """The words that both texts have by their keys, each made when it is asked for: they are many, and few are shown.

    ``first`` are the keys of those looked at, weightiest first.
    """

    def __init__(self, ends: Ends, rarity: Rarity) -> None:
        super().__init__()
        left, right = ends.proses
        self.shared, a, b = np.intersect1d(left.keys, right.keys, assume_unique=True, return_indices=True)
        self.sides, self.places = (left, right), (a, b)
        self.least = np.minimum(left.counts[a], right.counts[b])
        about = np.zeros(len(self.shared), np.float32)
        for some in ends.about:
            about += (self.shared[:, None] == np.fromiter(some, np.uint64, len(some))).any(axis=1)
        self.weights = np.round(rarity.weights(self.shared) * np.log1p(self.least) * (1 + SUBJECT_GAIN * about), 4)
        self.rare = rarity.rare(self.shared)
        self.first: list[int] = self.shared[np.lexsort((self.shared, -self.weights))[:LOOKED_AT]].tolist()

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
            least=float(self.least[i]),
            kind=int(max(left.kinds[a], right.kinds[b])),
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
    def _phrases(self) -> frozenset[int]:
        left, right = self.ends.proses
        return frozenset(np.intersect1d(left.phrases, right.phrases, assume_unique=True).tolist())

    def _names(self) -> Iterable[tuple[float, Topic]]:
        for phrase in sorted(self._phrases & self.lexicon.names.keys()):
            for name in self.lexicon.names[phrase]:
                if self._phrases.issuperset(name.phrases) and any(self._words[key].rare for key in name.keys):
                    weight = NAME_GAIN * sum(self._words[key].weight for key in name.keys)
                    yield weight, self._topic(self._cased(name), name.keys)

    def _pairs(self) -> Iterable[tuple[float, Topic]]:
        """Two words in a row that both texts have, of which the second is a noun."""
        looked = np.array(self._words.first, np.uint64)
        first, second = np.divmod(np.arange(len(looked) ** 2), max(len(looked), 1))
        phrases = terms.phrase_key(looked[first], looked[second]).tolist()
        for a, b, phrase in zip(looked[first].tolist(), looked[second].tolist(), phrases, strict=True):
            if a == b or phrase not in self._phrases or not self._noun(b):
                continue
            one, other = self._words[a], self._words[b]
            written = self._written(a, b) if one.leads and (one.rare or other.rare) else None
            if written:
                yield PHRASE_GAIN * (one.weight + other.weight), self._topic(written, (a, b))

    def _nouns(self) -> Iterable[tuple[float, Topic]]:
        for key in self._words.first:
            word = self._words[key]
            dwelt_on = word.least >= 2 or any(key in some for some in self.ends.about)
            if word.rare and dwelt_on and self._noun(key):
                yield word.weight, self._topic(self._many(word), (key,))

    def _topic(self, text: str, keys: tuple[int, ...]) -> Topic:
        left, right = (any(key in some for key in keys) for some in self.ends.about)
        return Topic(text, keys, (left, right))

    def _noun(self, key: int) -> bool:
        word = self._words[key]
        return word.kind >= prose.NOUN or (key in self.lexicon.heads and not word.form.lower().endswith(ADJECTIVE))

    def _cased(self, name: Name) -> str:
        """The name as a text would write it: small, but for words that both texts write with a capital."""
        forms = iter([self._words[key].form for key in name.keys])
        return terms.TOKEN.sub(lambda word: word[0].lower() if next(forms)[:1].islower() else word[0], name.text)

    def _written(self, one: int, other: int) -> str | None:
        return next(filter(None, (quotes.written(one, other) for quotes in self.ends.quotes)), None)

    def _many(self, word: _Word) -> str:
        """The plural of a word that the texts count ("a ladder"), for it stands without an article."""
        form = without_owner(word.form)
        if word.kind != prose.COUNTED or not form.islower() or form.endswith(("s", "ing", "ed")):
            return form
        if form in PLURALS:
            return PLURALS[form]
        if form.endswith("y") and form[-2:-1] not in "aeiou":
            return f"{form[:-1]}ies"
        return f"{form}es" if form.endswith(PLURAL_ES) else f"{form}s"


def _smaller(one: str, other: str) -> str:
    """How a shared word is shown: small where either text writes it small, else as the first does."""
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

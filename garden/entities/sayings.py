"""What one text says much of, as far as it tells by itself: its key phrases, and how often it says words.

Finding that takes as long as all the rest of giving entities, and follows from one text alone, so it is kept from run
to run.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from garden import terms
from garden.entities.labels import read_label
from garden.entities.phrases import Phrase, counts_of, phrases_of
from garden.entities.wording import same_words
from garden.keep import Keep
from garden.models import Pattern
from garden.prose import TITLE_WEIGHT, Prose

_WORD, _PAIR, _TIMES = np.dtype("<u8"), np.dtype("<u4"), np.dtype("<u4")


class Saying(NamedTuple):
    """A key phrase that a text says word for word, with the counts of ``Phrase``.

    ``named`` tells that it is a name in the title, which ``leads``, or one of the keywords.
    """

    text: str
    times: int
    nested: int
    clean: int
    capital: int
    proper: bool
    named: bool
    leads: bool


@dataclass(frozen=True, eq=False)
class Sayings:
    """The key phrases of a text, the most said first, and how often it says a word, and two words in a row, by keys."""

    phrases: tuple[Saying, ...]
    counts: Mapping[int, int]
    pairs: Mapping[int, int]

    def times(self, keys: terms.Keys) -> int:
        """How often the text says words in a row."""
        if len(keys) == 1:
            return self.counts.get(int(keys[0]), 0)
        return min(self.pairs.get(pair, 0) for pair in _neighbours(keys.tobytes()))


@lru_cache(maxsize=1 << 16)
def _neighbours(keys: bytes) -> tuple[int, ...]:
    """The key of each two neighbours among words in a row: the same are asked about in many texts."""
    return tuple(terms.phrase_keys(np.frombuffer(keys, np.uint64)).tolist())


class _Text(NamedTuple):
    """A pattern's text with the names that its author has given it."""

    prose: Prose
    title: str
    keywords: tuple[str, ...]

    @property
    def key(self) -> str:
        names = json.dumps([self.title, self.keywords]).encode()
        return blake2b(self.prose.digest + names, digest_size=16).hexdigest()


def sayings_of(texts: Mapping[int, tuple[Pattern, Prose]], keep: Keep | None = None) -> dict[int, Sayings]:
    """What each of some texts says much of, found anew where ``keep`` does not have it."""
    asked = {place: _Text(prose, pattern.title, pattern.keywords) for place, (pattern, prose) in texts.items()}
    if keep is None:
        return {place: _found(text) for place, text in asked.items()}
    keys = {place: text.key for place, text in asked.items()}
    known = {key: _load(blob) for key, blob in keep.get_many(keys.values()).items()}
    fresh = {keys[place]: _found(text) for place, text in asked.items() if keys[place] not in known}
    keep.put_many({key: _dump(one) for key, one in fresh.items()})
    known.update(fresh)
    return {place: known[key] for place, key in keys.items()}


def _found(text: _Text) -> Sayings:
    counts, pairs = counts_of(text.prose, text.title)
    return Sayings(tuple(_sayings(text)), counts, pairs)


def _sayings(text: _Text) -> Iterator[Saying]:
    keywords = {same_words(word) for word in text.keywords}
    for phrase in phrases_of(text.prose, text.title):
        label = read_label(phrase.text)
        # A title is a name that the text need not repeat, but it must say its words.
        spoken_of = phrase.leads and _speaks_of(text.prose, label.keys)
        named = spoken_of or (bool(keywords) and same_words(phrase.text) in keywords)
        if (named or _stands_alone(phrase)) and len(label.keys) > 1 and label.mentioned_in(text.prose):
            yield Saying(
                text=phrase.text,
                times=phrase.count,
                nested=phrase.nested,
                clean=phrase.clean,
                capital=phrase.capital,
                proper=phrase.proper and not named,
                named=named,
                leads=spoken_of,
            )


def _stands_alone(phrase: Phrase) -> bool:
    """Whether a phrase is repeated; what mostly stands among other meaningful words is a piece of something longer."""
    return phrase.count > 1 and 3 * phrase.clean >= phrase.count


def _speaks_of(prose: Prose, keys: terms.Keys) -> bool:
    """Whether a text says each of some words beyond its title."""
    counts = prose.counts[np.searchsorted(prose.keys, keys)]
    return bool((counts > TITLE_WEIGHT).all())


def _dump(sayings: Sayings) -> bytes:
    head = json.dumps([len(sayings.counts), sayings.phrases]).encode()
    arrays = [
        np.fromiter(numbers, kind, len(counts)).tobytes()
        for counts, key in ((sayings.counts, _WORD), (sayings.pairs, _PAIR))
        for numbers, kind in ((counts.keys(), key), (counts.values(), _TIMES))
    ]
    return b"".join((len(head).to_bytes(4, "big"), head, *arrays))


def _load(blob: bytes) -> Sayings:
    start = 4 + int.from_bytes(blob[:4], "big")
    words, phrases = json.loads(blob[4:start])
    pairs = start + words * (_WORD.itemsize + _TIMES.itemsize)
    return Sayings(
        phrases=tuple(Saying(*one) for one in phrases),
        counts=_counts(blob[start:pairs], _WORD),
        pairs=_counts(blob[pairs:], _PAIR),
    )


def _counts(blob: bytes, kind: np.dtype[np.unsignedinteger]) -> dict[int, int]:
    """What ``_dump`` wrote of some counts: all keys, then how often each."""
    count = len(blob) // (kind.itemsize + _TIMES.itemsize)
    keys, times = np.frombuffer(blob, kind, count), np.frombuffer(blob, _TIMES, count, count * kind.itemsize)
    return dict(zip(keys.tolist(), times.tolist(), strict=True))

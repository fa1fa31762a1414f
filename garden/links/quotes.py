"""Sentences of a pattern as they can be quoted, and the two of a pair that match best."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from garden import terms
from garden.links.rarity import Rarity
from garden.prose import Prose, Sentence
from garden.similarity import Floats

WIDTH = 256
OPENING_WORDS = 4
# How much a long sentence is held back: 1 is the cosine, which prefers the shortest.
LENGTH_POWER = 0.7
# What two sentences gain by both naming a topic, against their likeness; that of the first topic, the others less.
TOPIC_GAIN = 0.8


@dataclass(frozen=True, eq=False)
class Quotes:
    """Sentences of one pattern: all their words in order with their keys, and a sketch of each sentence.

    A sketch is a vector of the sentence's words weighted by rarity; ``rows`` tell the sentence of each word. Between
    sentences stands a word with the key 0.
    """

    sentences: tuple[Sentence, ...]
    sketches: Floats
    words: list[str]
    keys: terms.Keys
    rows: np.ndarray

    def written(self, first: int, second: int) -> str | None:
        """Two words with nothing but a space or a hyphen between, as a sentence writes them, small ones before others.

        None where no sentence has them.
        """
        found = np.flatnonzero((self.keys[:-1] == np.uint64(first)) & (self.keys[1:] == np.uint64(second)))
        forms = [form for place in found.tolist() if (form := self._joined(place))]
        return min(forms, key=lambda form: sum(letter.isupper() for letter in form), default=None)

    def _joined(self, place: int) -> str | None:
        one, other = self.words[place : place + 2]
        text = self.sentences[self.rows[place]].text
        mark = next((mark for mark in " -" if f"{one}{mark}{other}" in text), None)
        if mark is None or without_owner(one) != one or _goes_on(text, f"{one}{mark}{other}"):
            return None
        return f"{one.lower() if other.islower() and one.istitle() else one}{mark}{without_owner(other)}"

    def says(self, keys: Sequence[int]) -> np.ndarray:
        """Which sentences have all of these words."""
        said = np.ones(len(self.sentences), bool)
        for key in keys:
            has = np.zeros(len(self.sentences), bool)
            has[self.rows[self.keys == np.uint64(key)]] = True
            said &= has
        return said


def _goes_on(text: str, words: str) -> bool:
    """Whether words are only the beginning of a longer name, as "vendor lock" is of "vendor lock-in"."""
    after = text[text.index(words) + len(words) :][:2]
    joined = after[:1] == "-" and after[1:].isalpha()
    return joined or (words[-1:].islower() and words.rsplit(" ", maxsplit=1)[-1][:1].isupper() and after[1:].isupper())


def without_owner(word: str) -> str:
    """The word without the 's of an owner."""
    return word.removesuffix("'s").removesuffix("’s")


def quotes_of(prose: Prose, rarity: Rarity, worn: frozenset[str] = frozenset()) -> Quotes:
    """The sentences that are a pattern's own: those that do not open with worn words."""
    own = tuple(sentence for sentence in prose.sentences if opening(sentence) not in worn)
    tokens = [terms.token_keys(f"{sentence.text} the") for sentence in own]
    words = [word for some, _ in tokens for word in some]
    keys = np.concatenate([np.empty(0, np.uint64), *(some for _, some in tokens)])
    rows = np.repeat(np.arange(len(own)), [len(some) for some, _ in tokens])
    meant = keys != 0
    # Each word adds its weight, with a sign, to one of few columns.
    sketches = np.zeros((len(own), WIDTH), np.float32)
    signed = np.where(keys >> np.uint64(63), 1, -1) * rarity.weights(keys)
    np.add.at(sketches, (rows[meant], (keys[meant] % np.uint64(WIDTH)).astype(np.intp)), signed[meant])
    length = np.linalg.norm(sketches, axis=1, keepdims=True)
    return Quotes(own, sketches / np.maximum(length, 1e-6) ** LENGTH_POWER, words, keys, rows)


def best_sentences(
    left: Quotes, right: Quotes, topics: Sequence[Sequence[int]] = ()
) -> tuple[Sentence, Sentence] | None:
    """The two sentences, one of each, that match best; None where no two share a word. Equals go to the first.

    ``topics`` are the words of what both patterns deal with, the first weighing most.
    """
    if not left.sentences or not right.sentences:
        return None
    likeness = left.sketches @ right.sketches.T
    scale = max(float(likeness.max()), 1e-6)
    scores = likeness / scale
    for place, keys in enumerate(topics):
        scores += TOPIC_GAIN / (1 + place) * np.outer(left.says(keys), right.says(keys))
    best = int(np.argmax(np.round(scores, 4)))
    a, b = divmod(best, len(right.sentences))
    return (left.sentences[a], right.sentences[b]) if likeness[a, b] > 0 else None


def worn_openings(proses: Sequence[Prose]) -> frozenset[str]:
    """First words with which sentences of many patterns begin: a template's, not a pattern's own."""
    openings = Counter(words for prose in proses for words in {opening(s) for s in prose.sentences})
    return frozenset(text for text, count in openings.items() if count > max(3, 0.005 * len(proses)))


def opening(sentence: Sentence) -> str:
    """The words that a sentence begins with."""
    return " ".join(sentence.text.split(None, OPENING_WORDS)[:OPENING_WORDS])

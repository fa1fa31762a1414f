"""Sentences of a pattern as they can be quoted, and the two of a pair that match best."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, product, zip_longest
from typing import NamedTuple

import numpy as np

from garden import terms
from garden.links.excerpts import POINTING
from garden.links.rarity import Rarity
from garden.prose import Prose, Sentence
from garden.similarity import Floats

WIDTH = 256
END_WORDS = 4
MOST_USES = 4  # So many tell how words are used.
JOINING = ("-", "\N{NON-BREAKING HYPHEN}", "/")
# How much a long sentence is held back: 1 is the cosine, which prefers the shortest.
LENGTH_POWER = 0.7
# What two sentences gain by both naming a topic, against their likeness; that of the first topic, the others less.
TOPIC_GAIN = 0.8
OPENING = 2  # So many sentences tell what a pattern is that has no summary.
# What a sentence gains that tells what its pattern is, and what it loses that points at what stands before it, or that
# is long.
LEAD_GAIN, POINTING_LOSS, LONG_LOSS = 0.3, 0.2, 0.1
LONG = 140


class Use(NamedTuple):
    """Words in a row as a sentence writes them, with the words before and after them.

    ``opens`` says that no word that means something stands before them, ``ends`` that none comes after them, and
    ``joined`` that they are part of a joined word, or of a longer name.
    """

    first: tuple[str, ...]
    mark: str
    last: str
    before: str
    after: str
    opens: bool
    ends: bool
    joined: bool


def partial_name(uses: Sequence[Use], fewest: int = 2) -> bool:
    """Whether words are only part of a longer name, as "chain" may be of "supply chain".

    They are where all their uses, of which there are ``fewest`` and more, have the same word before or after them.
    """
    apart = [use for use in uses if not use.joined]
    if len(apart) < fewest:
        return bool(uses) and not apart
    before = {"" if use.opens else use.before for use in apart}
    after = {"" if use.ends else use.after for use in apart}
    return any(len(words) == 1 and "" not in words for words in (before, after))


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
    _used: dict[tuple[int, ...], list["Use"]] = field(default_factory=dict)

    def uses(self, keys: Sequence[int]) -> list["Use"]:
        """Where words first stand in a row with nothing but a space or a hyphen between."""
        asked = tuple(keys)
        if asked not in self._used:
            row, count = list(asked), len(asked)
            first = np.flatnonzero(self.keys == np.uint64(asked[0])).tolist()
            places = [place for place in first if self._row[place : place + count] == row]
            self._used[asked] = [use for place in places[:MOST_USES] if (use := self._use(place, count))]
        return self._used[asked]

    @cached_property
    def _row(self) -> list[int]:
        row: list[int] = self.keys.tolist()
        return row

    def _use(self, place: int, count: int) -> "Use | None":
        *first, last = self.words[place : place + count]
        text = self.sentences[self.rows[place]].text
        written = next((some for some in _writings((*first, last)) if some in text), None)
        if written is None or any(without_owner(word) != word for word in first):
            return None
        opens = place == 0 or self.rows[place - 1] != self.rows[place]
        alone = bool(opens or self._row[place - 1] == 0)
        # Where a sentence or a clause begins, a capital tells nothing.
        begins = opens or not text[: text.index(written)].rstrip(" ")[-1:].isalpha()
        return Use(
            first=tuple(word.lower() if begins and last.islower() and word.istitle() else word for word in first),
            mark="-" if first and written[len(first[0])] == "-" else " ",
            last=without_owner(last),
            before="" if opens else self.words[place - 1].lower(),
            after="" if self._closes(place + count) else self.words[place + count].lower(),
            opens=alone,
            ends=self._row[place + count] == 0,
            joined=_goes_on(text, written)
            or (not alone and _titled(self.words[place - 1], first))
            or (not opens and _lettered(self.words[place - 1])),
        )

    def _closes(self, place: int) -> bool:
        """Whether the word is the one that stands between sentences."""
        return place + 1 == len(self.rows) or self.rows[place] != self.rows[place + 1]

    @cached_property
    def leading(self) -> np.ndarray:
        """Which sentences tell what the pattern is: its summary, or else how its text begins."""
        roles = [sentence.role == "summary" for sentence in self.sentences]
        return np.array(roles if any(roles) else [place < OPENING for place in range(len(roles))], bool)

    @cached_property
    def lead(self) -> frozenset[int]:
        """The words of the sentences that tell what the pattern is."""
        return frozenset(self.keys[self.leading[self.rows]].tolist())

    def leads(self, title: str) -> tuple[str, ...]:
        """The sentences that tell what the pattern is: of a text without a summary those that say half of its title."""
        some = [one for one, leads in zip(self.sentences, self.leading.tolist(), strict=True) if leads]
        named = terms.said_keys(title)
        return tuple(
            one.text for one in some if one.role == "summary" or 2 * len(named & terms.said_keys(one.text)) > len(named)
        )

    @cached_property
    def worth(self) -> Floats:
        """How well each sentence can be quoted, whatever it is about."""
        texts = [sentence.text for sentence in self.sentences]
        pointing = [text.split(None, 1)[0].lower() in POINTING for text in texts]
        long = [len(text) > LONG for text in texts]
        return (LEAD_GAIN * self.leading - POINTING_LOSS * np.array(pointing) - LONG_LOSS * np.array(long)).astype(
            np.float32
        )

    def says(self, keys: Sequence[int]) -> np.ndarray:
        """Which sentences have all of these words."""
        said = np.ones(len(self.sentences), bool)
        for key in keys:
            has = np.zeros(len(self.sentences), bool)
            has[self.rows[self.keys == np.uint64(key)]] = True
            said &= has
        return said


def _writings(words: Sequence[str]) -> Iterator[str]:
    """The words with spaces and hyphens between."""
    for marks in product(" -", repeat=len(words) - 1):
        yield "".join(map("".join, zip_longest(words, marks, fillvalue="")))


def _goes_on(text: str, words: str) -> bool:
    """Whether words are only part of a longer name, as "vendor lock" is of "vendor lock-in"."""
    place = text.index(words)
    before, after = text[:place][-2:], text[place + len(words) :][:2]
    joined = (after[:1] in JOINING and after[1:].isalpha()) or (before[1:] in JOINING and before[:1].isalpha())
    return joined or (words[-1:].islower() and words.rsplit(" ", maxsplit=1)[-1][:1].isupper() and after[1:].isupper())


def _titled(before: str, words: Sequence[str]) -> bool:
    """Whether a capital stands before capitals, as in "General" before "Data Protection"."""
    return before[:1].isupper() and bool(words) and all(word[:1].isupper() for word in words)


def _lettered(before: str) -> bool:
    """Whether a word is a letter that stands for a name, as in "B Corp"."""
    return len(before) == 1 and before.isupper() and before not in "AI"


def without_owner(word: str) -> str:
    """The word without the 's of an owner."""
    return word.removesuffix("'s").removesuffix("’s")


def quotes_of(prose: Prose, rarity: Rarity, worn: frozenset[str] = frozenset()) -> Quotes:
    """The sentences that are a pattern's own: those that neither open nor end with worn words."""
    own = tuple(sentence for sentence in prose.sentences if not is_worn(sentence, worn))
    tokens = [terms.TOKEN.findall(f"{sentence.text} the") for sentence in own]
    words = list(chain.from_iterable(tokens))
    keys = terms.word_keys(words)
    rows = np.repeat(np.arange(len(own)), [len(some) for some in tokens])
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
    scores = likeness / scale + np.add.outer(left.worth, right.worth)
    for place, keys in enumerate(topics):
        scores += TOPIC_GAIN / (1 + place) * np.outer(left.says(keys), right.says(keys))
    best = int(np.argmax(np.round(scores, 4)))
    a, b = divmod(best, len(right.sentences))
    return (left.sentences[a], right.sentences[b]) if likeness[a, b] > 0 else None


def worn_ends(proses: Sequence[Prose]) -> frozenset[str]:
    """First and last words of sentences of many patterns: a template's, not a pattern's own."""
    ends = Counter(words for prose in proses for words in {end for one in prose.sentences for end in _ends(one)})
    return frozenset(text for text, count in ends.items() if count > max(3, 0.005 * len(proses)))


def is_worn(sentence: Sentence, worn: frozenset[str]) -> bool:
    """Whether a sentence begins or ends with words of a template."""
    return not worn.isdisjoint(_ends(sentence))


def _ends(sentence: Sentence) -> tuple[str, str]:
    """The words that a sentence begins and ends with, told apart by a mark."""
    first = sentence.text.split(None, END_WORDS)[:END_WORDS]
    return " ".join(first), "… " + " ".join(sentence.text.rsplit(None, END_WORDS)[-END_WORDS:])

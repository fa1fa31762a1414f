"""Entities for patterns that have none: first words that the library uses already, then key phrases of their texts:
what their authors name as keywords, what their titles say, and what they say again and again.

Every entity that is given is said by the text word for word, so that it is borne by it from then on. Whether a pattern
is given any at all depends on the texts alone: what other patterns hold never makes a later run find more.

Of what a text says much of, those are taken that say something new: maximal marginal relevance (Carbonell and Goldstein
1998) over words and the topics of the library's texts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.entities.fit import TOPICS, Floats, Texts
from garden.entities.labels import Labels, read_label
from garden.entities.phrases import LONGEST_PHRASE
from garden.entities.sayings import Saying, Sayings
from garden.entities.style import USED_BEFORE, Style, Word, style_of, words_of
from garden.entities.wording import same_words
from garden.models import Entity, Pattern
from garden.names import slugify

TOO_COMMON = 0.12  # A phrase in more than this share of the texts says nothing about any of them.
FEW = 6  # A phrase of so many texts is never too common, however small the library.
SMALL = 300  # A library of fewer patterns has few others that could say the same again: once is enough there.
SAID_ELSEWHERE = 2  # Texts that must say a phrase before it counts as one, unless it is the title's or has capitals.
WORD_OFTEN, PHRASE_OFTEN = 4, 2  # Times that a text's main parts must say a label of the library's vocabulary.
IN_SMALL = 2  # In a small library a word must be said so often, and a phrase once.
NAMED = 3.0  # What being a keyword or the title counts for: as if it were said so many times more.
OWN_WORDS_SHARE = 5 / 8  # Of the places, those that the library's vocabulary may take.
OFTEN = 3  # What a pattern says so many times, its title included, it says again and again.
LIKENESS = 0.7  # How much being like one that is taken counts against being much spoken of.


# How a text bears what it is given: again and again, as a keyword, as a name in its title, or in some place.
Ground = Literal["often", "keyword", "title", "said"]


@dataclass(frozen=True)
class Given:
    """The entities that patterns get, by place, and how the text bears each: by place and ``index``."""

    entities: Mapping[int, tuple[Entity, ...]] = field(default_factory=dict)
    grounds: Mapping[tuple[int, int], Ground] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Candidate:
    text: str
    score: float
    keys: frozenset[int]
    topic: Floats
    ground: Ground
    word: Word | None = None
    proper: bool = False


def give(
    patterns: Sequence[Pattern],
    texts: Texts,
    standing: Sequence[Sequence[Entity]],
    asked: Mapping[int, Sayings],
    limit: int,
) -> Given:
    """Up to ``limit`` entities for each of the ``asked`` patterns, in the style of those that stand in all of them.

    ``asked`` holds what the text of each place says by itself.
    Their ``index`` is below zero: -1 for the first, and so on.
    """
    if not asked or not limit:
        return Given()
    finder = _Finder(texts, words_of(standing, 1))
    style = style_of(standing)
    given: dict[int, tuple[Entity, ...]] = {}
    grounds: dict[tuple[int, int], Ground] = {}
    for place, sayings in sorted(asked.items()):
        phrases = finder.phrases(place, patterns[place].keywords, sayings)
        # Asked of the text alone: types and words of the library change with what it is given.
        if not all(one.proper for one in phrases):
            words = _diverse(finder.words_said(place, sayings), int(limit * OWN_WORDS_SHARE), [])
            # A name whose last word tells nothing may be a person, a firm or a place: its type would be a guess.
            told = [one for one in phrases if not one.proper or style.knows(one.text)]
            chosen = _diverse(told, limit - len(words), words)
            made = _entities([*words, *chosen], finder, style)
            given[place] = tuple(entity for entity, _ in made)
            grounds.update({(place, entity.index): ground for entity, ground in made})
    return Given(given, grounds)


class _Finder:
    """Finds what a text speaks much of."""

    def __init__(self, texts: Texts, words: Sequence[Word]) -> None:
        self.texts, self.small = texts, len(texts.proses) < SMALL
        self.fewest = 1 if self.small else USED_BEFORE
        # Whatever is given takes the id that stands already, were it used once: a new spelling would want a merge.
        self.by_words = {same_words(word.id): word for word in reversed(words)}
        self.words = [word for word in words if word.label.known and word.uses >= self.fewest]
        self.labels = Labels([word.label for word in self.words])
        self.last_ways = [frozenset(word.label.ways[-1].tolist()) for word in self.words]
        every = np.concatenate([np.empty(0, np.uint32), *(prose.phrases for prose in texts.proses)])
        self.pairs, self.pair_counts = np.unique(every, return_counts=True)
        self._rarities: dict[bytes, float | None] = {}

    def words_said(self, place: int, sayings: Sayings) -> list[_Candidate]:
        """The words of the library that a text says and often uses, the most spoken of first."""
        prose = self.texts.proses[place]
        held = frozenset(prose.keys.tolist())
        # A label that is said with its remark in parentheses, and never without, is none that the library uses.
        said = [self.words[at] for at in self.labels.said_by(prose).tolist() if self.last_ways[at] <= held]
        found = [self._word(word, sayings) for word in said]
        return _ordered(candidate for candidate in found if candidate is not None)

    def phrases(self, place: int, keywords: Sequence[str], sayings: Sayings) -> list[_Candidate]:
        """The key phrases of a text, the most spoken of first; fragments of longer ones are left out."""
        found = [(saying, self._phrase(saying)) for saying in sayings.phrases]
        good = [(p, c) for p, c in found if c is not None]
        whole = [c for p, c in good if not any(c.keys < other.keys and p.times <= q.times + 1 for q, other in good)]
        return _ordered([*whole, *self._keywords(place, keywords, sayings, {frozenset(c.keys) for c in whole})])

    def _keywords(
        self, place: int, keywords: Sequence[str], sayings: Sayings, taken: Collection[frozenset[int]]
    ) -> Iterator[_Candidate]:
        """The keywords that a text says word for word, but for those that are found already."""
        for text in dict.fromkeys(" ".join(word.split()) for word in keywords):
            label = read_label(text)
            keys = frozenset(label.keys.tolist())
            unfit = not label.known or len(keys) > LONGEST_PHRASE or keys in taken
            if unfit or not label.mentioned_in(self.texts.proses[place]):
                continue
            rarity = self._rarity(label.keys)
            if rarity is not None:
                score = float(np.log1p(sayings.times(label.keys) + NAMED) * rarity)
                yield _Candidate(text, score, keys, self._topic(label.keys), "keyword")

    def _word(self, word: Word, sayings: Sayings) -> _Candidate | None:
        keys = word.label.ways[-1]
        said, often = sayings.times(keys), WORD_OFTEN if len(keys) == 1 else PHRASE_OFTEN
        if said < (often // IN_SMALL if self.small else often):
            return None
        rarity = self._rarity(keys)
        if rarity is None:
            return None
        score = float(np.log1p(said) * rarity)
        ground: Ground = "often" if said >= OFTEN else "said"
        topic = self._topic(word.label.keys)
        return _Candidate(word.text, score, frozenset(word.label.keys.tolist()), topic, ground, word)

    def _phrase(self, said: Saying) -> _Candidate | None:
        keys = read_label(said.text).keys
        rarity = self._rarity(keys)
        if rarity is None or not (said.named or said.capital > 0 or self._said_elsewhere(keys)):
            return None
        times = said.times - said.nested + said.clean / 2 + said.capital + NAMED * said.named
        alone = 1.0 if said.clean or said.capital or said.named else 0.4
        score = float(np.log1p(max(times, 0)) * rarity * alone)
        if score <= 0:
            return None
        ground = _ground(said)
        return _Candidate(said.text, score, frozenset(keys.tolist()), self._topic(keys), ground, None, said.proper)

    def _said_elsewhere(self, keys: terms.Keys) -> bool:
        """Whether other texts say a phrase often enough for it to be more than words in a row."""
        return self.small or bool(self._frequency(keys).min() >= SAID_ELSEWHERE)

    def _rarity(self, keys: terms.Keys) -> float | None:
        """The logarithm of how rare words in a row are, None where they are too common."""
        name = keys.tobytes()
        if name not in self._rarities:
            self._rarities[name] = self._rarity_of(keys)
        return self._rarities[name]

    def _rarity_of(self, keys: terms.Keys) -> float | None:
        frequency, size = self._frequency(keys), len(self.texts.proses)
        if frequency.max() > max(TOO_COMMON * size, FEW):
            return None
        return float(np.log((size + 1) / (frequency.mean() + 0.5)))

    def _frequency(self, keys: terms.Keys) -> NDArray[np.int64]:
        """In how many texts each two neighbours stand; of a single word, in how many it stands."""
        if len(keys) == 1:
            column = int(np.searchsorted(self.texts.keys, keys[0]))
            return np.asarray(self.texts.frequency[[column]])
        pairs = terms.phrase_keys(keys)
        at = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
        return np.where(self.pairs[at] == pairs, self.pair_counts[at], 0)

    def _topic(self, keys: terms.Keys) -> Floats:
        columns = np.minimum(np.searchsorted(self.texts.keys, keys), len(self.texts.keys) - 1)
        row = np.asarray(self.texts.topic_words[columns].sum(axis=0))
        # Few texts have few topics, on which everything lies near everything.
        share = np.sqrt(self.texts.topic_words.shape[1] / TOPICS)
        return np.asarray(row * share / max(float(np.linalg.norm(row)), 1e-12))


def _ground(said: Saying) -> Ground:
    if said.times >= OFTEN:
        return "often"
    if said.named:
        return "title" if said.leads else "keyword"
    return "said"


def _ordered(candidates: Iterator[_Candidate] | Sequence[_Candidate]) -> list[_Candidate]:
    return sorted(candidates, key=lambda candidate: (-round(candidate.score, 6), candidate.text))


def _diverse(candidates: Sequence[_Candidate], limit: int, taken: Sequence[_Candidate]) -> list[_Candidate]:
    """The best candidates, each unlike those before it and those that are taken."""
    left, chosen = list(candidates[: 4 * limit]), list[_Candidate]()
    highest = left[0].score if left else 1.0
    while left and len(chosen) < limit:
        likeness = [max((_alike(one, other) for other in (*taken, *chosen)), default=0.0) for one in left]
        worth = [one.score / highest - LIKENESS * like for one, like in zip(left, likeness, strict=True)]
        best = max(range(len(left)), key=lambda at: (round(worth[at], 6), -at))
        if worth[best] <= 0:
            break
        if likeness[best] < 1:
            chosen.append(left[best])
        left.pop(best)
    return chosen


def _alike(one: _Candidate, other: _Candidate) -> float:
    """1 where the words of one are among those of the other; else their common share, or how near their topics are."""
    shared = len(one.keys & other.keys)
    if shared == min(len(one.keys), len(other.keys)):
        return 1.0
    return max(shared / len(one.keys | other.keys), float(one.topic @ other.topic) ** 3)


def _entities(chosen: Sequence[_Candidate], finder: _Finder, style: Style) -> list[tuple[Entity, Ground]]:
    """What the candidates become, the first of each id, in their order, and how the text bears each."""
    highest = max(candidate.score for candidate in chosen)
    given: dict[str, tuple[Entity, Ground]] = {}
    for candidate in chosen:
        text = style.label(candidate.text)
        word = candidate.word or finder.by_words.get(same_words(text))
        if style.plain and word and slugify(word.text) == word.id:
            text = word.text
        name = word.id if word and not style.plain else slugify(text)
        kind = (word.type if word and word.uses >= finder.fewest else None) or style.type_of(text)
        entity = Entity(
            index=-1 - len(given),
            id=name,
            label=text,
            type=kind if style.typed and not style.plain else None,
            relevance=style.relevance(candidate.score / highest) if style.rated and not style.plain else None,
            plain=style.plain,
        )
        given.setdefault(name, (entity, candidate.ground))
    return list(given.values())

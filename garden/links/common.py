"""What two patterns both deal with, found in their words as a person would name it.

A word in passing is no topic: both texts come back to it, or one of the two is about it; and it is a noun, as far as
the library tells. Names that both texts mention and two words in a row that both have go before single words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import NamedTuple

import numpy as np

from garden import terms
from garden.links.about import FEW, MANY, OFTEN
from garden.links.lexicon import Lexicon
from garden.links.rarity import Rarity
from garden.links.shared import Ends, Words
from garden.links.topics import FAIR, PASSING, SPOKEN, SURE, Topic
from garden.links.vague import VAGUE
from garden.links.written import Writing

MOST = 6
FADING = 0.2  # What weighs less than this share of the first topic is none.
NAME_GAIN, PHRASE_GAIN = 2.0, 1.5
TITLED = 0.1  # What a word weighs that stands in both titles, for that both deal with it goes without saying.
UNTITLED_NAME = 0.1  # What a name alone weighs that is in no title: an example, rather than a subject.
MOST_APART = 12
LONGEST_TITLE = 24  # Words. What is longer is no name, and takes long to compare.
HEAVY = 3.5  # What the lighter word weighs of a phrase that may be named after another topic.
COMMONPLACE = 0.9  # A word of so many texts is one for patterns of any kind.
# How near what words mean must be to both texts to be a topic, to be named after another, and to say enough. A phrase
# is nearer than its words look, by so much.
MEANT, MEANT_BESIDE, MEANT_WELL = 0.47, 0.54, 0.67
PHRASE_MEANT = 0.16
FAR_WEIGHT = 0.3  # What the weight of a word comes to that means nothing near, of 1.
ALIKE, SHORT = 7, 4  # Words that begin with so many same letters are of one family ("deliberation", "deliberative").


@dataclass(frozen=True, eq=False)
class Common:
    """What two texts share. ``rarity`` tells which phrases are too common to say anything of two patterns."""

    ends: Ends
    rarity: Rarity
    lexicon: Lexicon

    def topics(self, most: int = MOST) -> list[Topic]:
        """What both deal with, weightiest first; no word stands in two of them, nor two words of one family."""
        taken: set[int] = set()
        shown: set[str] = set()
        found: list[Topic] = []
        least = 0.0
        every = map(self._weighed, (*self._names(), *self._pairs(), *self._nouns()))
        for candidate in sorted(every, key=lambda one: one[:2], reverse=True):
            if len(found) == most or candidate.weight < least:
                break
            text = candidate.shown() if taken.isdisjoint(candidate.keys) else None
            words = {_stem(word) for word in terms.TOKEN.findall(text or "")} - {"the"}
            if text and not any(_akin(one, other) for one in words for other in shown):
                found.append(self._topic(text, candidate.keys))
                taken.update(candidate.keys)
                shown.update(words)
                least = least or (0 if self._said(candidate.keys) else FADING * candidate.weight)
        # Whoever is named is rather who said it than what it is about.
        found.sort(key=self._named)
        return self._with_titles(found)

    def _with_titles(self, found: list[Topic]) -> list[Topic]:
        """The same after what both titles say."""
        both = self._of_both_titles() or self._in_both_titles()
        if both is None:
            return found
        # A word that stands in a phrase is told with it.
        known = any(both.keys == topic.keys or {*both.keys}.issubset(topic.keys) for topic in found)
        return found if known else [both, *found]

    def _of_both_titles(self) -> Topic | None:
        """The longest row of words, two and more, that both titles have."""
        one, other = map(terms.token_keys, self.ends.titles)
        begins = (keys[:LONGEST_TITLE].tolist() for keys in (one[1], other[1]))
        longest = max(_rows(*begins), key=len, default=())
        if not longest or any(one[1][place] not in self._words.index for place in longest):
            return None
        words = one[0][longest[0] : longest[-1] + 1]
        keys = tuple(one[1][longest[0] : longest[-1] + 1].tolist())
        if self._commonplace(keys[-1]):
            return None
        small = (self._words[key].form.islower() for key in keys)
        text = " ".join(word.lower() if low else word for word, low in zip(words, small, strict=True))
        return self._topic(self._writing.titled(text, keys), keys)

    def _in_both_titles(self) -> Topic | None:
        """A noun that both titles have, and that both are about: the one that fewest patterns are about."""
        shared = (self._titled[0] & self._titled[1]).intersection(self._words.index)
        for key in sorted(shared, key=lambda key: (self._words.spread(key), key)):
            told = all(self._words.abouts((key,))) and self._words.spread(key) < MANY and not self._commonplace(key)
            text = self._writing.single(key, titled=True) if told and self._writing.noun(key) else None
            if text:
                return self._topic(text, (key,))
        return None

    def _commonplace(self, key: int) -> bool:
        """Whether most texts of the library have a word."""
        return bool(self.rarity.documents_of(np.array([key], np.uint64))[0] > COMMONPLACE * self.rarity.size)

    def _topic(self, text: str, keys: tuple[int, ...]) -> Topic:
        left, right = (said.issuperset(keys) for said in self._leading)
        whole = all(all(self._words.abouts((key,))) for key in keys)
        topic = Topic(text, keys, self._words.abouts(keys), (left, right), whole)
        # Whoever is named is rather who said it than what it is about.
        if self._named(topic):
            return topic._replace(leads=(False, False), whole=False)
        meant, hold = 1.0 if self._said(keys) else self._meant(keys), self._hold(topic)
        return topic._replace(
            hold=hold if meant >= MEANT else PASSING,
            worded=hold,
            beside=self._beside(topic) if meant >= MEANT_BESIDE else 0,
            meant=self._meant(keys) >= MEANT_WELL,
        )

    def _meant(self, keys: tuple[int, ...]) -> float:
        """How near what some words mean is to both texts; 1 where nothing tells it."""
        if keys not in self._fits:
            fit = self._words.fit(keys)
            self._fits[keys] = 1.0 if fit is None else fit + (PHRASE_MEANT if len(keys) > 1 else 0)
        return self._fits[keys]

    @cached_property
    def _fits(self) -> dict[tuple[int, ...], float]:
        return {}

    def _beside(self, topic: Topic) -> int:
        """How well a topic may be named beside another."""
        keys = topic.keys
        if len(keys) > 1:
            said = self._words.times(keys) > 1
            heavy = min(self._words.weight(keys)) >= HEAVY
            return said + (said and heavy and all(topic.about))
        often = self._words.times(keys) >= OFTEN
        plain = keys[0] not in VAGUE and not self.lexicon.usage.verb(keys[0])
        said = often and plain and self._words.spread(keys[0]) < MANY
        return said + (said and all(topic.about))

    def _hold(self, topic: Topic) -> int:
        """How much a reason may rest on what both deal with."""
        keys, both = topic.keys, all(topic.about)
        spread = min(map(self._words.spread, keys))
        if len(keys) > 1:
            # What one text says once, and neither tells of itself, is in passing.
            again = topic.rank > 1 or self._words.times(keys) > 1
            said = topic.rank > 1 or (self._subject_of_one(keys) and all(one.uses(keys) for one in self.ends.quotes))
            sure = topic.rank > 0 and said and self._distinct(keys, topic.rank)
            sure = again and (sure or (self._said(keys) and not self._commonplace(keys[-1])))
            # Where both tell of one of its words at once, it is hardly in passing.
            told = any(self._words.spread(key) < MANY and self._told_by_both(key) for key in keys)
            fair = again and spread < MANY and (topic.rank > 0 or said or told)
        else:
            firm = spread == FEW and self._words.firm(keys[0])
            sure = topic.rank > 1 and (firm or (spread == FEW and all(topic.leads)))
            fair = firm or (spread < MANY and topic.rank > 1)
        if (both and (sure or fair)) or (len(keys) > 1 and all(topic.leads) and fair):
            return SURE if sure and both else FAIR
        spoken = spread == FEW and any(
            words.issuperset(keys) and about for words, about in zip(self._titled, topic.about, strict=True)
        )
        return SPOKEN if spoken else PASSING

    def _subject_of_one(self, keys: Sequence[int]) -> bool:
        """Whether one of the two is about each of some words."""
        return any(all(told) for told in zip(*(self._words.abouts((key,)) for key in keys), strict=True))

    def _told_by_both(self, key: int) -> bool:
        """Whether both have a word in their titles, or in the sentences that tell what they are."""
        return all(key in said for said in self._leading)

    @cached_property
    def _leading(self) -> tuple[frozenset[int], frozenset[int]]:
        one, other = (quotes.lead | titled for quotes, titled in zip(self.ends.quotes, self._titled, strict=True))
        return one, other

    def _distinct(self, keys: Sequence[int], rank: int) -> bool:
        """Whether few patterns are about one of the words of a phrase, or few say it and not many are about any."""
        spreads = [self._words.spread(key) for key in keys]
        if FEW in spreads:
            return True
        usual = not self.rarity.usual.isdisjoint(terms.phrase_keys(np.array(keys, np.uint64)).tolist())
        return not usual and (min(spreads) < MANY if rank > 2 else rank > 1 and MANY not in spreads)

    @cached_property
    def _words(self) -> Words:
        return Words(self.ends)

    @cached_property
    def _writing(self) -> Writing:
        return Writing(self._words, self.ends.quotes, self.lexicon)

    @cached_property
    def _shared_phrases(self) -> terms.Phrases:
        left, right = self.ends.proses
        shared: terms.Phrases = left.phrases[terms.holds(right.phrases, left.phrases)]
        return shared

    @cached_property
    def _phrases(self) -> frozenset[int]:
        return frozenset(self._shared_phrases.tolist())

    @cached_property
    def _titled(self) -> tuple[frozenset[int], frozenset[int]]:
        """The words that stand in either title."""
        one, other = map(terms.said_keys, self.ends.titles)
        return one, other

    def _weighed(self, candidate: "_Candidate") -> "_Candidate":
        """The candidate with less weight where what it means is far from the texts."""
        share = min(max(self._meant(candidate.keys) / MEANT_WELL, FAR_WEIGHT), 1)
        return candidate._replace(weight=candidate.weight * share)

    def _names(self) -> Iterator["_Candidate"]:
        """Names of the library that both texts have, without those that are part of longer ones."""
        openings = sorted(self._phrases & self.lexicon.names.keys())
        every = [name for phrase in openings for name in self.lexicon.names[phrase]]
        # Keys of phrases are short, so that two of them may be one by chance: the words themselves must be there, too.
        both = [
            name
            for name in every
            if self._phrases.issuperset(name.phrases) and self._words.index.keys() >= set(name.keys)
        ]
        longer = {part for name in both for part in _parts(name.keys)}
        for name in both:
            if name.keys not in longer and self._says(name.keys, name.phrases):
                weight = sum(self._words.weight(name.keys)) / len(name.keys)
                yield _Candidate(NAME_GAIN * weight, name.keys, partial(self._writing.name, name))

    def _pairs(self) -> Iterator["_Candidate"]:
        """Two words in a row that both texts have, of which the second is a noun."""
        looked = self._words.first
        first, second = np.divmod(np.arange(len(looked) ** 2), max(len(looked), 1))
        phrases = terms.phrase_key(looked[first], looked[second])
        both = np.flatnonzero(terms.holds(self._shared_phrases, phrases) & (first != second))
        pairs = zip(looked[first[both]].tolist(), looked[second[both]].tolist(), strict=True)
        for pair, phrase in zip(pairs, phrases[both].tolist(), strict=True):
            # A phrase is about as central as both of its words are.
            one, other = self._words.weight(pair)
            if self._says(pair, (phrase,)):
                yield _Candidate(PHRASE_GAIN * (one * other) ** 0.5, pair, partial(self._writing.phrase, *pair))

    def _says(self, keys: Sequence[int], phrases: Sequence[int]) -> bool:
        """Whether a phrase says something of two patterns: both are about each of its words, or it is no worn one."""
        return self.rarity.worn.isdisjoint(phrases) or all(all(self._words.abouts((key,))) for key in keys)

    def _nouns(self) -> Iterator["_Candidate"]:
        for key in self._words.apart[:MOST_APART]:
            if self._words[key].proper or self._writing.noun(key):
                weight = self._words.weight((key,))[0] * self._worth(key)
                yield _Candidate(weight, (key,), partial(self._writing.single, key))

    def _worth(self, key: int) -> float:
        """How much a word counts as a topic of its own, of 1."""
        titled = [key in words for words in self._titled]
        if all(titled):
            return TITLED
        return UNTITLED_NAME if self._words[key].named and not any(titled) else 1

    def _named(self, topic: Topic) -> bool:
        """Whether a topic is a name of two words and more that no title has."""
        titled = any(not words.isdisjoint(topic.keys) for words in self._titled)
        return len(topic.keys) > 1 and not titled and all(self._words[key].named for key in topic.keys)

    def _said(self, keys: Sequence[int]) -> bool:
        """Whether both titles say all of some words."""
        return all(words.issuperset(keys) for words in self._titled)


class _Candidate(NamedTuple):
    """What could be a topic; ``shown`` writes it, or finds that it is none."""

    weight: float
    keys: tuple[int, ...]
    shown: Callable[[], str | None]


def _parts(keys: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The shorter names at either end of a longer one."""
    for count in range(2, len(keys)):
        yield keys[:count]
        yield keys[-count:]


def _rows(one: Sequence[int], other: Sequence[int]) -> Iterator[range]:
    """The places of the first of two rows of keys at which two meaningful ones and more stand in the other as well."""
    held = {tuple(other[start:stop]) for start in range(len(other)) for stop in range(start + 2, len(other) + 1)}
    for start in range(len(one)):
        for stop in range(start + 2, len(one) + 1):
            if all(one[start:stop]) and tuple(one[start:stop]) in held:
                yield range(start, stop)


@cache
def _stem(word: str) -> str:
    return terms.stem(word)


def _akin(one: str, other: str) -> bool:
    """Whether two stems are of one family ("stories" and "storytelling")."""
    short = max(SHORT, min(len(one), len(other)) - 1)
    return one[:ALIKE] == other[:ALIKE] or one[:short] == other[:short]

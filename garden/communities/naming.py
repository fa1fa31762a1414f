"""Names for new groups: words that set a group apart, in the library's own wording where it has one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.communities.register import Name, community_key, readable
from garden.models import Pattern
from garden.names import slugify
from garden.prose import Prose

TOP_WORDS = 15
MOST_WORDS = 3
FALLBACKS = 4
OWN, LIBRARY, ENTITY, TITLE, TEXT = 1.5, 1.25, 1.1, 1.0, 0.5
PHRASE, COMMON = 1.4, 0.25
KNOWN = 0.6
SECONDS = 5
_NO_TERMS = np.empty(0, np.uint64)


@dataclass(frozen=True)
class Wording:
    """What names are made from: the texts of all patterns, in how many of them each term occurs, and the community
    labels of the library by the terms that they speak of.
    """

    patterns: Sequence[Pattern]
    proses: Sequence[Prose]
    frequency: Mapping[int, int]
    labels: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, patterns: Sequence[Pattern], proses: Sequence[Prose]) -> "Wording":
        """The wording of a library."""
        every = [prose.keys for prose in proses]
        keys, counts = np.unique(np.concatenate([_NO_TERMS, *every]), return_counts=True)
        frequency: dict[int, int] = dict(zip(keys.tolist(), counts.tolist(), strict=True))
        labels: dict[int, tuple[str, ...]] = {}
        for label in sorted({label for pattern in patterns for label in _community_labels(pattern)}):
            for key in sorted(set(terms.content_keys(label).tolist())):
                labels[key] = (*labels.get(key, ()), label)
        return cls(patterns, proses, frequency, labels)

    def rarity(self, key: int) -> float:
        """The inverse document frequency of a term."""
        return _rarity(self.frequency[key], len(self.proses))


@cache
def _rarity(texts: int, size: int) -> float:
    """The inverse document frequency of a term of so many texts; tens of thousands of terms have the same few."""
    return float(np.log((size + 1) / (texts + 0.5)))


@dataclass(frozen=True)
class _Speech:
    """How a group speaks: its terms' class-based tf-idf, and how many of it use each term and each pair of terms."""

    size: int
    weights: Mapping[int, float]
    terms: Mapping[int, int]
    phrases: Mapping[int, int]

    def rating(self, keys: NDArray[np.uint64]) -> float:
        """How well words name the group: their tf-idf over the root of their number, and how common they are together.

        A weak word among strong ones counts as less than one, so that a phrase is not cut short for its sake.
        """
        weights = [self.weights.get(key, 0.0) for key in keys.tolist()]
        if not any(weights):
            return 0.0
        words = sum(weight / max(weights) for weight in weights)
        together = self.together(keys)
        telling = PHRASE if len(weights) > 1 and together >= COMMON else 1.0
        return float(sum(weights) / words**0.5 * telling * (0.5 + together))

    def known(self, label: str) -> float:
        """The share of the group that uses the least used of a label's words."""
        return min((self.terms.get(key, 0) for key in terms.content_keys(label).tolist()), default=0) / self.size

    def together(self, keys: NDArray[np.uint64]) -> float:
        """The share of the group that writes words side by side, at most; for one word, that uses it at all."""
        if len(keys) == 1:
            return self.terms.get(int(keys[0]), 0) / self.size
        return min(self.phrases.get(phrase, 0) for phrase in terms.phrase_keys(keys).tolist()) / self.size


def names_for(group: Sequence[int], wording: Wording) -> list[Name]:
    """Names that would fit a group of places, the best first, no two of which mean the same.

    A label rates by its words' class-based tf-idf (Grootendorst 2022, BERTopic), summed and divided by the root of
    their number, and by how much of the group uses and joins them; labels that the library uses already lead,
    above all those that its files give to patterns of this group.
    """
    speech = _speech(group, wording)
    rated = [
        (round(speech.rating(terms.content_keys(label)) * bonus, 6), label)
        for label, bonus in sorted(_candidates(group, speech, wording).items())
    ]
    ordered = [label for _, label in sorted(rated, key=lambda item: (-item[0], item[1]))]
    found: dict[str, Name] = {}
    for place, label in enumerate(ordered):
        full = _with_second(label, ordered[place + 1 : place + 1 + SECONDS], speech)
        found.setdefault(community_key(full), Name(slugify(full), full))
    return list(found.values())


def _with_second(label: str, others: Sequence[str], speech: _Speech) -> str:
    """One word that much of the group does not use is a poor name by itself: it gets the next one that says more."""
    if len(label.split()) > 1 or speech.known(label) >= KNOWN:
        return label
    fresh = [other for other in others if len(other.split()) < MOST_WORDS and not _alike(label, other)]
    return f"{label} & {fresh[0]}" if fresh else label


def _alike(label: str, other: str) -> bool:
    """Whether a word of one begins as a word of the other: Secure beside Security says nothing new."""
    begins = {word[:4].casefold() for word in label.split()}
    return any(word[:4].casefold() in begins for word in other.split())


def _speech(group: Sequence[int], wording: Wording) -> _Speech:
    proses = [wording.proses[place] for place in group]
    keys, where, uses = np.unique(
        np.concatenate([prose.keys for prose in proses]), return_inverse=True, return_counts=True
    )
    logs = np.concatenate([np.log1p(prose.counts.astype(np.float64)) for prose in proses])
    weights = {
        key: total / len(group) * wording.rarity(key)
        for key, total, count in zip(keys.tolist(), np.bincount(where, logs).tolist(), uses.tolist(), strict=True)
        if count >= min(2, len(group))
    }
    phrases, written = np.unique(np.concatenate([prose.phrases for prose in proses]), return_counts=True)
    return _Speech(
        size=len(group),
        weights=weights,
        terms=dict(zip(keys.tolist(), uses.tolist(), strict=True)),
        phrases=dict(zip(phrases.tolist(), written.tolist(), strict=True)),
    )


def _candidates(group: Sequence[int], speech: _Speech, wording: Wording) -> dict[str, float]:
    """Labels that speak of one of the group's foremost words, with their bonus."""
    top = sorted(speech.weights, key=lambda key: (-speech.weights[key], key))[:TOP_WORDS]
    foremost = frozenset(top)
    bonuses: dict[str, float] = {}
    for label, bonus in _labels(group, top, speech, wording):
        if bonus > bonuses.get(label, 0) and _speaks_of(label, foremost):
            bonuses[label] = bonus
    return bonuses


def _speaks_of(label: str, foremost: frozenset[int]) -> bool:
    return bool(slugify(label)) and not foremost.isdisjoint(terms.content_keys(label).tolist())


def _labels(group: Sequence[int], top: Sequence[int], speech: _Speech, wording: Wording) -> Iterator[tuple[str, float]]:
    own = Counter(label for place in group for label in set(_community_labels(wording.patterns[place])))
    entities = Counter(label for place in group for label in set(_entity_labels(wording.patterns[place])))
    titles = Counter(label for place in group for label in set(_title_phrases(wording.patterns[place].title)))
    for label, uses in own.items():
        yield label, OWN * (1 + uses / len(group))
    for key in top:
        for label in wording.labels.get(key, ()):
            if speech.known(label) >= KNOWN:
                yield label, LIBRARY
    for counted, bonus in ((entities, ENTITY), (titles, TITLE)):
        for label, uses in counted.items():
            if uses > 1 and len(label.split()) <= MOST_WORDS:
                yield label, bonus * (1 + uses / len(group))
    for key in top[:FALLBACKS]:
        yield _word(key, group, wording), TEXT


def _community_labels(pattern: Pattern) -> list[str]:
    return [readable(item.label) for item in pattern.section.communities] if pattern.section else []


def _entity_labels(pattern: Pattern) -> list[str]:
    return [readable(item.label) for item in pattern.section.entities] if pattern.section else []


def _title_phrases(title: str) -> Iterator[str]:
    """One, two and three neighbouring words of a title, from a meaningful one to a meaningful one."""
    words = terms.TOKEN.findall(title)
    telling = [bool(terms.term_key(word)) for word in words]
    for length in range(1, MOST_WORDS + 1):
        for start in range(len(words) - length + 1):
            if telling[start] and telling[start + length - 1]:
                yield " ".join(word if word.isupper() else word.capitalize() for word in words[start : start + length])


def _word(key: int, group: Sequence[int], wording: Wording) -> str:
    """How a term is most often written first in the texts of a group, as a title."""
    forms = Counter[str]()
    for prose in (wording.proses[place] for place in group):
        at = int(np.searchsorted(prose.keys, np.uint64(key)))
        if at < len(prose.keys) and int(prose.keys[at]) == key:
            form = prose.words[at]
            forms[form if form.isupper() else form.capitalize()] += 1
    return min(forms, key=lambda form: (-forms[form], form))

"""Why two patterns belong together, from their own words: what a proposal shows and what its reason may claim."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.links.judge import Verdicts
from garden.links.ranker import Pair, Ranking
from garden.links.reasons import Ground, reason
from garden.links.shelf import Shelf
from garden.prose import Prose, Sentence
from garden.similarity import Floats

MOST_TERMS = 6
LOOKED_AT = 12
WIDTH = 256
OPENING_WORDS = 4
# A shared word says something about two patterns where at most this share of all patterns uses it.
SMALL_SHARE, FEW = 0.35, 12
RARE_SHARE = 0.15
# How much a long sentence is held back: 1 is the cosine, which prefers the shortest.
LENGTH_POWER = 0.7


@dataclass(frozen=True)
class PairEvidence:
    """Why two patterns belong together: a reason from each end, and what it rests on as JSON values."""

    reason_left: str
    reason_right: str
    details: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class _Quotes:
    """Sentences of one pattern with a vector for each: a sketch of its words weighted by rarity."""

    sentences: tuple[Sentence, ...]
    vectors: Floats


def explain_pairs(shelf: Shelf, ranking: Ranking, pairs: Sequence[Pair]) -> dict[Pair, PairEvidence]:
    """The evidence of each pair of places (lower, higher)."""
    if not pairs:
        return {}
    rarity = Rarity.of(shelf.proses)
    worn = _worn_openings(shelf.proses)
    quotes = {
        place: _quotes(shelf.proses[place], rarity, worn) for place in sorted({p for pair in pairs for p in pair})
    }
    verdicts = ranking.verdicts(pairs)
    return {
        pair: _explained(shelf, pair, rarity, quotes, _shown(ranking.names, verdicts, place))
        for place, pair in enumerate(pairs)
    }


@dataclass(frozen=True, eq=False)
class Rarity:
    """In how many of the proses each term occurs."""

    keys: terms.Keys
    documents: NDArray[np.int64]
    size: int

    @classmethod
    def of(cls, proses: Sequence[Prose]) -> "Rarity":
        """Counts the terms of the proses."""
        every = np.concatenate([np.empty(0, np.uint64), *(prose.keys for prose in proses)])
        keys, documents = np.unique(every, return_counts=True)
        return cls(keys, documents, len(proses))

    def documents_of(self, keys: terms.Keys) -> NDArray[np.int64]:
        """In how many proses each of the keys occurs, 0 where in none."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.documents[place], 0)

    def weights(self, keys: terms.Keys) -> Floats:
        """The inverse document frequency of each of the keys: log of all over those that have it."""
        return np.asarray(np.log((self.size + 1) / (self.documents_of(keys) + 0.5)), dtype=np.float32)


def shared_terms(left: Prose, right: Prose, rarity: Rarity, most: int = MOST_TERMS) -> list[str]:
    """What both speak of, as it is written, rare and often used terms first; two words in a row come as one phrase.

    A term that neither uses twice is in passing, and no common ground.
    """
    keys, in_left, in_right = np.intersect1d(left.keys, right.keys, assume_unique=True, return_indices=True)
    here, there = left.counts[in_left], right.counts[in_right]
    weights = rarity.weights(keys) * np.log1p(here) * np.log1p(there)
    documents = rarity.documents_of(keys)
    # In a small library even its subjects are in many patterns.
    rare = documents <= max(RARE_SHARE * rarity.size, min(SMALL_SHARE * rarity.size, FEW))
    meant = rare & (np.maximum(here, there) >= 2)
    order = np.lexsort((keys, -np.round(weights, 4)))
    chosen = order[meant[order]][:LOOKED_AT]
    left_words, right_words = left.words, right.words
    forms = [_form(left_words[in_left[i]], right_words[in_right[i]]) for i in chosen.tolist()]
    return _joined(keys[chosen], forms, left, right)[:most]


def _joined(keys: terms.Keys, forms: list[str], left: Prose, right: Prose) -> list[str]:
    """The forms in order, two of them as one where both texts have them in a row."""
    n = len(keys)
    first, second = np.divmod(np.arange(n * n), max(n, 1))
    phrases = terms.phrase_key(keys[first], keys[second])
    both = _among(phrases, left.phrases) & _among(phrases, right.phrases) & (first != second)
    follows: dict[int, int] = {}
    for a, b in zip(first[both].tolist(), second[both].tolist(), strict=True):
        if a not in follows and b not in follows.values() and b not in follows:
            follows[a] = b
    joined = [f"{forms[i]} {forms[follows[i]]}" if i in follows else forms[i] for i in range(n)]
    seconds = set(follows.values()) - follows.keys()
    return list(dict.fromkeys(joined[i] for i in range(n) if i not in seconds))


def _among(wanted: NDArray[Any], sorted_keys: NDArray[Any]) -> NDArray[np.bool_]:
    if not len(sorted_keys):
        return np.zeros(len(wanted), bool)
    place = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.asarray(sorted_keys[place] == wanted)


def _form(one: str, other: str) -> str:
    """How a shared word is shown: small where either text writes it small, else as the first does."""
    for word in (one, other):
        if word[:1].islower():
            return word
    return one


def _explained(
    shelf: Shelf, pair: Pair, rarity: Rarity, quotes: Mapping[int, _Quotes], shown: Mapping[str, Any]
) -> PairEvidence:
    left, right = (shelf.proses[place] for place in pair)
    sentences = _best_sentences(quotes[pair[0]], quotes[pair[1]])
    labels = {entity.id: entity.label for entity in shelf.entities[pair[0]]}
    common = [labels[entity.id] for entity in shelf.entities[pair[1]] if entity.id in labels]
    ground = Ground(
        titles=(shelf.titles[pair[0]], shelf.titles[pair[1]]),
        terms=tuple(shared_terms(left, right, rarity)),
        entities=tuple(dict.fromkeys(common)),
        sentences=sentences,
    )
    slugs = [shelf.slugs[place] for place in pair]
    details = {
        **shown,
        "terms": list(ground.terms),
        "entities": list(ground.entities),
        "sentences": [
            {"pattern": slug, "role": sentence.role, "text": sentence.text}
            for slug, sentence in zip(slugs, sentences or (), strict=False)
        ],
        "texts": {shelf.slugs[place]: shelf.text_hashes[place] for place in pair},
    }
    return PairEvidence(reason(ground), reason(ground.turned()), details)


def _shown(names: Sequence[str], verdicts: Verdicts, place: int) -> dict[str, Any]:
    """One pair's signals, and how much of its score each gives."""
    return {
        "signals": {n: round(float(v), 2) for n, v in zip(names, verdicts.signals[place], strict=True)},
        "shares": {n: round(float(v), 2) for n, v in zip(names, verdicts.shares[place], strict=True)},
    }


def _best_sentences(left: _Quotes, right: _Quotes) -> tuple[Sentence, Sentence] | None:
    """The two sentences, one of each, that match best; None where no two share a word. Ties go to the first."""
    if not left.sentences or not right.sentences:
        return None
    scores = left.vectors @ right.vectors.T
    best = int(np.argmax(np.round(scores, 4)))
    a, b = divmod(best, len(right.sentences))
    return (left.sentences[a], right.sentences[b]) if scores[a, b] > 0 else None


def _quotes(prose: Prose, rarity: Rarity, worn: frozenset[str]) -> _Quotes:
    """The sentences that are a pattern's own, sketched: a word adds its weight, with a sign, to one of few columns."""
    own = tuple(sentence for sentence in prose.sentences if _opening(sentence) not in worn)
    every = [terms.content_keys(sentence.text) for sentence in own]
    keys = np.concatenate([np.empty(0, np.uint64), *every])
    rows = np.repeat(np.arange(len(own)), [len(part) for part in every])
    sketch = np.zeros((len(own), WIDTH), np.float32)
    sign = np.where(keys >> np.uint64(63), 1, -1)
    np.add.at(sketch, (rows, (keys % np.uint64(WIDTH)).astype(np.intp)), rarity.weights(keys) * sign)
    length = np.linalg.norm(sketch, axis=1, keepdims=True)
    return _Quotes(own, sketch / np.maximum(length, 1e-6) ** LENGTH_POWER)


def _worn_openings(proses: Sequence[Prose]) -> frozenset[str]:
    """First words with which sentences of many patterns begin: a template's, not a pattern's own."""
    openings = Counter(opening for prose in proses for opening in {_opening(s) for s in prose.sentences})
    return frozenset(text for text, count in openings.items() if count > max(3, 0.005 * len(proses)))


def _opening(sentence: Sentence) -> str:
    return " ".join(sentence.text.split(None, OPENING_WORDS)[:OPENING_WORDS])

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
class Quotes:
    """Sentences of one pattern: all their words in order with their keys, and a sketch of each sentence.

    A sketch is a vector of the sentence's words weighted by rarity. Between sentences stands a word with the key 0.
    """

    sentences: tuple[Sentence, ...]
    sketches: Floats
    words: list[str]
    keys: terms.Keys

    def phrase(self, first: int, second: int) -> str | None:
        """Two words in a row as a sentence writes them, small but for names; None where no sentence has them."""
        found = np.flatnonzero((self.keys[:-1] == np.uint64(first)) & (self.keys[1:] == np.uint64(second)))
        if not len(found):
            return None
        one, other = self.words[found[0] : found[0] + 2]
        return f"{one.lower() if other.islower() else one} {other}"


def explain_pairs(shelf: Shelf, ranking: Ranking, pairs: Sequence[Pair]) -> dict[Pair, PairEvidence]:
    """The evidence of each pair of places (lower, higher)."""
    if not pairs:
        return {}
    rarity = Rarity.of(shelf.proses)
    worn = _worn_openings(shelf.proses)
    quotes = {
        place: quotes_of(shelf.proses[place], rarity, worn) for place in sorted({p for pair in pairs for p in pair})
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


def shared_terms(left: Prose, right: Prose, rarity: Rarity, quoted: Sequence[Quotes] = ()) -> list[str]:
    """What both speak of, as it is written, rare and often used terms first; two words in a row come as one phrase.

    A term that neither uses twice, and that is no part of a phrase of both, is in passing and no common ground.
    """
    keys, in_left, in_right = np.intersect1d(left.keys, right.keys, assume_unique=True, return_indices=True)
    here, there = left.counts[in_left], right.counts[in_right]
    weights = rarity.weights(keys) * np.log1p(here) * np.log1p(there)
    documents = rarity.documents_of(keys)
    # In a small library even its subjects are in many patterns.
    rare = documents <= max(RARE_SHARE * rarity.size, min(SMALL_SHARE * rarity.size, FEW))
    order = np.lexsort((keys, -np.round(weights, 4)))
    looked = order[rare[order]][: 2 * LOOKED_AT]
    follows = _following(keys[looked], left, right)
    meant = (np.maximum(here, there) >= 2)[looked]
    meant[[*follows, *follows.values()]] = True
    left_words, right_words = left.words, right.words
    forms = [_form(left_words[in_left[i]], right_words[in_right[i]]) for i in looked.tolist()]
    seconds = set(follows.values()) - follows.keys()
    said = [i for i in range(len(looked)) if meant[i] and i not in seconds][:LOOKED_AT]
    joined = []
    for i in said:
        plain = f"{forms[i]} {forms[follows[i]]}" if i in follows else forms[i]
        written = (one.phrase(keys[looked[i]], keys[looked[follows[i]]]) for one in quoted if i in follows)
        joined.append(next(filter(None, written), plain))
    return list(dict.fromkeys(joined))[:MOST_TERMS]


def _following(keys: terms.Keys, left: Prose, right: Prose) -> dict[int, int]:
    """Which of the terms follows which in both texts: places among the keys, each with one that it comes before."""
    n = len(keys)
    first, second = np.divmod(np.arange(n * n), max(n, 1))
    phrases = terms.phrase_key(keys[first], keys[second])
    both = _among(phrases, left.phrases) & _among(phrases, right.phrases) & (first != second)
    follows: dict[int, int] = {}
    for a, b in zip(first[both].tolist(), second[both].tolist(), strict=True):
        if a not in follows and b not in follows.values() and b not in follows:
            follows[a] = b
    return follows


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
    shelf: Shelf, pair: Pair, rarity: Rarity, quotes: Mapping[int, Quotes], shown: Mapping[str, Any]
) -> PairEvidence:
    left, right = (shelf.proses[place] for place in pair)
    sentences = _best_sentences(quotes[pair[0]], quotes[pair[1]])
    labels = {entity.id: entity.label for entity in shelf.entities[pair[0]]}
    common = [labels[entity.id] for entity in shelf.entities[pair[1]] if entity.id in labels]
    ground = Ground(
        titles=(shelf.titles[pair[0]], shelf.titles[pair[1]]),
        terms=tuple(shared_terms(left, right, rarity, (quotes[pair[0]], quotes[pair[1]]))),
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


def _best_sentences(left: Quotes, right: Quotes) -> tuple[Sentence, Sentence] | None:
    """The two sentences, one of each, that match best; None where no two share a word. Ties go to the first."""
    if not left.sentences or not right.sentences:
        return None
    scores = left.sketches @ right.sketches.T
    best = int(np.argmax(np.round(scores, 4)))
    a, b = divmod(best, len(right.sentences))
    return (left.sentences[a], right.sentences[b]) if scores[a, b] > 0 else None


def quotes_of(prose: Prose, rarity: Rarity, worn: frozenset[str] = frozenset()) -> Quotes:
    """The sentences that are a pattern's own: those that do not open with worn words."""
    own = tuple(sentence for sentence in prose.sentences if _opening(sentence) not in worn)
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
    return Quotes(own, sketches / np.maximum(length, 1e-6) ** LENGTH_POWER, words, keys)


def _worn_openings(proses: Sequence[Prose]) -> frozenset[str]:
    """First words with which sentences of many patterns begin: a template's, not a pattern's own."""
    openings = Counter(opening for prose in proses for opening in {_opening(s) for s in prose.sentences})
    return frozenset(text for text, count in openings.items() if count > max(3, 0.005 * len(proses)))


def _opening(sentence: Sentence) -> str:
    return " ".join(sentence.text.split(None, OPENING_WORDS)[:OPENING_WORDS])

"""Which patterns are on one thing, as their titles and their texts tell together.

A library that grew for years holds the same idea twice: "Leadership and Loneliness" and "Loneliness in Leadership". No
title tells so by itself, for "Problem Interviews" and "Solution Interviews" are two steps of one way. Where two texts
say much the same and few are as near to either, a reader takes one or the other. The more of their words the titles
share, the less must the texts be alike, and a word that few titles have tells more of that than "practice". Readers who
were shown both types accepted this one for 25 of 32 pairs that were new, and that they go together for 4; see
benchmarks/links.md.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import fsum, log1p

import numpy as np

from garden import terms
from garden.links.choose import Pair
from garden.links.kinds import SAME
from garden.links.shelf import Vectors
from garden.links.ties import Tie
from garden.similarity import blocks
from garden.titles import numbers, plain_name
from garden.vocabulary import Vocabulary

# How much of the words of either title both have, and the cosine of the passages from which on they are on one thing.
SAME_WORDS, HALF, SOME = (1.0, 0.7), (0.5, 0.76), (0.2, 0.83)
# The same for how much both have of the one that has less, where a word counts the more the fewer titles have it.
MOST, MUCH = (0.75, 0.74), (0.5, 0.78)
LEAST_SAME = 2  # So many words such titles have at least: one may be a word for two things.
ROWS = 512  # Whole rows of cosines take room.
NEAREST = 3  # Each is among so many nearest ones of the other, unless the titles have the same words.


def doubles(
    titles: Sequence[str],
    vectors: Vectors,
    pairs: Collection[Pair],
    vocabulary: Vocabulary,
    kinds: Collection[Pair] = (),
) -> dict[Pair, Tie]:
    """Of some pairs of places those on one thing; ``vectors`` are unit rows. Nothing where no type says so.

    Titles with different numbers name two of a series. ``kinds`` are pairs of whose titles one names a kind of the
    other: there, rare words that both have tell no more.
    """
    if not vocabulary.symmetric(SAME):
        return {}
    pairs = [(left, right) for left, right in pairs if numbers(titles[left]) == numbers(titles[right])]
    words = {place: _words(titles[place]) for pair in pairs for place in pair}
    rarity = _rarity(titles)
    least = {
        (left, right): _least_cosine(words[left], words[right], {} if (left, right) in kinds else rarity)
        for left, right in sorted(pairs)
    }
    asked = [(pair, cosine) for pair, cosine in least.items() if cosine is not None]
    alike = [pair for pair, cosine in asked if float(vectors[pair[0]] @ vectors[pair[1]]) >= cosine]
    near = _nearest(vectors, sorted({place for pair in alike for place in pair}))
    return {
        (left, right): Tie(left, right, SAME)
        for left, right in alike
        if least[left, right] == SAME_WORDS[1] or (right in near[left] and left in near[right])
    }


def _least_cosine(
    one: Sequence[frozenset[int]], other: Sequence[frozenset[int]], rarity: Mapping[int, float]
) -> float | None:
    """How alike two texts must be, by the words of their titles: whole or as plain names, as more are shared."""
    found = [_level(a, b, rarity) for a, b in zip(one, other, strict=True)]
    return min((cosine for cosine in found if cosine is not None), default=None)


def _level(one: frozenset[int], other: frozenset[int], rarity: Mapping[int, float]) -> float | None:
    share = len(one & other) / max(len(one | other), 1)
    if share >= SAME_WORDS[0] and len(one) >= LEAST_SAME:
        return SAME_WORDS[1]
    if share < SOME[0]:
        return None
    weight = _weight(one, other, rarity)
    found = [cosine for least, cosine in (MOST, MUCH) if weight >= least]
    # A title that has all of the other's words, and more, may be that of a kind or a part.
    found += [HALF[1]] if share >= HALF[0] and not (one < other or other < one) else []
    return min([SOME[1], *found])


def _rarity(titles: Sequence[str]) -> dict[int, float]:
    """How much each meaningful word of some titles tells: more as fewer have it."""
    counts = Counter(word for title in titles for word in terms.said_keys(title))
    return {word: log1p(len(titles) / count) for word, count in counts.items()}


def _weight(one: frozenset[int], other: frozenset[int], rarity: Mapping[int, float]) -> float:
    """How much both have of the words of the title that has less; 0 where that tells nothing."""
    if not rarity or min(len(one), len(other)) < LEAST_SAME:
        return 0.0
    both, *each = (fsum(rarity[word] for word in words) for words in (one & other, one, other))
    return both / min(each)


def _nearest(vectors: Vectors, places: Sequence[int]) -> dict[int, frozenset[int]]:
    """The places of the nearest other rows to each of some."""
    found: dict[int, frozenset[int]] = {}
    for part in (places[rows] for rows in blocks(len(places), ROWS)):
        cosines = vectors[part] @ vectors.T
        cosines[np.arange(len(part)), part] = -1
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :NEAREST]
        found.update(zip(part, map(frozenset, nearest.tolist()), strict=True))
    return found


def _words(title: str) -> tuple[frozenset[int], frozenset[int]]:
    """The meaningful words of a title, and of its plain name."""
    return terms.said_keys(title), terms.said_keys(plain_name(title))

"""Which patterns are on one thing, as their titles and their texts tell together.

A library that grew for years holds the same idea twice: "Leadership and Loneliness" and "Loneliness in Leadership". No
title tells so by itself, for "Problem Interviews" and "Solution Interviews" are two steps of one way. Where each of two
texts is the nearest to the other, too, a reader takes one or the other.
"""

from collections.abc import Collection, Sequence

import numpy as np

from garden import terms
from garden.links.choose import Pair
from garden.links.kinds import SAME, plain_name
from garden.links.shelf import Vectors
from garden.links.ties import Tie
from garden.vocabulary import Vocabulary

SHARED = 2  # So many words both titles have, and
HALF, ALL = 0.5, 1.0  # this much of those of either.
# The cosine of two passages from which both say much the same, and one that is enough where the titles do, too.
ALIKE, AKIN = 0.8, 0.7


def doubles(
    titles: Sequence[str], vectors: Vectors, pairs: Collection[Pair], vocabulary: Vocabulary
) -> dict[Pair, Tie]:
    """Of some pairs of places those on one thing; ``vectors`` are unit rows. Nothing where no type says so."""
    if not vocabulary.symmetric(SAME):
        return {}
    words = {place: _words(titles[place]) for pair in pairs for place in pair}
    shares = {(left, right): _share(words[left], words[right]) for left, right in pairs}
    alike = {pair: float(vectors[pair[0]] @ vectors[pair[1]]) for pair in sorted(pairs) if shares[pair] >= HALF}
    nearest = _nearest(vectors, sorted({place for pair, cosine in alike.items() if cosine >= ALIKE for place in pair}))
    return {
        (left, right): Tie(left, right, SAME)
        for (left, right), cosine in alike.items()
        if (cosine >= AKIN and shares[left, right] == ALL)
        or (cosine >= ALIKE and nearest[left] == right and nearest[right] == left)
    }


def _nearest(vectors: Vectors, places: Sequence[int]) -> dict[int, int]:
    """The place of the nearest other row to each of some."""
    if not places:
        return {}
    cosines = vectors[places] @ vectors.T
    cosines[np.arange(len(places)), places] = -1
    return dict(zip(places, cosines.argmax(axis=1).tolist(), strict=True))


def _words(title: str) -> tuple[frozenset[int], frozenset[int]]:
    """The meaningful words of a title, and of its plain name."""
    return terms.said_keys(title), terms.said_keys(plain_name(title))


def _share(one: Sequence[frozenset[int]], other: Sequence[frozenset[int]]) -> float:
    """The share of words that both have, of the two titles whole or as plain names: what is more. 0 where few are."""
    return max(len(a & b) / len(a | b) if len(a & b) >= SHARED else 0.0 for a, b in zip(one, other, strict=True))

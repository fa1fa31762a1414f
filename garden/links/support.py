"""Which standing links the texts support: those that score as only the best of the library's random pairs do.

A link that stands is given the benefit of the doubt: it need not be good enough to be proposed, only better than
chance would make it. Where the standing links as a whole lean to where nothing in the texts could lead them, they were
not found by reading, and each must be sure by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from garden.config import LinkSettings
from garden.links.choose import Pair
from garden.similarity import Floats

SAMPLE = 20_000


class Judge(Protocol):
    """Whoever rates pairs: a ranking."""

    def judged(self, pairs: Sequence[Pair]) -> Floats:
        """The confidence of each of any pairs."""

    def confidences(self) -> dict[Pair, float]:
        """The confidence of each candidate pair."""


def supported(
    ranking: Judge, rated: Mapping[Pair, float], size: int, settings: LinkSettings, *, trusted: bool
) -> dict[Pair, float]:
    """The standing pairs that are supported, of those ``rated`` with their confidence. ``size`` counts the patterns.

    ``trusted`` says that the standing links do not lean. Adding support to a pair never takes it out.
    """
    if not rated:
        return {}
    by_chance = np.sort(ranking.judged(random_pairs(size, settings.seed)))
    # The share of random pairs that score at least as high.
    share = {pair: 1 - np.searchsorted(by_chance, value) / len(by_chance) for pair, value in rated.items()}
    return {
        pair: value
        for pair, value in rated.items()
        if value >= settings.keep_above or (trusted and share[pair] <= settings.keep_within)
    }


def judged(ranking: Judge, pairs: Sequence[Pair]) -> dict[Pair, float]:
    """The confidence of any pairs: a candidate's own figure, for a second reckoning could differ in its last digit."""
    known = ranking.confidences()
    reckoned = zip(pairs, ranking.judged(pairs).tolist(), strict=True)
    return {pair: known.get(pair, value) for pair, value in reckoned}


def random_pairs(size: int, seed: int) -> list[Pair]:
    """Pairs of places drawn at random, all of them where they are few; the same ones for the same size and seed."""
    if size * (size - 1) // 2 <= SAMPLE:
        return [(left, right) for left in range(size) for right in range(left + 1, size)]
    drawn: NDArray[np.int64] = np.random.default_rng(seed).integers(0, size, (SAMPLE, 2))
    return sorted({(min(pair), max(pair)) for pair in drawn.tolist() if pair[0] != pair[1]})

"""Which standing links are supported: all but those that score as links which people made hardly ever do.

A link that stands is given the benefit of the doubt: it need not be good enough to be proposed. Where the ranking has
learned from curated links, those held out tell how low a link that people made may score; where it knows texts alone,
the library's random pairs tell it, less surely. Where the standing links as a whole lean to where nothing in the texts
could lead them, they were not found by reading, and each must be sure by itself.

No standing link bears on the limit, so that none is evidence for itself or for another.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from garden.config import LinkSettings
from garden.links.choose import Pair
from garden.similarity import Floats

SAMPLE = 20_000
FEWEST_HELD = 30  # Fewer links held out do not show how low such links may score.


class Judge(Protocol):
    """Whoever rates pairs: a ranking."""

    @property
    def held_out(self) -> Floats:
        """The confidence of curated links, each from a model that has not seen it; none where texts alone are known."""

    def judged(self, pairs: Sequence[Pair]) -> Floats:
        """The confidence of each of any pairs."""

    def confidences(self) -> Mapping[Pair, float]:
        """The confidence of each candidate pair."""


def supported(
    ranking: Judge, rated: Mapping[Pair, float], size: int, settings: LinkSettings, *, trusted: bool
) -> dict[Pair, float]:
    """The standing pairs that are supported, of those ``rated`` with their confidence. ``size`` counts the patterns.

    ``trusted`` says that the standing links do not lean. Adding support to a pair never takes it out.
    """
    if not rated:
        return {}
    limit = settings.keep_above
    if trusted:
        limit = min(limit, least(ranking, size, settings))
    return {pair: value for pair, value in rated.items() if value >= limit}


def least(ranking: Judge, size: int, settings: LinkSettings) -> float:
    """The lowest confidence that a standing link may have where the standing links do not lean."""
    if len(ranking.held_out) >= FEWEST_HELD:
        return float(np.quantile(ranking.held_out, settings.lose, method="lower"))
    by_chance = np.sort(ranking.judged(random_pairs(size, settings.seed)))
    place = int(np.ceil(len(by_chance) * (1 - settings.keep_within)))
    return float(by_chance[place]) if place < len(by_chance) else float(np.inf)


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

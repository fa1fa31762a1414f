"""Whether links lean where nothing in the texts could lead them: to first letters, to a list's beginning, to few.

The tests ask what the same in-degrees would look like had they fallen on other patterns, so that a true hub, wherever
it stands in the alphabet, is no sign of bias, and neither are a few links.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from garden.config import HealthSettings

ROUNDS = 999
DIGITS = 4


@dataclass(frozen=True)
class Bias:
    """How the links of a library lean.

    ``letter`` is the first letter that gets most above its part of the patterns, ``letter_excess`` by how much (0..1),
    ``letter_p`` how likely chance gives some letter as much. ``position`` is the mean place of a link's target in slug
    order, 0..1, .5 where it is fair, with ``position_p``. ``spread`` is the effective number of targets (inverse
    Simpson index), the most linked one left out, over what chance would give: 1 is even, near 0 a few hold all.
    """

    links: int
    letter: str
    letter_excess: float
    letter_p: float
    position: float
    position_p: float
    spread: float

    def signs(self, settings: HealthSettings) -> tuple[str, ...]:
        """The figures of this bias that lie beyond a library's thresholds: 'letter', 'position', 'spread'."""
        beyond = {
            "letter": _over(self.letter_excess, settings.letter_excess) and self.letter_p <= settings.significance,
            "position": _over(abs(self.position - 0.5), settings.position_shift)
            and self.position_p <= settings.significance,
            "spread": settings.target_spread is not None and self.spread < settings.target_spread,
        }
        return tuple(name for name, found in beyond.items() if found)


def bias_of(slugs: Sequence[str], targets: Sequence[int], seed: int = 0) -> Bias | None:
    """The bias of links to ``targets`` (one place for each link) among patterns in slug order, None without links.

    Letters and positions by permutation test (Fisher 1935; ``ROUNDS`` rounds of a generator with this seed).
    """
    return _bias_of(tuple(slugs), tuple(targets), seed) if targets else None


@lru_cache(maxsize=4)
def _bias_of(slugs: tuple[str, ...], targets: tuple[int, ...], seed: int) -> Bias:
    """The same. A run asks several times of the same links: whether to trust them, and how they are doing."""
    degrees = np.bincount(np.asarray(targets, np.int64), minlength=len(slugs))
    letters, codes = np.unique(first_letters(slugs), return_inverse=True)
    expected = np.bincount(codes, minlength=len(letters)) / len(slugs)
    links = int(degrees.sum())

    def excess(shuffled: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(codes, weights=shuffled, minlength=len(letters)) / links - expected)

    def position(shuffled: NDArray[np.int64]) -> float:
        return float(shuffled @ places / links)

    places = (np.arange(len(slugs)) + 0.5) / len(slugs)
    seen, middle = excess(degrees), position(degrees)
    rng = np.random.default_rng(seed)
    letters_as_much = position_as_far = 1
    for _ in range(ROUNDS):
        shuffled = rng.permutation(degrees)
        letters_as_much += bool(excess(shuffled).max() >= seen.max() - 1e-9)
        position_as_far += bool(abs(position(shuffled) - 0.5) >= abs(middle - 0.5) - 1e-9)
    return Bias(
        links=links,
        letter=str(letters[int(seen.argmax())]),
        letter_excess=round(float(seen.max()), DIGITS),
        letter_p=letters_as_much / (ROUNDS + 1),
        position=round(middle, DIGITS),
        position_p=position_as_far / (ROUNDS + 1),
        spread=spread(degrees),
    )


def spread(degrees: NDArray[np.int64]) -> float:
    """The effective number of targets without the first, over what links thrown at random would give; 1 without any."""
    rest = np.sort(degrees)[:-1]
    links = int(rest.sum())
    if not links:
        return 1.0
    effective = links**2 / float(np.sum(rest.astype(np.float64) ** 2))
    by_chance = len(rest) * links / (len(rest) + links - 1)
    return round(min(effective / by_chance, 1.0), DIGITS)


def gini(degrees: NDArray[np.int64]) -> float | None:
    """The Gini coefficient of in-degrees: 0 where all are equal, near 1 where one has all; None without links."""
    total = int(degrees.sum())
    if not total:
        return None
    ranks = np.arange(1, len(degrees) + 1)
    return round(float(2 * np.sum(ranks * np.sort(degrees)) / (len(degrees) * total) - 1 - 1 / len(degrees)), DIGITS)


def first_letters(slugs: Sequence[str]) -> list[str]:
    """The first letter of each slug in which they differ: what all of them begin with says nothing."""
    start = len(list(takewhile(lambda letters: len(set(letters)) == 1, zip(*slugs, strict=False))))
    start = start if len(slugs) > 1 else 0
    return [slug[start : start + 1].casefold() for slug in slugs]


def _over(value: float, threshold: float | None) -> bool:
    return threshold is not None and value > threshold

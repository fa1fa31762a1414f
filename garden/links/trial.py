"""A ranking put to the test: links hidden, and how high each judge puts them among all other partners.

The same figures as bench tools for link prediction give: each hidden pair is asked in both directions, and other linked
pairs are not in the way. Intervals are bootstrapped over pairs (Efron 1979), for the two directions of one are no
independent evidence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIRST = 10
ROUNDS = 1000
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class Figure:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """How a judge did. ``coverage`` is the part of patterns that are among anybody's first ten."""

    name: str
    recall: Figure
    mrr: Figure
    coverage: float


@dataclass(frozen=True)
class TypeScore:
    """How the ranking did on the pairs of one type."""

    name: str
    pairs: int
    recall: Figure
    mrr: Figure


@dataclass(frozen=True)
class Asked:
    """The ranks of hidden pairs, one row (from the left end, from the right end) a pair; infinite where not found."""

    ranks: NDArray[np.float64]
    firsts: int
    patterns: int

    def score(self, name: str, seed: int) -> Score:
        """The figures of these ranks."""
        return Score(name, self.recall(seed), self.mrr(seed), self.firsts / max(self.patterns, 1))

    def recall(self, seed: int) -> Figure:
        """The part of ranks that are among the first ten."""
        return figure((self.ranks <= FIRST).mean(axis=1), seed)

    def mrr(self, seed: int) -> Figure:
        """The mean of one over the rank."""
        return figure((1 / self.ranks).mean(axis=1), seed)


def figure(values: NDArray[np.floating], seed: int) -> Figure:
    """The mean of some values, with its interval; nothing is 0."""
    if not len(values):
        return Figure(0.0, 0.0, 0.0)
    drawn = np.random.default_rng(seed).integers(0, len(values), (ROUNDS, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), INTERVAL)
    return Figure(round(float(values.mean()), 4), round(float(low), 4), round(float(high), 4))


def rank_of(order: Sequence[int], target: int, skipped: Iterable[int]) -> float:
    """The rank of a target, from 1, in an order of partners without those skipped; infinite where it is not there."""
    passed = set(skipped) - {target}
    place = 0
    for partner in order:
        if partner in passed:
            continue
        place += 1
        if partner == target:
            return float(place)
    return float("inf")

"""Weights learned from the links that people made: a logistic model for each type, drawn towards weights that ship.

A model is asked about pairs as if they were not linked (see ``graph``), so linked pairs are its examples as they are.
Its other examples are candidates that nobody linked, which are hard to tell from links, and a few random pairs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from garden.links.features import Features
from garden.links.prior import PRIOR
from garden.similarity import Floats, Ints

STRENGTH = 20.0
ROUNDS = 25
HALVINGS = 12
ENOUGH = 1e-5
MOST_OTHERS = 8_000
RANDOM = 2_000

Weights = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Examples:
    """Pairs to learn from, each once: those that are tied, and others with how many pairs each stands for."""

    left: Ints
    right: Ints
    weight: NDArray[np.float64]
    fold: Ints

    @property
    def ends(self) -> tuple[Ints, Ints]:
        """Sources and targets: each pair in both directions."""
        return np.concatenate([self.left, self.right]), np.concatenate([self.right, self.left])


@dataclass(frozen=True, eq=False)
class Known:
    """Linked pairs (left, right) with the fold of each, and how many linked pairs each stands for."""

    left: Ints
    right: Ints
    fold: Ints
    each: float


def examples(known: Known, candidates: tuple[Ints, Ints], n: int) -> Examples:
    """The known pairs, at most so many of the candidates, and random pairs for all the rest.

    The others belong to no fold (-1): they are nobody's answer.
    """
    rng = np.random.default_rng(0)
    count = len(candidates[0])
    picked = np.sort(rng.choice(count, MOST_OTHERS, replace=False)) if count > MOST_OTHERS else np.arange(count)
    taken = np.concatenate([_codes(known.left, known.right, n), _codes(*candidates, n)])
    drawn = np.sort(rng.integers(0, n, (2, RANDOM)), axis=0)
    codes = np.setdiff1d(_codes(drawn[0], drawn[1], n)[drawn[0] != drawn[1]], taken)
    rest = max(n * (n - 1) / 2 - len(taken), 0)
    sizes = (len(known.left), len(picked), len(codes))
    weights = (known.each, count / max(len(picked), 1), rest / max(len(codes), 1))
    return Examples(
        left=np.concatenate([known.left, candidates[0][picked], codes // n]),
        right=np.concatenate([known.right, candidates[1][picked], codes % n]),
        weight=np.repeat(weights, sizes),
        fold=np.concatenate([known.fold, np.full(sizes[1] + sizes[2], -1, dtype=np.intp)]),
    )


@dataclass(frozen=True, eq=False)
class Fitting:
    """Rows with a constant column, whether each is tied, and how many pairs each stands for."""

    rows: NDArray[np.float64]
    tied: NDArray[np.bool_]
    weight: NDArray[np.float64]


def fit(problem: Fitting, start: Weights, prior: Weights) -> Weights:
    """The weights, the last of them constant, of a logistic model; Newton's method from ``start``.

    Each weight is held to its prior with ``STRENGTH`` (a normal prior of that precision), the constant is free.
    """
    hold = np.full(len(prior), STRENGTH)
    hold[-1] = 1e-3
    rows, tied, weight = problem.rows, problem.tied, problem.weight
    cost_of = partial(_cost, problem, hold, prior)
    weights, cost = start, float(cost_of(start))
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (weight * (chance - tied)) + hold * (weights - prior)
        curvature = weight * chance * (1 - chance)
        bend = (rows * curvature[:, None]).T @ rows + np.diag(hold)
        step = np.asarray(np.linalg.solve(bend, slope), dtype=np.float64)
        moved = _downhill(cost_of, weights, step, cost)
        gained, cost = cost - cost_of(moved), cost_of(moved)
        weights = moved
        if gained < ENOUGH * abs(cost):
            break
    return weights


def _downhill(cost_of: Callable[[Weights], float], weights: Weights, step: Weights, cost: float) -> Weights:
    """The end of the step, halved until the cost falls: far from its minimum the full step may overshoot."""
    for _ in range(HALVINGS):
        if cost_of(weights - step) <= cost:
            return weights - step
        step = step / 2
    return weights


def _cost(problem: "Fitting", hold: Weights, prior: Weights, weights: Weights) -> float:
    """The negative log-likelihood and the cost of leaving the prior."""
    odds = problem.rows @ weights
    loss = np.logaddexp(0, odds) - problem.tied * odds
    return float(problem.weight @ loss + hold @ (weights - prior) ** 2 / 2)


def with_constant(rows: Floats) -> NDArray[np.float64]:
    """The rows with a last column of ones."""
    return np.column_stack([rows, np.ones(len(rows))]).astype(np.float64)


def prior_weights(names: Sequence[str], rate: float) -> Weights:
    """The shipped weights in the order of the names; the constant gives the rate at which pairs are tied."""
    return np.array([*(PRIOR[name] for name in names), PRIOR["constant"] + np.log(max(rate, 1e-9))])


@dataclass(frozen=True, eq=False)
class Lesson:
    """The examples as rows of signals for each type, each pair in both directions, with whether it is tied."""

    rows: Mapping[str, NDArray[np.float64]]
    tied: Mapping[str, NDArray[np.bool_]]
    weight: NDArray[np.float64]
    fold: Ints
    names: tuple[str, ...]

    @classmethod
    def of(cls, features: Features, sample: Examples) -> "Lesson":
        """The rows of a sample."""
        sources, targets = sample.ends
        shared = features.shared(sources, targets)
        return cls(
            rows={name: with_constant(features.at(name, sources, targets, shared)) for name in features.types},
            tied={name: features.tied(name, sources, targets) for name in features.types},
            weight=np.tile(sample.weight, 2),
            fold=np.tile(sample.fold, 2),
            names=features.names,
        )

    def learned(self, held_out: int | None, start: Mapping[str, Weights]) -> dict[str, Weights]:
        """The weights of each type from all examples but those of one fold. A near ``start`` saves rounds."""
        kept = self.fold != held_out if held_out is not None else np.ones(len(self.fold), bool)
        weight = self.weight[kept]
        found: dict[str, Weights] = {}
        for name, rows in self.rows.items():
            tied = self.tied[name][kept]
            prior = prior_weights(self.names, float(tied.sum()) / float(weight.sum()))
            found[name] = fit(Fitting(rows[kept], tied, weight), start.get(name, prior), prior)
        return found


def _codes(left: Ints, right: Ints, n: int) -> NDArray[np.int64]:
    return np.asarray(left.astype(np.int64) * n + right)

"""How sure a link is: from the score of its pair and from how many pairs of the library score as high.

Scores are standard deviations, and how far the best of them stand out depends on how large a library is and how alike
its texts are. How many pairs a pattern has that score at least as high does not: over four gardens whose links people
made (116 to 691 notes, security, cloud architecture), the share of pairs that are linked follows one curve of it,
.55 for the best tenth of a pair a pattern, .45 at one, .28 at three and a half, .12 at ten. People do not make all the
links that they would agree to; the curve is therefore scaled so that the very best pairs count as certain.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden.links.backtest import FOLDS
from garden.similarity import Floats

Numbers = NDArray[np.float64]

HALF = 3.5  # Pairs of a pattern that score as high, where confidence is one half.
POWER = 1.2
COMPLETENESS = 0.75  # Of the links that curators would make, the share that they have made: see ``benchmarks``.
SUREST = 0.97  # Nobody agrees to everything.
ORDER = 1e-3  # What of a confidence only keeps the order of scores that are equally sure.
EDGE = 1e-4  # No share is told to be nearer to 0 or 1 when fits are compared.
ROUNDS, HOLD, POINTS = 25, 1e-3, 256
FALL = 2.0  # Beyond the pairs looked at: how fast the expected number grows as the score falls.


@dataclass(frozen=True, eq=False)
class Curve:
    """The confidence of a score. ``scores`` rise, and ``expected`` is how many pairs of a pattern score as high."""

    scores: NDArray[np.float64]
    expected: NDArray[np.float64]

    @classmethod
    def of(cls, scores: Floats, patterns: int) -> "Curve":
        """The curve of a library from the scores of all its best pairs, curated ones included."""
        distinct, counts = np.unique(scores, return_counts=True)
        above = np.cumsum(counts[::-1])[::-1]
        return cls(distinct.astype(np.float64), 2 * above / max(patterns, 1))

    def confidence(self, scores: Floats) -> Floats:
        """Between 0 and 1, never falling as the score rises."""
        if not len(self.scores):
            return np.zeros(len(scores), np.float32)
        expected = np.exp(np.interp(scores, self.scores, np.log(self.expected)))
        expected *= np.exp(FALL * np.maximum(self.scores[0] - scores, 0))
        return np.asarray(1 / (1 + (expected / HALF) ** POWER), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Sample:
    """Scores of pairs, whether each is linked, how many pairs it stands for, and its fold."""

    scores: Numbers
    linked: NDArray[np.bool_]
    weight: Numbers
    fold: NDArray[np.intp]

    @classmethod
    def of(cls, linked: Floats, unlinked: Floats, fold: NDArray[np.intp], each: float = 1.0) -> "Sample":
        """The scores of linked pairs, with their folds, and of others; ``each`` is how many a linked one stands for."""
        return cls(
            scores=np.concatenate([linked, unlinked]).astype(np.float64),
            linked=np.repeat([True, False], [len(linked), len(unlinked)]),
            weight=np.repeat([each, 1.0], [len(linked), len(unlinked)]),
            fold=np.concatenate([fold, np.arange(len(unlinked)) % FOLDS]),
        )

    def part(self, kept: NDArray[np.bool_]) -> "Sample":
        """Some of the pairs."""
        return Sample(self.scores[kept], self.linked[kept], self.weight[kept], self.fold[kept])

    def loss(self, told: Numbers) -> float:
        """The weighted log loss of what is told of each pair."""
        chance = np.clip(told, EDGE, 1 - EDGE)
        return float(-(self.weight * np.log(np.where(self.linked, chance, 1 - chance))).sum())


@dataclass(frozen=True, eq=False)
class Reliability:
    """The confidence of a score: how often pairs that score so were linked, where a backtest held them out.

    Isotonic regression (Zadrozny and Elkan 2002) of linked or not on the score, or Platt's curve (1999), whichever
    tells better of pairs that were held out. Not every link that a curator would make has been made, so that share is
    divided by ``COMPLETENESS`` (Elkan and Noto 2008). Between its points the share rises evenly.
    """

    scores: Numbers
    shares: Numbers

    @classmethod
    def of(cls, sample: Sample) -> "Reliability":
        """Fitted on the scores of linked pairs, each from a model that did not see it, and of all other candidates."""
        fits = (_isotonic, _platt)
        losses = [_held_out(fit, sample) for fit in fits]
        return cls(*fits[int(np.argmin(losses))](sample))

    def confidence(self, scores: Floats) -> Floats:
        """Between 0 and 1, rising with the score."""
        made = np.interp(scores, self.scores, self.shares)
        surest = np.minimum(made / COMPLETENESS, SUREST)
        chance = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        return np.asarray((1 - ORDER) * surest + ORDER * chance, dtype=np.float32)


def cross_fitted(sample: Sample) -> Numbers:
    """The confidence of each pair of a sample, told by what was fitted without the pairs of its fold."""
    told = np.zeros(len(sample.scores))
    for held in range(FOLDS):
        asked = sample.fold == held
        if asked.any() and not asked.all():
            curve = Reliability.of(sample.part(~asked))
            told[asked] = curve.confidence(sample.scores[asked].astype(np.float32))
    return told


def _held_out(fit: Callable[[Sample], tuple[Numbers, Numbers]], sample: Sample) -> float:
    """The loss of what fits tell of the pairs of each fold that have not seen them."""
    loss = 0.0
    for held in range(FOLDS):
        seen, asked = sample.part(sample.fold != held), sample.part(sample.fold == held)
        if len(seen.scores) and len(asked.scores):
            loss += asked.loss(np.interp(asked.scores, *fit(seen)))
    return loss


def _isotonic(sample: Sample) -> tuple[Numbers, Numbers]:
    """One point for each level, at the mean of its scores."""
    from scipy.optimize import isotonic_regression  # noqa: PLC0415 - loading it costs a moment of every command

    order = np.argsort(sample.scores, kind="stable")
    fitted = isotonic_regression(sample.linked[order].astype(np.float64), weights=sample.weight[order])
    starts, sizes = fitted.blocks[:-1], np.diff(fitted.blocks)
    return np.add.reduceat(sample.scores[order], starts) / sizes, np.asarray(fitted.x)[starts]


def _platt(sample: Sample) -> tuple[Numbers, Numbers]:
    """Points of a logistic curve of the score, by Newton's method."""
    middle, spread = sample.scores.mean(), max(float(sample.scores.std()), 1e-6)
    rows = np.column_stack([(sample.scores - middle) / spread, np.ones(len(sample.scores))])
    rate = float((sample.weight * sample.linked).sum() / sample.weight.sum())
    rate = min(max(rate, EDGE), 1 - EDGE)
    weights = np.array([1.0, np.log(rate / (1 - rate))])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (sample.weight * (chance - sample.linked)) + HOLD * weights * (1, 0)
        bend = (rows * (sample.weight * chance * (1 - chance))[:, None]).T @ rows + HOLD * np.eye(2)
        weights = weights - np.linalg.solve(bend, slope)
    points = np.linspace(sample.scores.min(), sample.scores.max(), POINTS)
    steep = max(float(weights[0]), 0.0)
    odds = steep * (points - middle) / spread + weights[1]
    return points, 1 / (1 + np.exp(-np.clip(odds, -30, 30)))

"""How sure a link is: from the score of its pair and from how many pairs of the library score as high.

Scores are standard deviations, and how far the best of them stand out depends on how large a library is and how alike
its texts are. How many pairs a pattern has that score at least as high does not: over four gardens whose links people
made (116 to 691 notes, security, cloud architecture), the share of pairs that are linked follows one curve of it,
.55 for the best tenth of a pair a pattern, .45 at one, .28 at three and a half, .12 at ten. People do not make all the
links that they would agree to; the curve is therefore scaled so that the very best pairs count as certain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from garden.similarity import Floats

HALF = 3.5  # Pairs of a pattern that score as high, where confidence is one half.
POWER = 1.2
COMPLETENESS = 0.75  # Of the links that curators would make, the share that they have made: see ``benchmarks``.
SUREST = 0.97  # Nobody agrees to everything.
ORDER = 1e-3  # What of a confidence only keeps the order of scores that are equally sure.
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
class Reliability:
    """The confidence of a learned score: how often pairs that score so were linked, where a backtest held them out.

    Isotonic regression (Zadrozny and Elkan 2002) of linked or not on the score. Not every link that a curator would
    make has been made, so that share is divided by ``COMPLETENESS`` (Elkan and Noto 2008).
    """

    scores: NDArray[np.float64]
    shares: NDArray[np.float64]

    @classmethod
    def of(cls, linked: Floats, unlinked: Floats, each: float = 1.0) -> "Reliability":
        """Fitted on the scores of linked pairs, each from a model that did not see it, and of all other candidates.

        ``each`` is how many linked pairs one of them stands for.
        """
        scores = np.concatenate([linked, unlinked]).astype(np.float64)
        order = np.argsort(scores, kind="stable")
        made = np.repeat([1.0, 0.0], [len(linked), len(unlinked)])[order]
        weights = np.where(made > 0, each, 1.0)
        fitted = isotonic_regression(made, weights=weights)
        # One point for each level, at the mean of its scores: between levels the confidence rises evenly.
        starts = fitted.blocks[:-1]
        sizes = np.diff(fitted.blocks)
        middle = np.add.reduceat(scores[order], starts) / sizes
        return cls(middle, np.asarray(fitted.x)[starts])

    def confidence(self, scores: Floats) -> Floats:
        """Between 0 and 1, rising with the score."""
        made = np.interp(scores, self.scores, self.shares)
        surest = np.minimum(made / COMPLETENESS, SUREST)
        chance = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        return np.asarray((1 - ORDER) * surest + ORDER * chance, dtype=np.float32)

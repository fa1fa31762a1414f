"""All signals over all pairs of patterns, each made comparable: how far a pair stands out for either of its ends.

A raw score means little by itself: some patterns are near to everything (hubs), and signals differ in scale. Each score
is therefore turned into standard deviations from the mean of its row and of its column, and the two are averaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden import similarity
from garden.links.signals import Signal
from garden.similarity import Floats, Ints

KEPT = 5_000  # Up to here whole score matrices are kept (100 MB each at most); beyond, they are computed twice.
BLOCK = 512


@dataclass(frozen=True, eq=False)
class Spread:
    """Mean and standard deviation of each row of a score matrix, its diagonal left out."""

    mean: Floats
    deviation: Floats

    def standard(self, scores: Floats, left: Ints, right: Ints) -> Floats:
        """Scores of pairs in standard deviations, the mean of what their two ends make of them."""
        from_left = (scores - self.mean[left]) / self.deviation[left]
        from_right = (scores - self.mean[right]) / self.deviation[right]
        return np.asarray((from_left + from_right) / 2, dtype=np.float32)


class Field:
    """Signals over n patterns with the spread of each."""

    def __init__(self, signals: Sequence[Signal], n: int) -> None:
        self.signals = tuple(signals)
        self.n = n
        self._kept: list[Floats] = []
        self.spreads = [self._measure(signal) for signal in self.signals]

    @property
    def names(self) -> tuple[str, ...]:
        """The signals' names in order."""
        return tuple(signal.name for signal in self.signals)

    def pairs(self, left: Ints, right: Ints) -> Floats:
        """Standardised signals of some pairs, shape (pairs, signals)."""
        if not self.signals:
            return np.empty((len(left), 0), np.float32)
        raw = (
            [kept[left, right] for kept in self._kept]
            if self._kept
            else [signal.pairs(left, right) for signal in self.signals]
        )
        columns = [spread.standard(scores, left, right) for scores, spread in zip(raw, self.spreads, strict=True)]
        return np.stack(columns, axis=1)

    def nearest(self, k: int) -> tuple[Ints, Ints]:
        """The pairs that are among the k best of either end by the sum of all signals: (left, right), left < right.

        Sorted by left, then right.
        """
        found: list[NDArray[np.int64]] = []
        for rows in similarity.blocks(self.n, BLOCK):
            scores = self._sum(rows)
            scores[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = -np.inf
            best = similarity.best_columns(scores, k)
            own = np.broadcast_to(np.arange(rows.start, rows.stop)[:, None], best.shape)
            own, best = own[best >= 0], best[best >= 0]
            found.append(np.minimum(own, best) * self.n + np.maximum(own, best))
        codes = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
        return codes // max(self.n, 1), codes % max(self.n, 1)

    def _measure(self, signal: Signal) -> Spread:
        """The spread of a signal; keeps its scores where there is room."""
        sums, squares = np.zeros(self.n), np.zeros(self.n)
        kept = np.empty((self.n, self.n), np.float32) if self.n <= KEPT else None
        for rows in similarity.blocks(self.n, BLOCK):
            # The scores are symmetric: each pair of blocks is computed once and serves both ends.
            for columns in similarity.blocks(self.n, BLOCK):
                if columns.start < rows.start:
                    continue
                scores = signal.block(rows, columns)
                if rows == columns:
                    np.fill_diagonal(scores, 0)
                else:
                    sums[columns] += scores.sum(axis=0, dtype=np.float64)
                    squares[columns] += np.einsum("ij,ij->j", scores, scores)
                sums[rows] += scores.sum(axis=1, dtype=np.float64)
                squares[rows] += np.einsum("ij,ij->i", scores, scores)
                if kept is not None:
                    kept[rows, columns] = scores
                    kept[columns, rows] = scores.T
        if kept is not None:
            self._kept.append(kept)
        return _spread(sums, squares, self.n - 1)

    def _sum(self, rows: slice) -> Floats:
        """The sum of the standardised signals of some rows: each signal scaled per row and per column."""
        total = np.zeros((rows.stop - rows.start, self.n), np.float32)
        for place, (signal, spread) in enumerate(zip(self.signals, self.spreads, strict=True)):
            scores = self._kept[place][rows] if self._kept else signal.block(rows, slice(0, self.n))
            scale = np.float32(0.5) / spread.deviation
            shift = spread.mean * scale
            total += scores * (scale[rows, None] + scale[None, :])
            total -= shift[rows, None] + shift[None, :]
        return total


def _spread(sums: NDArray[np.float64], squares: NDArray[np.float64], n: int) -> Spread:
    """The spread of rows of n scores; a row without spread has deviation 1."""
    mean = sums / max(n, 1)
    deviation = np.sqrt(np.maximum(squares / max(n, 1) - mean**2, 0))
    return Spread(mean.astype(np.float32), np.where(deviation > 1e-6, deviation, 1).astype(np.float32))

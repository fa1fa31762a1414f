"""All signals over all pairs of patterns, each made comparable: how far a pair stands out for either of its ends.

A raw score means little by itself: some patterns are near to everything (hubs), and signals differ in scale. Each score
is therefore turned into standard deviations from the mean of its row and of its column, and the two are averaged.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden import similarity
from garden.links.signals import Signal
from garden.shards import HERE, Shards, cut
from garden.similarity import Floats, Ints

KEPT = 5_000  # Up to here whole score matrices are kept (100 MB each at most); beyond, they are computed twice.
BLOCK = 512


@dataclass(frozen=True, eq=False)
class Spread:
    """Mean and standard deviation of each row of a score matrix, its diagonal left out."""

    mean: Floats
    deviation: Floats

    def standard(self, scores: Floats, left: Ints, right: Ints, of_left: float = 0.5) -> Floats:
        """Scores of pairs in standard deviations: the mean of what their two ends make of them.

        ``of_left`` is how much of it is what the left end makes of them.
        """
        from_left = (scores - self.mean[left]) / self.deviation[left]
        from_right = (scores - self.mean[right]) / self.deviation[right]
        return np.asarray(from_left * of_left + from_right * (1 - of_left), dtype=np.float32)


class Field:
    """Signals over n patterns with the spread of each. Bands of rows are shards: they may be scored elsewhere."""

    def __init__(self, signals: Iterable[Signal], n: int, shards: Shards = HERE) -> None:
        self.n = n
        self._shards = shards
        self._kept: list[Kept] = []
        self.spreads: list[Spread] = []
        found: list[Signal] = []
        # Here each is measured as it comes, for the next may have to be waited for; elsewhere all are sent together.
        for group in ((signal,) for signal in signals) if shards is HERE else (tuple(signals),):
            self.spreads += self._measure(group)
            found += group
        self.signals = tuple(found)

    @property
    def names(self) -> tuple[str, ...]:
        """The signals' names in order."""
        return tuple(signal.name for signal in self.signals)

    def pairs(self, left: Ints, right: Ints, of_left: float = 0.5) -> Floats:
        """Standardised signals of some pairs, shape (pairs, signals); see ``Spread.standard``."""
        if not self.signals:
            return np.empty((len(left), 0), np.float32)
        raw = [source.pairs(left, right) for source in self._kept or self.signals]
        both = zip(raw, self.spreads, strict=True)
        return np.stack([spread.standard(scores, left, right, of_left) for scores, spread in both], axis=1)

    def nearest(self, k: int) -> tuple[Ints, Ints]:
        """The pairs that are among the k best of either end by the sum of all signals: (left, right), left < right.

        Sorted by left, then right.
        """
        sums = Sums(self.signals, tuple(self.spreads), self.n)
        if self._kept:
            found = list(sums.nearest_kept(self._kept, k))
        else:
            parts = [(band, k) for band in self._bands(self._shards)]
            found = list(self._shards.map("nearest", Sums.nearest, sums, parts))
        codes = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
        return codes // max(self.n, 1), codes % max(self.n, 1)

    def _bands(self, shards: Shards) -> list[list[slice]]:
        """Blocks of rows in order, in as many lists as there may be shards."""
        blocks = list(similarity.blocks(self.n, BLOCK))
        return [blocks[part] for part in cut(len(blocks), 1, shards.most)]

    def _measure(self, signals: tuple[Signal, ...]) -> list[Spread]:
        """The spread of each of some signals; keeps the scores where there is room."""
        keeps = self.n <= KEPT
        kept: list[list[Floats]] = [[] for _ in signals]
        sums, squares = np.zeros((2, len(signals), self.n))
        scoring = Scoring(signals, self.n, keeps=keeps)
        for bands in self._shards.map("similarity", Scoring.bands, scoring, self._bands(self._shards)):
            for place, band in bands:
                sums[place, band.start :] += band.sums
                squares[place, band.start :] += band.squares
                if band.scores is not None:
                    kept[place].append(band.scores)
        if keeps:
            self._kept += [Kept(tuple(bands)) for bands in kept]
        return [_spread(*both, self.n - 1) for both in zip(sums, squares, strict=True)]


@dataclass(frozen=True, eq=False)
class Kept:
    """One signal's scores: in bands of as many rows but for the last, each with all rows from its first on."""

    bands: tuple[Floats, ...]

    @property
    def size(self) -> int:
        """The number of rows of a band."""
        return len(self.bands[0]) if self.bands else 1

    def pairs(self, left: Ints, right: Ints) -> Floats:
        """Scores of some pairs, shape (pairs,)."""
        lower, higher = np.minimum(left, right), np.maximum(left, right)
        scores = np.empty(len(left), np.float32)
        for place, band in enumerate(self.bands):
            start = place * self.size
            here = np.flatnonzero((lower >= start) & (lower < start + len(band)))
            scores[here] = band[lower[here] - start, higher[here] - start]
        return scores


@dataclass(frozen=True, eq=False)
class Band:
    """The scores of some rows with all rows from the first of them on, and what they add to each row's sums.

    The scores are symmetric: each pair of blocks is computed once and serves both ends.
    """

    start: int
    sums: NDArray[np.float64]
    squares: NDArray[np.float64]
    scores: Floats | None


@dataclass(frozen=True, eq=False)
class Scoring:
    """Signals over n patterns, to be scored band by band; ``keeps`` says whether the scores themselves are wanted."""

    signals: tuple[Signal, ...]
    n: int
    keeps: bool

    def bands(self, blocks: Sequence[slice]) -> list[tuple[int, Band]]:
        """The bands of some blocks of rows, each with the place of its signal."""
        return [(place, self._band(signal, rows)) for rows in blocks for place, signal in enumerate(self.signals)]

    def _band(self, signal: Signal, rows: slice) -> Band:
        size, width = rows.stop - rows.start, self.n - rows.start
        sums, squares = np.zeros(width), np.zeros(width)
        scores = np.empty((size, width), np.float32) if self.keeps else None
        # Blocks are as wide as they are high: the first lies on the diagonal.
        for columns in similarity.blocks(width, size):
            block = signal.block(rows, slice(rows.start + columns.start, rows.start + columns.stop))
            if columns.start == 0:
                np.fill_diagonal(block, 0)
            else:
                sums[columns] += block.sum(axis=0, dtype=np.float64)
                squares[columns] += np.einsum("ij,ij->j", block, block)
            sums[:size] += block.sum(axis=1, dtype=np.float64)
            squares[:size] += np.einsum("ij,ij->i", block, block)
            if scores is not None:
                scores[:, columns] = block
        return Band(rows.start, sums, squares, scores)


@dataclass(frozen=True, eq=False)
class Sums:
    """The sum of all signals of n patterns, each standardised: scaled per row and per column."""

    signals: tuple[Signal, ...]
    spreads: tuple[Spread, ...]
    n: int

    def nearest(self, asked: tuple[Sequence[slice], int]) -> NDArray[np.int64]:
        """The best partners of some blocks of rows, so many of each row, as lower * n + higher place."""
        blocks, k = asked
        return np.concatenate([self._best(rows, self._of(rows), k) for rows in blocks])

    def nearest_kept(self, kept: Sequence[Kept], k: int) -> Iterator[NDArray[np.int64]]:
        """The same for all rows, block by block, where the signals' scores are at hand."""
        starts: list[int] = []
        above: list[Floats] = []  # The sums of each band, of which the transposed ones stand below the diagonal.
        for place, rows in enumerate(similarity.blocks(self.n, kept[0].size)):
            band = self._scaled([one.bands[place] for one in kept], rows, slice(rows.start, self.n))
            left = [
                other[:, rows.start - start : rows.stop - start].T for start, other in zip(starts, above, strict=True)
            ]
            above.append(band)
            starts.append(rows.start)
            yield self._best(rows, np.hstack([*left, band]), k)

    def _best(self, rows: slice, scores: Floats, k: int) -> NDArray[np.int64]:
        """The best partners of some rows by their scores with all, which are changed."""
        scores[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = -np.inf
        best = similarity.best_columns(scores, k)
        own = np.broadcast_to(np.arange(rows.start, rows.stop)[:, None], best.shape)
        own, best = own[best >= 0], best[best >= 0]
        return np.asarray(np.minimum(own, best) * self.n + np.maximum(own, best), dtype=np.int64)

    def _of(self, rows: slice) -> Floats:
        """The sum for some rows with all."""
        whole = slice(0, self.n)
        return self._scaled([signal.block(rows, whole) for signal in self.signals], rows, whole)

    def _scaled(self, scores: Sequence[Floats], rows: slice, columns: slice) -> Floats:
        """The sum of each signal's scores of some rows with some columns."""
        total = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.float32)
        for one, spread in zip(scores, self.spreads, strict=True):
            scale = np.float32(0.5) / spread.deviation
            shift = spread.mean * scale
            total += one * (scale[rows, None] + scale[None, columns])
            total -= shift[rows, None] + shift[None, columns]
        return total


def _spread(sums: NDArray[np.float64], squares: NDArray[np.float64], n: int) -> Spread:
    """The spread of rows of n scores; a row without spread has deviation 1."""
    mean = sums / max(n, 1)
    deviation = np.sqrt(np.maximum(squares / max(n, 1) - mean**2, 0))
    return Spread(mean.astype(np.float32), np.where(deviation > 1e-6, deviation, 1).astype(np.float32))

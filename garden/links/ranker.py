"""Which patterns belong together: candidates with a score and a confidence, from texts and curated links alone.

The score of a pair is the mean of its standardised signals; what makes a confidence of it is in ``confidence``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from garden.config import LinkSettings
from garden.links.confidence import Curve
from garden.links.field import Field
from garden.links.shelf import Shelf, Vectors
from garden.links.signals import text_signals
from garden.similarity import Floats, Ints

Pair = tuple[int, int]

DIGITS = 4  # Scores are rounded, so that float noise does not decide between equals.


@dataclass(frozen=True, eq=False)
class Ranking:
    """Candidate pairs in order of (left, right), left < right, with their standardised signals.

    ``scores`` order pairs; ``confidence`` is in 0..1 and rises with the score.
    """

    left: Ints
    right: Ints
    names: tuple[str, ...]
    signals: Floats
    scores: Floats
    confidence: Floats
    weights: Floats
    field: Field
    curve: Curve

    def confidences(self) -> dict[Pair, float]:
        """The confidence of each candidate pair."""
        keys = zip(self.left.tolist(), self.right.tolist(), strict=True)
        return dict(zip(keys, self.confidence.tolist(), strict=True))

    def confidence_of(self, a: int, b: int) -> float:
        """The confidence of any pair of places, candidate or not."""
        return float(self.judge([(a, b)])[0])

    def judge(self, pairs: Sequence[Pair]) -> Floats:
        """The confidence of each of any pairs."""
        return self.curve.confidence(np.round(self.signals_of(pairs) @ self.weights, DIGITS))

    def signals_of(self, pairs: Sequence[Pair]) -> Floats:
        """The standardised signals of any pairs, shape (pairs, signals)."""
        ordered = np.array([(min(pair), max(pair)) for pair in pairs], dtype=np.intp).reshape(-1, 2)
        return self.field.pairs(ordered[:, 0], ordered[:, 1])

    def shares(self, signals: Floats) -> Mapping[str, float]:
        """How much of one pair's score each signal gives."""
        return {name: round(float(s * w), 3) for name, s, w in zip(self.names, signals, self.weights, strict=True)}

    def partners(self, n: int) -> Iterator[list[tuple[int, float]]]:
        """For each of n patterns in order its candidate partners with their confidence, best first, ties by place."""
        ends = np.concatenate([self.left, self.right])
        others = np.concatenate([self.right, self.left])
        scores, confidence = np.tile(self.scores, 2), np.tile(self.confidence, 2)
        order = np.lexsort((others, -scores, ends))
        bounds = np.searchsorted(ends[order], np.arange(n + 1))
        for start, stop in pairwise(bounds.tolist()):
            part = order[start:stop]
            yield list(zip(others[part].tolist(), confidence[part].tolist(), strict=True))


def rank(shelf: Shelf, vectors: Vectors, known: Sequence[Pair], settings: LinkSettings) -> Ranking:
    """Ranks pairs of patterns. ``known`` are the curated pairs: never candidates, in either order.

    ``vectors`` are unit rows, one for each pattern of the shelf in its order.
    """
    field = Field(text_signals(shelf, vectors), len(shelf))
    weights = np.full(len(field.signals), 1 / len(field.signals), np.float32)
    curated = np.array(sorted({(min(p), max(p)) for p in known}), dtype=np.intp).reshape(-1, 2)
    left, right = field.best(weights, settings.neighbours, (curated[:, 0], curated[:, 1]))
    signals = field.pairs(left, right)
    scores = np.round(signals @ weights, DIGITS)
    known_scores = np.round(field.pairs(curated[:, 0], curated[:, 1]) @ weights, DIGITS)
    curve = Curve.of(np.concatenate([scores, known_scores]), len(shelf))
    return Ranking(left, right, field.names, signals, scores, curve.confidence(scores), weights, field, curve)

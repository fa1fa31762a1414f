"""What tells the two ends of a pair apart: which part of one meets which part of the other, and which is more general.

| bearing | what it says |
|---|---|
| problem meets solution | how much one's problem and the other's solution use the same words |
| problems meet, solutions meet | the same, for what both have |
| title within | how much of the source's name is in the target's: "Review" in "Review Rota" |
| longer name, wider words, more terms, nearer to all | whether the source is the more general of the two |
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from garden import similarity, terms
from garden.links.shelf import Shelf, Vectors
from garden.prose import Prose, counted
from garden.similarity import Floats, Ints

NAMES = (
    "problem meets solution",
    "solution meets problem",
    "problems meet",
    "solutions meet",
    "title within",
    "title around",
    "longer name",
    "rarer words",
    "more terms",
    "nearer to all",
)
PROBLEM, SOLUTION = ("problem", "context"), ("solution", "implementation")


@dataclass(frozen=True, eq=False)
class Bearings:
    """Measures for any pairs of places from source to target."""

    problems: sparse.csr_matrix
    solutions: sparse.csr_matrix
    titles: sparse.csr_matrix
    spans: Floats

    @classmethod
    def of(cls, shelf: Shelf, vectors: Vectors) -> "Bearings":
        """Measures a shelf; ``vectors`` are unit rows of its passages."""
        counts = similarity.counts_of(shelf.proses)
        rarity = similarity.inverse_frequency(counts)
        keys = counted(shelf.proses).keys
        return cls(
            problems=_part(shelf.proses, PROBLEM, keys, rarity),
            solutions=_part(shelf.proses, SOLUTION, keys, rarity),
            titles=_bags([terms.content_keys(title) for title in shelf.titles], keys, rarity, unit=False),
            spans=_spans(counts, rarity, shelf.titles, vectors),
        )

    def at(self, sources: Ints, targets: Ints) -> Floats:
        """The bearings of some pairs in the order of ``NAMES``, shape (pairs, bearings)."""
        both = _dots(self.titles, self.titles, sources, targets)
        own = np.maximum(_squares(self.titles), 1e-9).astype(np.float32)
        columns: list[Floats] = [
            _dots(self.problems, self.solutions, sources, targets),
            _dots(self.solutions, self.problems, sources, targets),
            _dots(self.problems, self.problems, sources, targets),
            _dots(self.solutions, self.solutions, sources, targets),
            np.divide(both, own[sources], dtype=np.float32),
            np.divide(both, own[targets], dtype=np.float32),
        ]
        return np.column_stack([*columns, self.spans[sources] - self.spans[targets]]).astype(np.float32)


def _part(proses: Sequence[Prose], roles: Sequence[str], keys: terms.Keys, rarity: Floats) -> sparse.csr_matrix:
    """Unit rows of what the sentences of some roles say, weighted by rarity."""
    said = [" ".join(text for role, text in prose.sentences if role in roles) for prose in proses]
    return _bags([terms.content_keys(text) for text in said], keys, rarity, unit=True)


def _bags(rows: Sequence[terms.Keys], keys: terms.Keys, rarity: Floats, *, unit: bool) -> sparse.csr_matrix:
    """A row for each text: its distinct words weighted by rarity."""
    distinct = [np.unique(row) for row in rows]
    matrix = similarity.over(keys, distinct, [np.ones(len(row), np.float32) for row in distinct])
    matrix.data *= rarity[matrix.indices]
    return similarity.unit_sparse(matrix) if unit else matrix


def _spans(counts: sparse.csr_matrix, rarity: Floats, titles: Sequence[str], vectors: Vectors) -> Floats:
    """How wide each text is, a column for each of the last four of ``NAMES``, in standard deviations."""
    total = np.maximum(np.asarray(counts.sum(axis=1), dtype=np.float32).ravel(), 1)
    columns: list[Floats] = [
        np.array([len(title.split()) for title in titles], np.float32),
        np.asarray((counts @ rarity) / total, dtype=np.float32).ravel(),
        np.log1p(np.diff(counts.indptr)).astype(np.float32),
        vectors @ vectors.mean(axis=0) if len(vectors) else np.empty(0, np.float32),
    ]
    spans = np.column_stack(columns).astype(np.float32)
    deviation = spans.std(axis=0) if len(spans) else np.ones(len(columns))
    return np.asarray((spans - spans.mean(axis=0)) / np.maximum(deviation, 1e-6), dtype=np.float32)


def _dots(a: sparse.csr_matrix, b: sparse.csr_matrix, left: Ints, right: Ints) -> Floats:
    return np.asarray(a[left].multiply(b[right]).sum(axis=1), dtype=np.float32).ravel()


def _squares(matrix: sparse.csr_matrix) -> Floats:
    return np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float32).ravel()

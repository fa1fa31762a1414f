"""What the links that people made say about a pair, each time as if the pair itself were not linked.

Every figure leaves out what the asked pair's own link, in either direction, would add to it. So a figure means the same
for a pair that is linked as for one that is not, and weights can be learned from linked pairs without a leak.

Sources: Adamic and Adar (2003) for common neighbours; local paths (Lu, Jin and Zhou 2009) for paths of three steps;
links of look-alikes are collaborative filtering (Resnick et al. 1994) over pairs of texts.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from garden.similarity import Floats, Ints

DEVIATION = 1e-6
POWER = 3.0  # How much nearer look-alikes count more.


def squashed(scores: Floats) -> Floats:
    """Scores in standard deviations with their tails drawn in: sign(x) log(1 + |x|)."""
    return np.asarray(np.sign(scores) * np.log1p(np.abs(scores)), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Scaled:
    """A sparse matrix of scores, with the mean and deviation of its rows and columns, their diagonal left out."""

    matrix: sparse.csr_matrix
    rows: tuple[Floats, Floats]
    columns: tuple[Floats, Floats]

    @classmethod
    def of(cls, matrix: sparse.csr_matrix) -> "Scaled":
        """Measures a matrix whose diagonal is taken to be zero."""
        matrix = without_diagonal(matrix)
        return cls(matrix, _moments(matrix, 1), _moments(matrix, 0))

    def at(self, sources: Ints, targets: Ints) -> Floats:
        """The scores of some pairs in standard deviations of their row and column, averaged and squashed."""
        raw = values(self.matrix, sources, targets)
        from_row = (raw - self.rows[0][sources]) / self.rows[1][sources]
        from_column = (raw - self.columns[0][targets]) / self.columns[1][targets]
        return squashed(np.asarray((from_row + from_column) / 2, dtype=np.float32))


def values(matrix: sparse.csr_matrix, sources: Ints, targets: Ints) -> Floats:
    """The entries of a sparse matrix at some places."""
    if not len(sources):
        return np.empty(0, np.float32)
    return np.asarray(matrix[sources, targets], dtype=np.float32).ravel()


def without_diagonal(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The matrix with zeros on its diagonal, and none stored."""
    cleaned = (matrix - sparse.diags(matrix.diagonal(), dtype=np.float32)).tocsr()
    cleaned.eliminate_zeros()
    cleaned.sort_indices()
    return cleaned.astype(np.float32)


def kernel(n: int, pairs: tuple[Ints, Ints], scores: Floats, most: int) -> sparse.csr_matrix:
    """Each pattern's nearest look-alikes among some pairs, weighted by score to ``POWER``; rows sum to 1."""
    ends, others = np.concatenate(pairs), np.concatenate(pairs[::-1])
    both = np.maximum(np.tile(scores, 2), 0)
    order = np.lexsort((others, -both, ends))
    ends, others, both = ends[order], others[order], both[order]
    start = np.searchsorted(ends, np.arange(n))
    near = np.arange(len(ends)) - start[ends] < most
    weights = (both[near] ** POWER).astype(np.float32)
    found = sparse.csr_matrix((weights, (ends[near], others[near])), shape=(n, n), dtype=np.float32)
    total = np.asarray(found.sum(axis=1)).ravel()
    return (sparse.diags((1 / np.maximum(total, 1e-9)).astype(np.float32)) @ found).tocsr()


def common_neighbours(linked: sparse.csr_matrix) -> Scaled:
    """Adamic-Adar: neighbours of both, those with few links counting more. The pair's own link adds nothing."""
    degree = np.asarray(linked.sum(axis=1)).ravel()
    weights = (1 / np.log(degree + 1.5)).astype(np.float32)
    return Scaled.of((linked @ sparse.diags(weights) @ linked).tocsr())


def paths(linked: sparse.csr_matrix) -> Scaled:
    """Paths of three steps that do not use the pair's own link, a step through a hub counting less."""
    degree = np.asarray(linked.sum(axis=1)).ravel()
    weight = (1 / np.maximum(degree, 1)).astype(np.float32)
    scaled = (sparse.diags(weight) @ linked).tocsr()
    walks = linked @ scaled @ scaled
    # Of the walks i-k-l-j those with k = j or l = i use the link; the walk i-j-i-j does so in both ways.
    turn = weight * np.asarray(linked @ weight).ravel()
    own = linked.tocoo()
    used = turn[own.row] + turn[own.col] - weight[own.row] * weight[own.col]
    return Scaled.of((walks - sparse.csr_matrix((used, (own.row, own.col)), shape=linked.shape)).tocsr())


def alike(looks: sparse.csr_matrix, linked: sparse.csr_matrix) -> Scaled:
    """How much the look-alikes of either are linked to the other."""
    one = (looks @ linked).tocsr()
    return Scaled.of((one + one.T).tocsr())


def likes_ends(looks: sparse.csr_matrix, ties: sparse.csr_matrix) -> Scaled:
    """How much look-alikes of the source are tied to look-alikes of the target, but for the pair's own tie."""
    both = (looks @ ties @ looks.T).tocsr()
    return Scaled.of((both - looks.multiply(ties.T).multiply(looks.T)).tocsr())


def strongest(matrix: sparse.csr_matrix, most: int) -> tuple[Ints, Ints]:
    """The places of the highest positive entries of each row, ties to the lower column."""
    entries = matrix.tocoo()
    order = np.lexsort((entries.col, -entries.data, entries.row))
    rows, columns = entries.row[order].astype(np.intp), entries.col[order].astype(np.intp)
    start = np.searchsorted(rows, np.arange(matrix.shape[0]))
    kept = (np.arange(len(rows)) - start[rows] < most) & (entries.data[order] > 0)
    return rows[kept], columns[kept]


def _moments(matrix: sparse.csr_matrix, axis: int) -> tuple[Floats, Floats]:
    """Mean and deviation of the rows (axis 1) or columns (axis 0); one without deviation has deviation 1."""
    others = max(matrix.shape[0] - 1, 1)
    mean = np.asarray(matrix.sum(axis=axis)).ravel() / others
    squares = np.asarray(matrix.multiply(matrix).sum(axis=axis)).ravel() / others
    deviation = np.sqrt(np.maximum(squares - mean**2, 0))
    return mean.astype(np.float32), np.where(deviation > DEVIATION, deviation, 1).astype(np.float32)

"""How alike texts are: exact cosine, in blocks so that memory stays bounded, and ways to make scores comparable.

Sources: tf-idf with a softened inverse document frequency (Salton and Buckley 1988), latent semantic analysis by
subspace iteration (Halko, Martinsson and Tropp 2011), CSLS against hubs (Conneau et al. 2018).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from garden.prose import Prose, counted

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

BLOCK = 1024
COMMON_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class Split:
    """A sparse matrix with its well-filled columns kept dense, for which ``rows @ other.T`` is fast."""

    common: Floats
    rare: sparse.csr_matrix

    @property
    def size(self) -> int:
        """The number of rows."""
        return int(self.rare.shape[0])


def blocks(n: int, size: int = BLOCK) -> Iterator[slice]:
    """Slices that cover 0 to n in order."""
    for start in range(0, n, size):
        yield slice(start, min(n, start + size))


def over(keys: NDArray[np.uint64], rows: Sequence[NDArray[np.uint64]], values: Sequence[Floats]) -> sparse.csr_matrix:
    """A matrix with a column for each of the sorted ``keys``; what a row holds of other keys is left out."""
    flat, data = _flat(rows, np.uint64), _flat(values, np.float32)
    column = np.minimum(np.searchsorted(keys, flat), max(len(keys) - 1, 0))
    kept = keys[column] == flat if len(keys) else np.zeros(len(flat), bool)
    return _matrix(data[kept], _owners(rows)[kept], column[kept], (len(rows), len(keys)))


def counts_of(proses: Sequence[Prose]) -> sparse.csr_matrix:
    """How often each of some proses has each of the terms that any of them has: the columns of ``prose.counted``."""
    found = counted(tuple(proses))
    data = _flat([prose.counts for prose in proses], np.float32)
    parts = (data, found.places, found.starts)
    # As a copy, for whoever asks next gets the same places.
    return sparse.csr_matrix(parts, shape=(len(proses), len(found.keys)), copy=True)


def shared(rows: Sequence[NDArray[np.uint32]], most: int) -> sparse.csr_matrix:
    """A matrix of ones with a row for each array of distinct keys and a column for each key of 2 to ``most`` rows."""
    flat = _flat(rows, np.uint32)
    # Key and place in one number: sorting those is several times as fast as sorting keys and keeping their places.
    packed = np.sort((flat.astype(np.uint64) << np.uint64(32)) | np.arange(len(flat), dtype=np.uint64))
    keys, places = packed >> np.uint64(32), (packed & np.uint64(0xFFFFFFFF)).astype(np.intp)
    first = np.flatnonzero(np.diff(keys, prepend=keys[:1] + np.uint64(1)) != 0)
    counts = np.diff(np.append(first, len(flat)))
    wanted = (counts > 1) & (counts <= most)
    column = np.repeat(np.cumsum(wanted) - 1, counts)
    kept = np.repeat(wanted, counts)
    owners = _owners(rows)[places[kept]]
    return _matrix(np.ones(len(owners), np.float32), owners, column[kept], (len(rows), int(wanted.sum())))


def _flat(rows: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *rows]).astype(kind, copy=False)


def _owners(rows: Sequence[NDArray[Any]]) -> Ints:
    return np.repeat(np.arange(len(rows)), [len(row) for row in rows])


def _matrix(data: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((data, (rows.astype(np.int32), columns.astype(np.int32))), shape=shape, dtype=np.float32)


def document_frequency(counts: sparse.csr_matrix) -> NDArray[np.int64]:
    """In how many rows each column is filled."""
    return np.bincount(counts.indices, minlength=counts.shape[1])


def inverse_frequency(counts: sparse.csr_matrix) -> Floats:
    """log(rows / rows that hold the column), never negative."""
    frequency = np.maximum(document_frequency(counts), 1)
    return np.asarray(np.log(max(counts.shape[0], 1) / frequency), dtype=np.float32)


def tfidf(counts: sparse.csr_matrix, power: float = 1.0) -> sparse.csr_matrix:
    """Unit rows of (1 + log count) times the inverse document frequency to ``power``."""
    weighted = counts.copy()
    weighted.data = (1 + np.log(weighted.data)) * inverse_frequency(counts)[weighted.indices] ** power
    return unit_sparse(weighted)


def unit_sparse(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The matrix with rows of length 1; an empty row stays empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scaled = matrix.copy()
    scaled.data = (scaled.data / np.repeat(np.maximum(length, 1e-12), np.diff(matrix.indptr))).astype(np.float32)
    return scaled


def unit(matrix: Floats) -> Floats:
    """The matrix with rows of length 1; a row of zeros stays zero."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(length, 1e-12), dtype=np.float32)


def split(matrix: sparse.csr_matrix) -> Split:
    """The same matrix, its common columns dense: they hold most of the work of a product with itself."""
    frequency = document_frequency(matrix)
    common = frequency > COMMON_SHARE * matrix.shape[0]
    return Split(matrix[:, np.flatnonzero(common)].toarray(), matrix[:, np.flatnonzero(~common)].tocsr())


def products(matrix: Split, rows: slice, columns: slice) -> Floats:
    """Dot products of some rows with some rows."""
    dense = matrix.common[rows] @ matrix.common[columns].T
    dense += (matrix.rare[rows] @ matrix.rare[columns].T).toarray()
    return np.asarray(dense, dtype=np.float32)


def principal(matrix: Split, dimensions: int, rounds: int = 3) -> Floats:
    """Unit rows of the matrix's best approximation in few dimensions (latent semantic analysis)."""
    n = matrix.size
    width = min(dimensions + 8, n)
    basis = np.random.default_rng(0).standard_normal((n, width)).astype(np.float32)
    for _ in range(rounds):
        basis = orthonormal(_gram(matrix, basis))
    inner = basis.T @ _gram(matrix, basis)
    values, vectors = np.linalg.eigh((inner + inner.T) / 2)
    best = np.argsort(-values, kind="stable")[: min(dimensions, n)]
    return unit((basis @ vectors[:, best]) * np.sqrt(np.maximum(values[best], 0)))


def orthonormal(columns: Floats) -> Floats:
    """An orthonormal basis of what the columns span; those that the others span are left out as zeros.

    By the eigenvectors of their Gram matrix, twice (Stathopoulos and Wu 2002): a few large products. Householder's many
    small steps keep threads waiting for each other on a machine that does something else as well.
    """
    for _ in range(2):
        wide = np.asarray(columns, np.float64)
        values, vectors = np.linalg.eigh(wide.T @ wide)
        worth = values > values.max(initial=1e-30) * 1e-12
        columns = (wide @ (vectors * np.where(worth, 1 / np.sqrt(np.where(worth, values, 1)), 0))).astype(np.float32)
    return columns


def _gram(matrix: Split, basis: Floats) -> Floats:
    rare = matrix.rare @ (matrix.rare.T @ basis)
    return np.asarray(matrix.common @ (matrix.common.T @ basis) + rare, dtype=np.float32)


def best_columns(scores: Floats, k: int) -> Ints:
    """The columns of the k highest finite scores of each row, best first, ties by column; -1 where there are fewer."""
    k = min(k, scores.shape[1])
    if k == 0:
        return np.empty((len(scores), 0), dtype=np.intp)
    edge = np.partition(scores, scores.shape[1] - k, axis=1)[:, -k]
    found = np.full((len(scores), k), -1, dtype=np.intp)
    for i, row in enumerate(scores):
        columns = np.flatnonzero((row >= edge[i]) & np.isfinite(row))
        chosen = columns[np.argsort(-row[columns], kind="stable")[:k]]
        found[i, : len(chosen)] = chosen
    return found


def nearest(vectors: Floats, k: int, block: int = BLOCK) -> tuple[Ints, Floats]:
    """The k nearest other rows of each row by cosine, exactly, with their cosines (rows are taken to be of length 1).

    Returns two arrays of shape (n, min(k, n - 1)); ties go to the lower row.
    """
    n = len(vectors)
    k = max(0, min(k, n - 1))
    found, cosines = np.empty((n, k), dtype=np.intp), np.empty((n, k), dtype=np.float32)
    for rows in blocks(n, block):
        scores = vectors[rows] @ vectors.T
        scores[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = -np.inf
        found[rows] = best_columns(scores, k)
        cosines[rows] = np.take_along_axis(scores, found[rows], axis=1)
    return found, cosines


def csls(cosines: Floats, neighbourhood: Floats, left: Ints, right: Ints) -> Floats:
    """Cosines of pairs corrected for hubs: 2 cos - r(left) - r(right).

    ``neighbourhood`` is each row's mean cosine with its nearest rows.
    """
    return np.asarray(2 * cosines - neighbourhood[left] - neighbourhood[right], dtype=np.float32)

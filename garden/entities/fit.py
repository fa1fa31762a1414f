"""How well labels fit patterns, each against how it fits all the others.

A raw score says little: a common word is found in any text, and some labels and some passages are near to everything.
Each signal is therefore told both as it is and as its *standing*: standard deviations above what the same label has
over all patterns of the library. Nothing here looks at which pattern holds which entity, so that pruning one never
changes what is said of another.

| signal | what it says |
|---|---|
| spoken | the label's words occur in the text, rare ones counting more, several times more than once |
| adjacent | words that stand side by side in the label do so in the text |
| topic | the text uses the words that go with the label's words: cosine after latent semantic analysis |
| meaning | the passage means what the label means to the embedding model: cosine, less half the passage's mean cosine |
"""

import copy
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from garden import similarity
from garden.entities.labels import Label, adjacency
from garden.prose import Prose, counted

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Vectors = NDArray[np.float32]

HALF_SPOKEN = 3.0  # A word that occurs as often counts half of what it could.
TOPICS = 100
SMALL = 500  # Up to so many patterns topics are worked out exactly.
# A word of all patterns still says a little: "values" is in most texts of the corpus, and in some labels alone.
LEAST_RARITY = 0.5
HUB_SHARE = 0.5
# Small libraries say little about what is usual: these many imagined patterns, like the corpus's, are counted in.
IMAGINED = 20
USUAL = {"spoken": (0.15, 0.16), "topic": (0.06, 0.13), "meaning": (0.05, 0.09)}
HIGHEST = 6.0
CHUNK = 1024
FEW_ROWS = 128  # Whole rows of scores take room.
MOST_WORDS = 8  # Pairs of so many words are still few.


class Scores:
    """One signal: the score of every label on every pattern, never held all at once."""

    size: int

    def pairs(self, places: Ints, owners: Ints) -> Floats:
        """Scores of some labels on some patterns, shape (pairs,)."""
        raise NotImplementedError

    def rows(self, places: Ints) -> Floats:
        """Scores of some labels on all patterns, shape (labels, patterns)."""
        raise NotImplementedError

    def moments(self) -> tuple[Floats, Floats]:
        """Each label's mean score over all patterns, and its mean square."""
        raise NotImplementedError

    def standing(self, raw: Floats, places: Ints, usual: tuple[float, float]) -> Floats:
        """Standard deviations of ``raw`` above the mean of its label over all patterns, at most ``HIGHEST``."""
        mean, square = self.moments()
        usual_mean, usual_deviation = usual
        share = self.size / (self.size + IMAGINED)
        centre = share * mean + (1 - share) * usual_mean
        spread = share * square + (1 - share) * (usual_deviation**2 + usual_mean**2) - centre**2
        deviation = np.sqrt(np.maximum(spread, 1e-6))
        return np.asarray(np.minimum((raw - centre[places]) / deviation[places], HIGHEST))

    def nearer(self, places: Ints, owners: Ints) -> Floats:
        """For some pairs the share of patterns that the label fits better than this one; 0..1."""
        told = [np.empty(0)]
        for part in similarity.blocks(len(places), FEW_ROWS):
            scores = self.rows(places[part])
            own = np.take_along_axis(scores, owners[part, None], axis=1)
            told.append((scores > own + 1e-9).mean(axis=1))
        return np.concatenate(told)


class DenseScores(Scores):
    """Dot products of dense rows, one for each label, with dense rows, one for each pattern."""

    def __init__(self, labels: Floats, patterns: Floats) -> None:
        self.labels, self.patterns, self.size = labels, patterns, len(patterns)

    def pairs(self, places: Ints, owners: Ints) -> Floats:
        """See ``Scores``."""
        parts = similarity.blocks(len(places), CHUNK)
        told = [np.einsum("ij,ij->i", self.labels[places[part]], self.patterns[owners[part]]) for part in parts]
        return np.concatenate([np.empty(0), *told])

    def rows(self, places: Ints) -> Floats:
        """See ``Scores``."""
        return np.asarray(self.labels[places] @ self.patterns.T)

    def moments(self) -> tuple[Floats, Floats]:
        """See ``Scores``."""
        gram = (self.patterns.T @ self.patterns) / max(self.size, 1)
        mean = self.labels @ (self.patterns.sum(axis=0) / max(self.size, 1))
        return np.asarray(mean), np.einsum("ij,ij->i", self.labels @ gram, self.labels)


class SparseScores(Scores):
    """The same of sparse rows."""

    def __init__(self, labels: sparse.csr_matrix, patterns: sparse.csr_matrix) -> None:
        self.labels, self.patterns, self.size = labels, patterns, int(patterns.shape[0])

    def pairs(self, places: Ints, owners: Ints) -> Floats:
        """See ``Scores``."""
        parts = similarity.blocks(len(places), CHUNK)
        told = [self.labels[places[part]].multiply(self.patterns[owners[part]]).sum(axis=1) for part in parts]
        return np.concatenate([np.empty(0), *(np.asarray(part).ravel() for part in told)])

    def rows(self, places: Ints) -> Floats:
        """See ``Scores``."""
        return np.asarray((self.labels[places] @ self.patterns.T).toarray())

    def moments(self) -> tuple[Floats, Floats]:
        """See ``Scores``."""
        n, texts = max(self.size, 1), self.patterns.tocsc()
        return self.labels @ (np.asarray(texts.sum(axis=0)).ravel() / n), _squares(self.labels, texts) / n


def _squares(labels: sparse.csr_matrix, texts: sparse.csc_matrix) -> Floats:
    """The sum over all texts of the square of each label's score.

    That of a label of few words is a sum over pairs of them, of which labels share many.
    """
    lengths = np.diff(labels.indptr)
    squares = labels.multiply(labels) @ np.asarray(texts.multiply(texts).sum(axis=0)).ravel()
    for length in range(2, MOST_WORDS + 1):
        at = np.flatnonzero(lengths == length)
        first, second = np.triu_indices(length, 1)
        one, other = ((labels.indptr[at][:, None] + word).ravel() for word in (first, second))
        met = labels.data[one] * labels.data[other] * _products(texts, labels.indices[one], labels.indices[other])
        squares[at] += 2 * met.reshape(len(at), len(first)).sum(axis=1)
    long = np.flatnonzero(lengths > MOST_WORDS)
    for part in similarity.blocks(len(long), CHUNK):
        scores = labels[long[part]] @ texts.T
        squares[long[part]] = np.asarray(scores.multiply(scores).sum(axis=1)).ravel()
    return np.asarray(squares)


def _products(texts: sparse.csc_matrix, one: Ints, other: Ints) -> Floats:
    """For pairs of columns the sum over all rows of their products."""
    width = texts.shape[1]
    pairs, places = np.unique(one.astype(np.int64) * width + other, return_inverse=True)
    told = [np.empty(0)]
    for part in similarity.blocks(len(pairs), CHUNK):
        both = texts[:, pairs[part] // width].multiply(texts[:, pairs[part] % width])
        told.append(np.asarray(both.sum(axis=0)).ravel())
    return np.concatenate(told)[places]


class Texts:
    """What the library's texts say, ready to be asked about labels.

    ``meaning`` is None without the vectors of passages: unit rows, one a pattern.
    """

    def __init__(self, proses: Sequence[Prose], passages: Vectors | None = None) -> None:
        self.proses = tuple(proses)
        self.keys = counted(self.proses).keys
        counts = similarity.counts_of(self.proses)
        self.frequency = frequency = similarity.document_frequency(counts)
        self.rarity = np.log((len(proses) + 1) / (frequency + 0.5))
        self.unheard = float(np.log(2.0 * (len(proses) + 1)))
        self.spoken = counts.astype(np.float64)
        self.spoken.data = self.spoken.data / (self.spoken.data + HALF_SPOKEN)
        self.weights = np.where(frequency > 1, self.rarity + LEAST_RARITY, 0.0)
        self.topics, self.topic_words = latent(_weighted(counts, self.weights), min(TOPICS, max(1, len(proses) // 3)))
        self.meaning = None if passages is None else _with_hub(passages)

    def with_passages(self, passages: Vectors | None) -> "Texts":
        """The same texts with what their passages mean."""
        texts = copy.copy(self)
        texts.meaning = None if passages is None else _with_hub(passages)
        return texts

    def columns(self, label: Label) -> Ints:
        """The columns of the label's words that any text of the library uses."""
        places = np.minimum(np.searchsorted(self.keys, label.keys), max(len(self.keys) - 1, 0))
        return np.asarray(places[self.keys[places] == label.keys] if len(self.keys) else np.empty(0), dtype=np.intp)


class Fit:
    """Signals of some labels on the patterns of some texts. Every label is one that is ``known``."""

    def __init__(
        self, texts: Texts, labels: Sequence[Label], vectors: Mapping[str, NDArray[np.float32]] | None = None
    ) -> None:
        self.texts, self.labels = texts, tuple(labels)
        columns = [texts.columns(label) for label in labels]
        self.scores: dict[str, Scores] = {
            "spoken": SparseScores(self._shares(columns), texts.spoken),
            "topic": self._topic(columns),
        }
        if texts.meaning is not None and vectors is not None:
            rows = np.array([vectors[label.text] for label in labels], dtype=np.float64)
            rows = rows.reshape(len(labels), texts.meaning.shape[1] - 1)
            self.scores["meaning"] = DenseScores(np.c_[rows, np.full(len(rows), -HUB_SHARE)], texts.meaning)

    def signals(self, places: Ints, owners: Ints) -> dict[str, Floats]:
        """Every signal, and under ``NAME standing`` its standing, of some labels on some patterns."""
        told: dict[str, Floats] = {}
        for name, scores in self.scores.items():
            told[name] = scores.pairs(places, owners)
            told[f"{name} standing"] = scores.standing(told[name], places, USUAL[name])
        pairs = [(self.labels[place], owner) for place, owner in zip(places.tolist(), owners.tolist(), strict=True)]
        told["adjacent"] = adjacency(pairs, self.texts.proses)
        return told

    def _shares(self, columns: Sequence[Ints]) -> sparse.csr_matrix:
        """Each label's words with their share of its rarity; words that no text uses take theirs too."""
        rarity = self.texts.rarity
        totals = [
            rarity[found].sum() + self.texts.unheard * (len(label.keys) - len(found))
            for label, found in zip(self.labels, columns, strict=True)
        ]
        data = [rarity[found] / max(total, 1e-12) for found, total in zip(columns, totals, strict=True)]
        return _rows(columns, data, len(rarity))

    def _topic(self, columns: Sequence[Ints]) -> Scores:
        weights = self.texts.weights
        wanted = _rows(columns, [weights[found] for found in columns], len(weights))
        rows = np.asarray(wanted @ self.texts.topic_words)
        return DenseScores(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), self.texts.topics)


def latent(matrix: sparse.csr_matrix, dimensions: int, rounds: int = 3) -> tuple[Floats, Floats]:
    """Rows and columns of a matrix in few dimensions: unit rows of U S (zeros where none of them says anything of a
    row), and V, by subspace iteration where there are many rows.

    Source: latent semantic analysis (Deerwester et al. 1990) with randomised subspace iteration (Halko, Martinsson and
    Tropp 2011); the seed is fixed.
    """
    n, m = matrix.shape
    if not matrix.nnz:
        return np.zeros((n, 1)), np.zeros((m, 1))
    transposed = matrix.T.tocsr()
    if n <= SMALL:
        # Exactly, for a few rounds come out otherwise where patterns have other names and so another order.
        gram = (matrix @ transposed).toarray().astype(np.float64)
        basis = np.linalg.eigh(gram)[1][:, -dimensions:].astype(np.float32)
    else:
        basis = np.random.default_rng(0).standard_normal((n, min(dimensions + 8, n))).astype(np.float32)
        for _ in range(rounds):
            basis = similarity.orthonormal(matrix @ (transposed @ basis))
    inner = np.asarray(transposed @ basis, dtype=np.float64)
    values, turn = np.linalg.eigh(inner.T @ inner)
    best = np.argsort(-values, kind="stable")[:dimensions]
    best = best[values[best] > 1e-9]
    length = np.sqrt(values[best])
    rows = (basis @ turn[:, best]) * length
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), inner @ turn[:, best] / length


def _weighted(counts: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
    weighted = counts.copy()
    weighted.data = ((1 + np.log(weighted.data)) * weights[weighted.indices]).astype(np.float32)
    weighted.eliminate_zeros()
    return similarity.unit_sparse(weighted)


def _with_hub(passages: Vectors) -> Floats:
    """Passages with a last column: how near each is to all of them, so that what is near to everything counts less."""
    rows = passages.astype(np.float64)
    return np.asarray(np.c_[rows, rows @ (rows.sum(axis=0) / max(len(rows), 1))])


def _rows(columns: Sequence[Ints], data: Sequence[Floats], width: int) -> sparse.csr_matrix:
    starts = np.cumsum([0, *map(len, columns)])
    flat = np.concatenate([np.empty(0, np.intp), *columns])
    return sparse.csr_matrix((np.concatenate([np.empty(0), *data]), flat, starts), shape=(len(columns), width))

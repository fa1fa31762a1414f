"""The reasons to believe in a link that texts give, each as a score for every pair of patterns.

| signal | what it says |
|---|---|
| lexical | both use the same words, rare ones counting more: tf-idf cosine |
| topic | both use words of the same topics: cosine after latent semantic analysis of the same tf-idf |
| phrase | both use the same two words in a row: cosine weighted by rarity |
| mention | one speaks much of what the other is called (title and aliases) |
| meaning | their passages mean the same to the embedding model: cosine |
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse

from garden import similarity, terms
from garden.links.shelf import Passages, Shelf, Vectors
from garden.similarity import Floats, Ints, Split

PAIR_CHUNK = 4096
TOPICS = 64
IDF_POWER = 0.5
ALIAS_WEIGHT = 0.5
MENTION_GAIN = 5.0
LEANING_FLOOR = 0.1
# A phrase of more than a tenth of all patterns is a template's, or a set phrase.
PHRASE_SHARE, FEW = 0.1, 4


class Signal(Protocol):
    """A symmetric score for every pair of n patterns."""

    @property
    def name(self) -> str:
        """What a reader calls it."""

    def block(self, rows: slice, columns: slice) -> Floats:
        """Scores of some patterns with some, as a new array. A pattern's score with itself means nothing."""

    def pairs(self, left: Ints, right: Ints) -> Floats:
        """Scores of some pairs, shape (pairs,)."""


@dataclass(frozen=True, eq=False)
class DenseCosine:
    """Dot products of dense rows of length 1."""

    name: str
    vectors: Vectors

    def block(self, rows: slice, columns: slice) -> Floats:
        """See ``Signal``."""
        return np.asarray(self.vectors[rows] @ self.vectors[columns].T, dtype=np.float32)

    def pairs(self, left: Ints, right: Ints) -> Floats:
        """See ``Signal``."""
        return _dense_dots(self.vectors, left, right)


@dataclass(frozen=True, eq=False)
class SparseCosine:
    """Dot products of sparse rows of length 1."""

    name: str
    matrix: Split

    def block(self, rows: slice, columns: slice) -> Floats:
        """See ``Signal``."""
        return similarity.products(self.matrix, rows, columns)

    def pairs(self, left: Ints, right: Ints) -> Floats:
        """See ``Signal``."""
        common, rare = self.matrix.common, self.matrix.rare
        return np.asarray(_dense_dots(common, left, right) + _row_dots(rare, rare, left, right), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Mention:
    """How much each pattern's text speaks of what the other is called, both ways added.

    ``names`` holds the words of each pattern's names, weighted by rarity to a sum of 1; ``said`` how much each text
    says each word.
    """

    name: str
    names: sparse.csr_matrix
    said: sparse.csr_matrix

    def block(self, rows: slice, columns: slice) -> Floats:
        """See ``Signal``."""
        both = self.names[rows] @ self.said[columns].T + self.said[rows] @ self.names[columns].T
        return np.asarray(both.toarray(), dtype=np.float32)

    def pairs(self, left: Ints, right: Ints) -> Floats:
        """See ``Signal``."""
        return _row_dots(self.names, self.said, left, right) + _row_dots(self.names, self.said, right, left)

    def leaning(self, sources: Ints, targets: Ints) -> Floats:
        """Whether the source names the target rather than the other way round, from -1 to 1."""
        back = _row_dots(self.names, self.said, sources, targets)
        forth = _row_dots(self.names, self.said, targets, sources)
        return np.asarray((forth - back) / (forth + back + LEANING_FLOOR), dtype=np.float32)


def text_signals(shelf: Shelf, passages: Passages) -> Iterator[Signal]:
    """The signals of the table above. ``passages``, a row of length 1 a pattern, are asked for after all the words."""
    counts = similarity.counts_of(shelf.proses)
    lexical = similarity.split(similarity.tfidf(counts, IDF_POWER))
    phrases = similarity.shared([p.phrases for p in shelf.proses], max(FEW, int(PHRASE_SHARE * len(shelf))))
    yield SparseCosine("lexical", lexical)
    yield DenseCosine("topic", similarity.principal(lexical, TOPICS))
    yield SparseCosine("phrase", similarity.split(similarity.tfidf(phrases)))
    yield _mention(shelf)
    yield DenseCosine("meaning", passages() if callable(passages) else passages)


def _dense_dots(rows: Floats, left: Ints, right: Ints) -> Floats:
    """The dot product of the rows of each pair. A large library has a million pairs, and rows are long."""
    dots = [
        np.einsum("ij,ij->i", rows[left[part]], rows[right[part]]) for part in similarity.blocks(len(left), PAIR_CHUNK)
    ]
    return np.concatenate([np.empty(0, np.float32), *dots])


def _row_dots(a: sparse.csr_matrix, b: sparse.csr_matrix, left: Ints, right: Ints) -> Floats:
    dots = [
        np.asarray(a[left[part]].multiply(b[right[part]]).sum(axis=1), dtype=np.float32).ravel()
        for part in similarity.blocks(len(left), PAIR_CHUNK)
    ]
    return np.concatenate(dots) if dots else np.empty(0, np.float32)


def _mention(shelf: Shelf) -> Mention:
    """Mention over the words that names are made of; a text's counts are damped by the root of its length."""
    called = [_name_words(title, aliases) for title, aliases in zip(shelf.titles, shelf.aliases, strict=True)]
    vocabulary = np.unique(np.concatenate([np.empty(0, np.uint64), *(words for words, _ in called)]))
    said = similarity.over(vocabulary, [p.keys for p in shelf.proses], [p.counts for p in shelf.proses])
    rarity = similarity.inverse_frequency(said)
    lengths = np.sqrt([max(float(p.counts.sum()), 1.0) for p in shelf.proses])
    said.data = np.log1p(MENTION_GAIN * said.data / np.repeat(lengths, np.diff(said.indptr))).astype(np.float32)
    names = similarity.over(vocabulary, [words for words, _ in called], [weights for _, weights in called])
    names.data *= rarity[names.indices]
    total = np.asarray(names.sum(axis=1)).ravel()
    names.data /= np.repeat(np.maximum(total, 1e-9), np.diff(names.indptr)).astype(np.float32)
    return Mention("mention", names, said)


def _name_words(title: str, aliases: Sequence[str]) -> tuple[terms.Keys, Floats]:
    """The distinct words of a pattern's names with their weights: an alias counts half of what the title does."""
    weights = dict.fromkeys(terms.content_keys(" ".join(aliases)).tolist(), ALIAS_WEIGHT)
    weights.update(dict.fromkeys(terms.content_keys(title).tolist(), 1.0))
    keys = sorted(weights)
    return np.array(keys, dtype=np.uint64), np.array([weights[key] for key in keys], dtype=np.float32)

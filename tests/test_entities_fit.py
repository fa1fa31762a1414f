"""How a label scores on all patterns at once."""

import numpy as np
import pytest
from scipy import sparse

from garden.entities.fit import MOST_WORDS, SparseScores, _with_hub


@pytest.mark.parametrize("dimensions", [0, 3])
def test_passages_of_no_pattern_are_near_to_nothing(dimensions):
    assert _with_hub(np.empty((0, dimensions), np.float32)).shape == (0, dimensions + 1)


@pytest.mark.parametrize("labels", [0, 1, 60])
def test_moments_are_those_of_all_scores_however_many_words_a_label_has(labels):
    rng = np.random.default_rng(labels)
    words, patterns = 40, 30
    held = [rng.choice(words, size, replace=False) for size in rng.integers(0, 2 * MOST_WORDS, labels)]
    rows = np.zeros((labels, words))
    for row, columns in zip(rows, held, strict=True):
        row[columns] = rng.random(len(columns))
    texts = rng.random((patterns, words)) * (rng.random((patterns, words)) < 0.3)
    mean, square = SparseScores(sparse.csr_matrix(rows), sparse.csr_matrix(texts)).moments()
    scores = rows @ texts.T
    assert np.allclose(mean, scores.mean(axis=1))
    assert np.allclose(square, (scores**2).mean(axis=1))

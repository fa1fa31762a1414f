from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from garden import prose, similarity, terms


def unit_rows(n: int, dimensions: int = 16, seed: int = 0) -> similarity.Floats:
    rows = np.random.default_rng(seed).standard_normal((n, dimensions)).astype(np.float32)
    return similarity.unit(rows)


def brute_force(vectors: similarity.Floats, k: int) -> list[list[int]]:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    return [sorted(range(len(row)), key=lambda j: (-row[j], j))[:k] for row in cosines]


@pytest.mark.parametrize("block", [1, 3, 7, 64])
def test_nearest_is_exact_whatever_the_block(block):
    vectors = unit_rows(40)
    found, cosines = similarity.nearest(vectors, 5, block)
    assert found.tolist() == brute_force(vectors, 5)
    assert np.allclose(cosines, np.take_along_axis(vectors @ vectors.T, found, axis=1), atol=1e-6)


@pytest.mark.parametrize(("n", "k", "shape"), [(1, 5, (1, 0)), (3, 10, (3, 2)), (4, 0, (4, 0))])
def test_nearest_gives_what_there_is(n, k, shape):
    assert similarity.nearest(unit_rows(n), k)[0].shape == shape


def test_ties_go_to_the_lower_row():
    vectors = np.tile(np.array([[1, 0]], np.float32), (4, 1))
    assert similarity.nearest(vectors, 2)[0].tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]


@given(arrays(np.float32, (6, 9), elements=st.floats(-3, 3, width=16)), st.integers(0, 12))
def test_best_columns_are_those_of_a_full_sort(scores, k):
    expected = [sorted(range(9), key=lambda j: (-row[j], j))[:k] for row in scores]
    assert similarity.best_columns(scores, k).tolist() == expected


def test_best_columns_leave_out_what_is_excluded():
    scores = np.array([[1.0, -np.inf, 3.0]], np.float32)
    assert similarity.best_columns(scores, 3).tolist() == [[2, 0, -1]]


def counts(*rows: Mapping[int, float]) -> sparse.csr_matrix:
    keys = [np.array(sorted(row), np.uint64) for row in rows]
    values = [np.array([row[key] for key in sorted(row)], np.float32) for row in rows]
    return similarity.over(np.unique(np.concatenate([*keys])), keys, values)


def test_counts_have_a_column_for_each_term_and_can_be_changed_by_whoever_asks():
    proses = [prose.read(text, (), "", "", "") for text in ("Rota rota", "", "Share rota")]
    keys = prose.counted(tuple(proses)).keys.tolist()
    expected = [[sum(terms.term_key(w) == key for w in text.split()) * prose.TITLE_WEIGHT for key in keys]
                for text in ("rota rota", "", "share rota")]  # fmt: skip
    matrix = similarity.counts_of(proses)
    assert matrix.toarray().tolist() == expected
    matrix.indices[:] = 0
    assert similarity.counts_of(proses).toarray().tolist() == expected
    assert similarity.counts_of([]).shape == (0, 0)


def test_over_leaves_other_keys_out():
    keys = np.array([5, 9], np.uint64)
    rows = [np.array([1, 9], np.uint64), np.array([12], np.uint64)]
    values = [np.array([4, 6], np.float32), np.array([1], np.float32)]
    assert similarity.over(keys, rows, values).toarray().tolist() == [[0, 6], [0, 0]]
    assert similarity.over(keys[:0], rows, values).shape == (2, 0)


def test_shared_keeps_keys_of_two_rows_to_the_most():
    rows = [np.array(row, np.uint32) for row in ([1, 2, 3], [2, 3], [3, 4], [3])]
    assert similarity.shared(rows, 3).toarray().tolist() == [[1], [1], [0], [0]]
    assert similarity.shared(rows, 4).toarray().tolist() == [[1, 1], [1, 1], [0, 1], [0, 1]]
    assert similarity.shared([np.empty(0, np.uint32)], 4).shape == (1, 0)


def test_a_word_that_all_use_weighs_nothing():
    weighted = similarity.tfidf(counts({1: 5, 2: 1}, {1: 2, 3: 1})).toarray()
    assert np.allclose(weighted, [[0, 1, 0], [0, 0, 1]])


def test_an_empty_text_has_an_empty_row():
    weighted = similarity.tfidf(counts({1: 1}, {}, {2: 1}))
    assert weighted[1].nnz == 0
    assert np.isfinite(weighted.data).all()


@given(st.integers(2, 30), st.integers(0, 10_000))
def test_split_products_are_those_of_the_whole(n, seed):
    rng = np.random.default_rng(seed)
    dense = (rng.random((n, 25)) < np.linspace(0.02, 0.9, 25)) * rng.random((n, 25))
    matrix = sparse.csr_matrix(dense.astype(np.float32))
    found = similarity.products(similarity.split(matrix), slice(0, n // 2), slice(0, n))
    assert np.allclose(found, dense[: n // 2] @ dense.T, atol=1e-5)


def test_principal_finds_the_topics_of_a_text():
    one, other = {1: 2, 2: 3, 3: 1}, {11: 2, 12: 3, 13: 1}
    texts: list[Mapping[int, float]] = [one, {1: 1, 2: 1}, {2: 1, 3: 2}, other, {11: 1, 12: 1}, {12: 1, 13: 2}]
    topics = similarity.principal(similarity.split(similarity.tfidf(counts(*texts))), 2)
    cosines = topics @ topics.T
    assert cosines[:3, :3].min() > 0.9
    assert abs(cosines[:3, 3:]).max() < 0.1


def test_principal_is_the_same_each_time():
    matrix = similarity.split(similarity.tfidf(counts(*({k % 7: 1, k % 5 + 10: 2} for k in range(20)))))
    assert np.array_equal(similarity.principal(matrix, 4), similarity.principal(matrix, 4))


def test_csls_holds_hubs_back():
    cosines = np.array([0.8, 0.8], np.float32)
    neighbourhood = np.array([0.5, 0.9, 0.3], np.float32)
    hub, other = similarity.csls(cosines, neighbourhood, np.array([0, 0]), np.array([1, 2]))
    assert hub < other


def test_an_orthonormal_basis_spans_what_the_columns_do_and_leaves_out_what_others_span() -> None:
    columns = np.random.default_rng(0).standard_normal((40, 6)).astype(np.float32)
    columns[:, 4] = columns[:, 0] + 1e-3 * columns[:, 1]
    basis = similarity.orthonormal(columns)
    gram = basis.T @ basis
    assert np.allclose(gram, np.diag(np.diag(gram)), atol=1e-5)
    assert sorted(np.round(np.diag(gram), 4)) == [0, 1, 1, 1, 1, 1]
    assert np.allclose(basis @ (basis.T @ columns), columns, atol=1e-4)

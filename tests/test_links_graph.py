from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from garden.links import graph
from garden.links.features import TieGraph
from garden.links.ties import Tie, by_type, canonical, matrix
from garden.vocabulary import Vocabulary

N = 8
PAIRS = st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda p: p[0] != p[1]), min_size=3)


def linked(pairs: set[tuple[int, int]]) -> sparse.csr_matrix:
    return matrix([Tie(*pair) for a, b in pairs for pair in ((a, b), (b, a))], N)


def looks() -> sparse.csr_matrix:
    dense = np.random.default_rng(0).random((N, N)) * (1 - np.eye(N))
    return sparse.csr_matrix((dense / dense.sum(axis=1, keepdims=True)).astype(np.float32))


def without(pairs: set[tuple[int, int]], pair: tuple[int, int]) -> set[tuple[int, int]]:
    return {other for other in pairs if set(other) != set(pair)}


FIGURES: dict[str, Callable[[sparse.csr_matrix], graph.Scaled]] = {
    "common neighbours": graph.common_neighbours,
    "paths": graph.paths,
    "look-alikes": lambda ties: graph.alike(looks(), ties),
}


@pytest.mark.parametrize("name", FIGURES)
@given(pairs=PAIRS)
@settings(max_examples=40, deadline=None)
def test_a_linked_pair_has_the_figure_that_it_would_have_without_its_link(name, pairs):
    figure = FIGURES[name]
    with_it = figure(linked(pairs)).matrix
    for pair in pairs:
        hidden = figure(linked(without(pairs, pair))).matrix
        assert with_it[pair] == pytest.approx(hidden[pair], abs=1e-5)


@given(pairs=PAIRS)
@settings(max_examples=40, deadline=None)
def test_figures_of_directed_ties_leave_out_both_ties_of_the_pair(pairs):
    def figures(ties: set[tuple[int, int]], pair: tuple[int, int]) -> list[float]:
        found = TieGraph.of(matrix([Tie(*tie) for tie in ties], N), looks())
        source, target = np.array([pair[0]]), np.array([pair[1]])
        raw = [graph.values(scaled.matrix, source, target) for scaled in (found.sources, found.targets, found.both)]
        return [float(value[0]) for value in (*raw, *found.at(source, target)[3:])]

    for pair in sorted(pairs)[:4]:
        assert figures(pairs, pair) == pytest.approx(figures(without(pairs, pair), pair), abs=1e-5)


def test_paths_count_each_way_through_two_others():
    path = linked({(0, 1), (1, 2), (2, 3)})
    assert graph.paths(path).matrix[0, 3] > 0
    assert graph.paths(path).matrix[0, 1] == 0


def test_a_kernel_keeps_the_nearest_and_sums_to_one():
    pairs = (np.array([0, 0, 0, 1]), np.array([1, 2, 3, 2]))
    found = graph.kernel(4, pairs, np.array([3.0, 2.0, 1.0, -1.0], np.float32), 2).toarray()
    assert np.flatnonzero(found[0]).tolist() == [1, 2]
    assert found[0].sum() == pytest.approx(1)
    assert found[3, 0] == pytest.approx(1)
    assert found[1].argmax() == 0


def test_the_strongest_of_a_row_are_positive_and_ties_go_to_the_lower_column():
    scores = sparse.csr_matrix(np.array([[0, 2, 2, 1], [-1, 0, 0, 0]], np.float32))
    rows, columns = graph.strongest(scores, 2)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (0, 2)]


def test_scaled_scores_are_even_where_a_matrix_says_nothing():
    empty = graph.Scaled.of(sparse.csr_matrix((3, 3), dtype=np.float32))
    assert empty.at(np.array([0, 1]), np.array([1, 2])).tolist() == [0, 0]


def test_a_type_and_its_inverse_are_one_and_symmetric_ones_go_both_ways():
    ties = canonical([Tie(0, 1, "requires"), Tie(1, 0, "enables"), Tie(2, 3, "related")], Vocabulary())
    assert ties == [Tie(1, 0, "enables"), Tie(2, 3, "complementary"), Tie(3, 2, "complementary")]


def test_types_outside_the_vocabulary_keep_their_name():
    assert canonical([Tie(0, 1, "inspired by")], Vocabulary()) == [Tie(0, 1, "inspired by")]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 50, "b": 45}, {"a": 50, "b": 45}),
        ({"a": 50, "b": 5}, {"a": 55}),
        ({"a": 50, "b": 8, "c": 8}, {"a": 50, "*": 16}),
        ({"a": 3}, {"*": 3}),
    ],
)
def test_rare_types_are_learned_together(counts, expected):
    names = [name for name, count in counts.items() for _ in range(count)]
    ties = [Tie(place, place + 1, name) for place, name in enumerate(names)]
    found = {name: int(group.sum()) for name, group in by_type(ties, len(names) + 1).items()}
    assert found == expected

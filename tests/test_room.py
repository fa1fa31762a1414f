"""What is held of all pairs of a large library at a time: blocks, and never as many numbers as there are pairs."""

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from scipy import sparse

from garden import similarity
from garden.links.doubles import doubles
from garden.links.signals import DenseCosine, Signal, SparseCosine
from garden.vocabulary import Vocabulary

MEGABYTE = 1 << 20
ROWS, WIDTH, PAIRS = 3_000, 512, 100_000  # The rows of all pairs' ends would take 390 MB.


def room(work: Callable[[], object]) -> float:
    """The most that some work holds at a time, in megabytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()


def unit_rows(rows: int, width: int) -> similarity.Floats:
    return similarity.unit(np.random.default_rng(1).standard_normal((rows, width)).astype(np.float32))


@pytest.mark.parametrize(
    "signal",
    [
        DenseCosine("meaning", unit_rows(ROWS, WIDTH)),
        SparseCosine("lexical", similarity.split(sparse.csr_matrix(unit_rows(ROWS, WIDTH)))),
    ],
    ids=lambda signal: signal.name,
)
def test_scores_of_many_pairs_are_worked_out_a_part_at_a_time(signal: Signal):
    left, right = np.random.default_rng(2).integers(0, ROWS, (2, PAIRS))
    assert room(lambda: signal.pairs(left, right)) < 40
    few = signal.pairs(left[:5], right[:5])
    assert (signal.pairs(left, right)[:5] == few).all()
    assert few == pytest.approx(
        [signal.block(slice(a, a + 1), slice(b, b + 1)).item() for a, b in zip(left[:5], right[:5], strict=True)],
        abs=1e-5,
    )


def test_patterns_of_like_titles_are_compared_with_all_a_part_at_a_time():
    size = 4_000  # All cosines and the order of them would take 180 MB.
    vectors = np.repeat(unit_rows(size // 2, 16), 2, axis=0)
    pairs = [(place, place + 1) for place in range(0, size, 2)]
    streets = [chr(97 + place // 676) + chr(97 + place // 26 % 26) + chr(97 + place % 26) for place in range(size // 2)]
    titles = [title for name in streets for title in (f"Kitchen of {name}street", f"{name}street Kitchen")]
    assert room(lambda: doubles(titles, vectors, pairs, Vocabulary())) < 60
    assert doubles(titles, vectors, pairs, Vocabulary()).keys() == set(pairs)

import os
import sqlite3
import sys
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest

from garden.config import LinkSettings
from garden.links import explain_pairs, rank
from garden.processes import explaining
from garden.store import Drawer, Store
from tests.shelves import topical_shelf, vectors_of

SHELF = topical_shelf()
PAIRS = list(combinations(range(len(SHELF)), 2))


@pytest.fixture
def drawer(tmp_path: Path, monkeypatch) -> Drawer:
    monkeypatch.setattr(explaining, "LARGE", 10)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return Store(tmp_path / "store").drawer("evidence")


def kept_in(folder: Path) -> int:
    """How many pairs' evidence the store has."""
    with closing(sqlite3.connect(folder / "store")) as connection:
        count = connection.execute("SELECT count(*) FROM blobs").fetchone()[0]
    return int(count)


def test_the_later_part_of_many_pairs_is_explained_by_a_second_process(drawer, tmp_path):
    with explaining.Explaining(drawer) as elsewhere:
        first = elsewhere.begin(SHELF, PAIRS)
        elsewhere.wait()
    assert 0 < first < len(PAIRS)
    assert kept_in(tmp_path) == len(PAIRS) - first


@pytest.mark.parametrize("program", ["no-such-program", "/bin/false", "/bin/true", None])
def test_evidence_is_the_same_whatever_the_second_process_does(drawer, tmp_path, monkeypatch, program):
    if program:
        monkeypatch.setattr(sys, "executable", program)
    ranking = rank(SHELF, vectors_of(SHELF), [], LinkSettings())
    with explaining.Explaining(drawer) as elsewhere:
        both = explain_pairs(SHELF, ranking, PAIRS, elsewhere=elsewhere)
    assert both == explain_pairs(SHELF, ranking, PAIRS)
    assert kept_in(tmp_path) == len(PAIRS)


def test_few_pairs_are_explained_here(drawer):
    assert explaining.Explaining(drawer).begin(SHELF, PAIRS[:9]) == 9

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from garden.rows import Rows

KEYS = st.integers(0, 40)
ROWS = st.lists(st.sets(KEYS, max_size=12).map(sorted), min_size=1, max_size=8)


@given(ROWS, st.lists(st.tuples(st.integers(0, 7), KEYS), max_size=30))
def test_every_row_says_what_it_holds(rows, asked):
    made = Rows.of([np.array(row, dtype=np.uint64) for row in rows])
    owners = [owner % len(rows) for owner, _ in asked]
    keys = [key for _, key in asked]
    expected = [key in rows[owner] for owner, key in zip(owners, keys, strict=True)]
    assert made.hold(np.array(owners, dtype=np.intp), np.array(keys, dtype=np.uint64)).tolist() == expected


def test_no_rows_hold_nothing():
    nothing = np.empty(0, dtype=np.intp), np.empty(0, dtype=np.uint64)
    assert Rows.of([]).hold(*nothing).tolist() == []
    assert Rows.of([np.empty(0, np.uint64)]).hold(np.array([0]), np.array([7], np.uint64)).tolist() == [False]

import pytest

from garden.shards import HERE, cut


@pytest.mark.parametrize(
    ("total", "size", "most", "lengths"),
    [
        (0, 10, 4, []),
        (1, 10, 4, [1]),
        (10, 10, 4, [10]),
        (25, 10, 4, [10, 10, 5]),
        (41, 10, 4, [20, 20, 1]),
        (41, 10, 1, [41]),
        (41, 10, 0, [41]),
        (7, 1, 3, [3, 3, 1]),
    ],
)
def test_work_is_cut_into_even_parts_in_order(total, size, most, lengths):
    parts = cut(total, size, most)
    assert [part.stop - part.start for part in parts] == lengths
    assert [place for part in parts for place in range(part.start, part.stop)] == list(range(total))


def test_work_done_here_is_done_when_it_is_asked_for():
    done: list[int] = []

    def work(shared: int, part: int) -> int:
        done.append(part)
        return shared + part

    values = HERE.map("add", work, 10, [1, 2, 3])
    assert next(values) == 11
    assert done == [1]
    assert list(values) == [12, 13]

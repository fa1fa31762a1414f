import numpy as np
import pytest

from garden.config import LinkSettings
from garden.links.support import judged, random_pairs, supported


class Ranking:
    """Confidence falls with the distance of two places; one pair is a candidate, with a figure of its own."""

    def judged(self, pairs):
        return np.array([1 / (1 + right - left) for left, right in pairs], dtype=np.float32)

    def confidences(self):
        return {(0, 1): 0.75}


@pytest.mark.parametrize(
    ("pair", "trusted", "kept"),
    [
        ((10, 11), True, True),
        ((10, 11), False, True),  # sure by itself
        ((10, 25), True, True),  # better than chance
        ((10, 25), False, False),
        ((10, 95), True, False),
    ],
)
def test_a_standing_link_must_beat_chance_and_be_sure_where_the_links_lean(pair, trusted, kept) -> None:
    held = supported(Ranking(), judged(Ranking(), [pair]), 100, LinkSettings(keep_within=0.3), trusted=trusted)
    assert (pair in held) == kept


def test_a_better_score_never_loses_support() -> None:
    pairs = [(0, other) for other in range(1, 100)]
    held = supported(Ranking(), judged(Ranking(), pairs), 100, LinkSettings(), trusted=True)
    assert list(held) == pairs[: len(held)]


def test_a_candidate_s_own_figure_is_taken() -> None:
    assert judged(Ranking(), [(0, 1), (0, 3)]) == {(0, 1): 0.75, (0, 3): 0.25}


@pytest.mark.parametrize("size", [0, 1, 2, 50, 5000])
def test_random_pairs_are_the_same_each_time_and_join_two(size: int) -> None:
    pairs = random_pairs(size, 7)
    assert pairs == random_pairs(size, 7) == sorted(set(pairs))
    assert all(0 <= left < right < size for left, right in pairs)
    assert size < 200 or len(pairs) > 10_000

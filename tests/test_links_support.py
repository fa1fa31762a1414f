import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden.config import LinkSettings
from garden.links.support import judged, random_pairs, supported


class Ranking:
    """Confidence falls with the distance of two places; one pair is a candidate, with a figure of its own."""

    def __init__(self, held_out=()) -> None:
        self.held_out = np.array(held_out, dtype=np.float32)

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


RATES = st.lists(st.floats(0, 1), max_size=60)
PAIRS = st.dictionaries(st.sampled_from(random_pairs(9, 0)), st.floats(0, 1), min_size=1)


@given(PAIRS, st.data(), RATES, st.booleans(), st.floats(0, 1), st.floats(0, 1))
def test_more_support_never_takes_a_link_out(rated, data, held_out, trusted, lose, within) -> None:
    rules, ranking = LinkSettings(lose=lose / 2, keep_within=within), Ranking(held_out)
    pair = data.draw(st.sampled_from(sorted(rated)))
    more = data.draw(st.floats(rated[pair], 1))

    before = supported(ranking, rated, 9, rules, trusted=trusted)
    after = supported(ranking, {**rated, pair: more}, 9, rules, trusted=trusted)

    assert before.keys() <= after.keys()
    assert after.keys() - before.keys() <= {pair}


def test_curated_links_that_were_held_out_say_how_low_a_link_may_score() -> None:
    ranking = Ranking(np.linspace(0.1, 1, 100))
    rated = {(0, 1): 0.11, (0, 2): 0.16}
    rules = LinkSettings(lose=0.05, keep_within=0)

    assert supported(ranking, rated, 100, rules, trusted=True).keys() == {(0, 2)}
    assert supported(ranking, rated, 100, rules, trusted=False) == {}


def test_a_few_links_held_out_say_nothing() -> None:
    rules = LinkSettings(lose=0.5, keep_within=1)
    assert supported(Ranking([0.9] * 5), {(0, 1): 0.01}, 100, rules, trusted=True)


def test_the_standing_links_have_no_say_in_what_is_supported() -> None:
    one = supported(Ranking(), {(0, 1): 0.05}, 100, LinkSettings(), trusted=True)
    among_many = {**dict.fromkeys(random_pairs(30, 0), 0.9), (0, 1): 0.05}
    assert one.keys() <= supported(Ranking(), among_many, 100, LinkSettings(), trusted=True).keys()
    assert ((0, 1) in one) == ((0, 1) in supported(Ranking(), among_many, 100, LinkSettings(), trusted=True))


def test_a_candidate_s_own_figure_is_taken() -> None:
    assert judged(Ranking(), [(0, 1), (0, 3)]) == {(0, 1): 0.75, (0, 3): 0.25}


@pytest.mark.parametrize("size", [0, 1, 2, 50, 5000])
def test_random_pairs_are_the_same_each_time_and_join_two(size: int) -> None:
    pairs = random_pairs(size, 7)
    assert pairs == random_pairs(size, 7) == sorted(set(pairs))
    assert all(0 <= left < right < size for left, right in pairs)
    assert size < 200 or len(pairs) > 10_000

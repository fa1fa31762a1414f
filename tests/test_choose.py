from hypothesis import given
from hypothesis import strategies as st

from garden.config import LinkSettings
from garden.links.choose import choose

PLACES = 12
pairs = st.tuples(st.integers(0, PLACES - 1), st.integers(0, PLACES - 1)).filter(lambda p: p[0] < p[1])
scored = st.dictionaries(pairs, st.floats(0, 1), max_size=40)


def test_takes_the_surest_pairs_first_and_fills_no_pattern_beyond_its_places() -> None:
    candidates = {(0, 1): 0.9, (0, 2): 0.8, (0, 3): 0.7, (1, 2): 0.6}
    chosen = choose(candidates, {}, (), LinkSettings(most=2))
    assert chosen.pairs == {(0, 1), (0, 2), (1, 2)}


def test_a_pattern_without_links_gets_its_best_pair_even_when_that_is_not_sure() -> None:
    candidates = {(0, 1): 0.9, (1, 2): 0.3, (0, 2): 0.2}
    chosen = choose(candidates, {}, (), LinkSettings(most=4, add_above=0.8, rescue_above=0.15))
    assert chosen.pairs == {(0, 1), (1, 2)}


def test_what_stands_is_kept_where_a_place_is_free_however_unsure() -> None:
    settings = LinkSettings(most=2, add_above=0.6, rescue_above=0.6)
    chosen = choose({(0, 1): 0.9, (2, 3): 0.9, (0, 2): 0.4}, {(1, 3): 0.1}, (), settings)
    assert chosen.pairs == {(0, 1), (2, 3), (1, 3)}


def test_names_the_standing_pairs_that_surer_ones_crowd_out() -> None:
    settings = LinkSettings(most=1, rescue_above=0.9)
    assert choose({(0, 1): 0.9}, {(1, 2): 0.4}, (), settings).crowded_out == {(1, 2)}


def test_a_pattern_with_many_good_links_loses_none_of_them_where_links_are_not_crowded_out() -> None:
    settings = LinkSettings(most=2)
    existing = {(0, other): 0.4 for other in range(1, 6)}
    chosen = choose({(0, 6): 0.9, (1, 2): 0.8}, existing, (), settings, crowd=False)
    assert chosen.pairs == {*existing, (0, 6), (1, 2)}
    assert not chosen.crowded_out


def test_a_pattern_with_twice_its_places_taken_gets_no_new_link() -> None:
    existing = {(0, other): 0.4 for other in range(1, 5)}
    chosen = choose({(0, 6): 0.9, (6, 7): 0.8}, existing, (), LinkSettings(most=2, rescue_above=1), crowd=False)
    assert chosen.pairs == {*existing, (6, 7)}


def test_a_person_s_word_stands_whatever_it_scores() -> None:
    chosen = choose({(0, 1): 0.9}, {(0, 2): 0.01}, [(0, 2)], LinkSettings(most=1))
    assert chosen.pairs == {(0, 2)}


@given(scored, scored, st.frozensets(pairs, max_size=3), st.integers(0, 4), st.booleans())
def test_choosing_again_from_what_was_chosen_changes_nothing(candidates, existing, accepted, most, crowd) -> None:
    settings = LinkSettings(most=most, add_above=0.6, keep_above=0.3, rescue_above=0.2)
    confidence = {**existing, **candidates, **dict.fromkeys(accepted, 0.5)}
    first = choose(candidates, {pair: confidence[pair] for pair in existing}, accepted, settings, crowd=crowd)
    standing = {pair: confidence[pair] for pair in first.pairs}
    assert choose(candidates, standing, accepted, settings, crowd=crowd).pairs == first.pairs


@given(scored, st.integers(0, 4))
def test_no_pattern_has_more_links_than_its_places(candidates, most) -> None:
    chosen = choose(candidates, {}, (), LinkSettings(most=most))
    ends = [end for pair in chosen.pairs for end in pair]
    assert all(ends.count(end) <= most for end in ends)


@given(scored, scored, st.integers(1, 4))
def test_candidates_below_either_bar_change_nothing(candidates, existing, most) -> None:
    settings = LinkSettings(most=most, add_above=0.6, keep_above=0.3, rescue_above=0.2)
    new = {pair: confidence for pair, confidence in candidates.items() if pair not in existing}
    hopeful = {pair: confidence for pair, confidence in new.items() if round(confidence, 4) >= 0.2}
    assert choose(new, existing, (), settings) == choose(hopeful, existing, (), settings)

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden.plan.taste import SUBJECT, Cases, Numbers, curve_of

FEW = 50


def cases(base: Numbers, subjects: Numbers | None = None, **signals: Numbers) -> Cases:
    return Cases(base, signals) if subjects is None else Cases(base, signals, subjects)


def answers(chance: Numbers, seed: int = 1) -> Numbers:
    return (np.random.default_rng(seed).uniform(size=len(chance)) < chance).astype(np.float64)


def test_answers_pull_confidence_to_what_they_bear_out() -> None:
    base = np.random.default_rng(2).uniform(0.5, 1, 400)
    better = curve_of(cases(base), answers(base - 0.3))
    asked = np.array([0.6, 0.75, 0.9])
    assert better(cases(asked)) == pytest.approx(asked - 0.3, abs=0.08)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=FEW, max_size=120),
    st.lists(st.floats(0, 1), min_size=2, max_size=20),
)
def test_whatever_was_answered_confidence_stays_a_rising_probability(
    told: list[tuple[float, bool]], asked: list[float]
) -> None:
    better = curve_of(cases(np.array([c for c, _ in told])), np.array([yes for _, yes in told], np.float64))
    given_ = better(cases(np.array(sorted(asked))))
    assert np.all((given_ >= 0) & (given_ <= 1))
    assert np.all(np.diff(given_) >= -1e-9)


def test_a_signal_that_reviewers_go_by_counts_for_more_and_the_others_do_not() -> None:
    rng = np.random.default_rng(3)
    phrase, meaning = rng.normal(size=(2, 400))
    base = np.full(400, 0.8)
    better = curve_of(cases(base, phrase=phrase, meaning=meaning), answers(1 / (1 + np.exp(-2 * phrase))))
    alike = cases(np.full(2, 0.8), phrase=np.array([1.0, -1.0]), meaning=np.zeros(2))
    high, low = better(alike)
    assert high > 0.75
    assert low < 0.25
    parts = better.parts(alike)
    assert parts["phrase"][0] > 1 > abs(parts["meaning"][0])


def test_a_subject_that_reviewers_keep_apart_is_told_from_texts_alone() -> None:
    rng = np.random.default_rng(4)
    kept_apart = rng.uniform(size=300) < 0.3
    subjects = rng.normal(scale=0.1, size=(300, 24))
    subjects[:, 5] += np.where(kept_apart, 1.0, -0.4)
    better = curve_of(cases(np.full(300, 0.8), subjects), answers(np.where(kept_apart, 0.2, 0.9)))
    asked = np.zeros((2, 24))
    asked[:, 5] = 1.0, -0.4
    told = better(cases(np.full(2, 0.8), asked))
    assert told[0] < 0.4
    assert told[1] > 0.8
    assert better.parts(cases(np.full(2, 0.8), asked))[SUBJECT][0] < 0


def test_what_tells_nothing_of_answers_moves_nothing() -> None:
    rng = np.random.default_rng(5)
    base = rng.uniform(0.5, 1, 300)
    better = curve_of(cases(base, rng.normal(scale=0.2, size=(300, 24)), noise=rng.normal(size=300)), answers(base))
    asked = cases(np.full(2, 0.8), np.zeros((2, 24)), noise=np.array([2.0, -2.0]))
    assert better(asked) == pytest.approx([0.8, 0.8], abs=0.12)


def test_a_signal_that_was_not_known_then_is_taken_as_usual() -> None:
    rng = np.random.default_rng(6)
    phrase = rng.normal(size=200)
    phrase[:50] = np.nan
    better = curve_of(cases(np.full(200, 0.8), phrase=phrase), answers(1 / (1 + np.exp(-2 * np.nan_to_num(phrase)))))
    usual, unknown = better(cases(np.full(2, 0.8), phrase=np.array([np.nanmean(phrase), np.nan])))
    assert usual == pytest.approx(unknown)


def test_the_same_answers_give_the_same_curve() -> None:
    rng = np.random.default_rng(7)
    told = cases(rng.uniform(0.5, 1, 120), rng.normal(size=(120, 8)), phrase=rng.normal(size=120))
    yes = answers(np.full(120, 0.7))
    assert curve_of(told, yes)(told).tolist() == curve_of(told, yes)(told).tolist()

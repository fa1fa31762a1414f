import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden.models import Kind, Proposal
from garden.plan.decisions import Decision, End, Verdict
from garden.plan.identity import pair_group
from garden.plan.outcomes import (
    ENOUGH,
    Outcome,
    believed,
    learning,
    outcomes,
    recalibration,
    reliability,
    worth_asking,
)


def said(verdict: Verdict, day: int = 1, owner: str = "a", target: str = "b", confidence: float = 0.8) -> Decision:
    return Decision(
        proposal=f"{owner}{target}",
        kind="add_link",
        group=pair_group(owner, target),
        ends=(End(slug=owner, text=owner), End(slug=target, text=target)),
        target=target,
        type="requires",
        confidence=confidence,
        signals={"lexical": 0.5, "meaning": 0.7},
        verdict=verdict,
        when=f"2026-11-{day:02}T00:00:00Z",
        where=f"pull request {day}",
    )


def outcome(confidence: float, *, accepted: bool, base: float | None = None) -> Outcome:
    return Outcome("add_link", "", confidence, confidence if base is None else base, {}, accepted, "")


@pytest.mark.parametrize(
    ("verdicts", "accepted"),
    [
        ([], []),
        (["accepted"], [True]),
        (["edited"], [True]),
        (["rejected"], [False]),
        (["snoozed"], []),
        (["closed"], []),
        (["closed", "closed"], [False]),
        (["rejected", "accepted"], [True]),
        (["accepted", "snoozed"], [True]),
    ],
)
def test_a_question_has_one_outcome_by_what_was_said_last(verdicts: list[Verdict], accepted: list[bool]) -> None:
    told = [said(verdict, day) for day, verdict in enumerate(verdicts, 1)]
    assert [one.accepted for one in outcomes(told)] == accepted


def test_mates_are_one_outcome() -> None:
    assert len(outcomes([said("accepted"), said("accepted", owner="b", target="a")])) == 1


def test_reliability_sets_what_was_accepted_against_the_confidence_that_reviewers_saw() -> None:
    told = [said("accepted", 1), said("rejected", 2, "c", confidence=0.9), said("accepted", 3, "d", confidence=0.3)]
    told.append(said("accepted", 4, "e", confidence=0.86))
    measured = reliability(outcomes(told))
    assert [(round(b.confidence, 2), b.share, b.count) for b in measured.bins] == [
        (0.3, 1, 1),
        (0.83, 1, 2),
        (0.9, 0, 1),
    ]
    assert measured.error == pytest.approx((0.7 + 2 * 0.17 + 0.9) / 4)
    assert reliability([]).bins == ()


def test_the_tables_say_how_far_confidence_can_be_believed() -> None:
    told = [said("accepted", 1), said("rejected", 2, "c"), said("accepted", 3, "d", confidence=0.3)]
    found = learning(outcomes(told))
    assert found.total is not None
    assert (found.total.decided, found.total.accepted, round(found.total.expected, 2)) == (3, 2, 1.9)
    assert [(b.name, b.decided, b.accepted) for b in found.bins] == [("0.3 to 0.4", 1, 1), ("0.8 to 0.9", 2, 1)]
    assert [(t.name, t.decided) for t in found.types] == [("requires", 3)]
    assert [(t.name, t.decided) for t in found.signals] == [("meaning", 3)]
    assert found.error == pytest.approx((abs(1 - 1.6) + abs(1 - 0.3)) / 3)


def test_nothing_decided_says_nothing() -> None:
    assert learning([]).error is None
    assert learning([]).total is None


def test_few_decisions_change_no_confidence() -> None:
    assert recalibration([outcome(0.8, accepted=True)] * (ENOUGH - 1)) is None


def test_decisions_pull_confidence_to_what_they_bear_out() -> None:
    rng = np.random.default_rng(1)
    base = rng.uniform(0.5, 1, 400)
    taken = rng.uniform(size=400) < base - 0.3
    better = recalibration([outcome(float(b), accepted=bool(t)) for b, t in zip(base, taken, strict=True)])
    assert better is not None
    asked = np.array([0.6, 0.75, 0.9])
    assert better(asked) == pytest.approx(asked - 0.3, abs=0.08)


def test_the_confidence_before_calibration_is_what_is_learned_from() -> None:
    told = [outcome(0.99, accepted=False, base=0.5)] * 60
    better = recalibration(told)
    assert better is not None
    assert better(np.array([0.5]))[0] < 0.2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=ENOUGH, max_size=120),
    st.lists(st.floats(0, 1), min_size=2, max_size=20),
)
def test_whatever_was_decided_confidence_stays_a_rising_probability(
    told: list[tuple[float, bool]], asked: list[float]
) -> None:
    better = recalibration([outcome(c, accepted=yes) for c, yes in told])
    assert better is not None
    given_ = better(np.array(sorted(asked)))
    assert np.all((given_ >= 0) & (given_ <= 1))
    assert np.all(np.diff(given_) >= -1e-9)


def proposal(kind: Kind, confidence: float) -> Proposal:
    return Proposal(id="1", kind=kind, pattern="a", path="a.md", confidence=confidence, reason="", group="g")


def decided(kind: Kind, confidence: float, accepted: int, rejected: int) -> list[Decision]:
    return [
        said("accepted" if number < accepted else "rejected", 1, f"o{number}", confidence=confidence).model_copy(
            update={"kind": kind}
        )
        for number in range(accepted + rejected)
    ]


def test_each_kind_is_believed_as_far_as_reviewers_bore_it_out() -> None:
    told = [*decided("remove_entity", 0.97, 30, 30), *decided("remove_link", 0.9, 3, 3)]
    given_ = [proposal("remove_entity", 0.97), proposal("remove_link", 0.9), proposal("add_link", 0.8)]
    entity, link, new = believed(given_, told)
    assert 0.45 < entity.confidence < 0.6
    assert entity.evidence["base"] == 0.97
    assert (link, new) == (given_[1], given_[2]), "too few decisions, and what was chosen by them already"


def test_a_confidence_is_learned_from_what_it_was_before_learning() -> None:
    told = [one.model_copy(update={"base": 0.97}) for one in decided("remove_entity", 0.5, 30, 30)]
    (entity,) = believed([proposal("remove_entity", 0.97)], told)
    assert 0.45 < entity.confidence < 0.6


def test_decisions_lift_no_link_over_the_bar_and_take_away_what_would_be_turned_down() -> None:
    before = {(0, 1): 0.6, (0, 2): 0.4, (0, 3): 0.7, (0, 4): 0.2}
    told = {(0, 1): 0.8, (0, 2): 0.7, (0, 3): 0.3, (0, 4): 0.1}
    assert worth_asking(told, before, 0.5) == {(0, 1): 0.8, (0, 2): 0.4}


def test_before_decisions_say_anything_every_link_is_worth_asking_about() -> None:
    before = {(0, 1): 0.6, (0, 4): 0.2}
    assert worth_asking(before, before, 0.5) == before

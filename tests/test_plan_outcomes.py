import pytest

from garden.plan.decisions import Decision, End, Verdict
from garden.plan.identity import pair_group
from garden.plan.outcomes import learning, outcomes, reliability


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

from collections.abc import Sequence

import numpy as np
import pytest

from garden.models import Kind, Pattern, Proposal
from garden.plan.believed import Opinion, believed, subjects_of, worth_asking
from garden.plan.decisions import Decision, End, Verdict
from garden.plan.identity import pair_group
from garden.plan.outcomes import ENOUGH
from garden.plan.taste import Numbers

PATTERNS = [
    Pattern(path=f"{slug}.md", slug=slug, title=slug.title(), file_hash=slug, text_hash=slug) for slug in "abcdefgh"
]


def said(verdict: Verdict, owner: str, target: str, confidence: float = 0.8, **values: object) -> Decision:
    return Decision.model_validate(
        {
            "proposal": f"{owner}{target}",
            "kind": "add_link",
            "group": pair_group(owner, target),
            "ends": (End(slug=owner, text=owner), End(slug=target, text=target)),
            "target": target,
            "confidence": confidence,
            "verdict": verdict,
            "when": "2026-11-01T00:00:00Z",
            "where": "terminal",
            **values,
        }
    )


def of_others(
    accepted: int, rejected: int, confidence: float = 0.8, name: str = "x", **values: object
) -> list[Decision]:
    """What was said of patterns that are gone by now."""
    return [
        said("accepted" if i < accepted else "rejected", f"{name}{i}", f"{name}{i}y", confidence, **values)
        for i in range(accepted + rejected)
    ]


def opinion(decisions: Sequence[Decision]) -> Opinion:
    def signals(pairs: Sequence[tuple[int, int]]) -> dict[str, Numbers]:
        return {"phrase": np.array([1.0 if pair == (0, 1) else -1.0 for pair in pairs])}

    return Opinion.of(decisions, PATTERNS, signals, subjects_of(np.eye(8, dtype=np.float32)))


def proposal(kind: Kind, confidence: float, place: int = 1, **evidence: object) -> Proposal:
    return Proposal(
        id=f"{kind}{place}",
        kind=kind,
        pattern="a",
        path="a.md",
        confidence=confidence,
        reason="",
        evidence=evidence,
        group=f"g{place}",
    )


def decided(
    kind: Kind, confidence: float, accepted: int, rejected: int, name: str = "x", **values: object
) -> list[Decision]:
    return of_others(accepted, rejected, confidence, name, kind=kind, **values)


def test_few_decisions_change_no_confidence() -> None:
    before = {(0, 1): 0.8}
    told = opinion(of_others(1, ENOUGH - 2)).told(before)
    assert told == before
    assert worth_asking(told, before, 0.5) == before
    assert opinion([]).parts(before) == {(0, 1): {}}


def test_links_are_believed_as_far_as_reviewers_bore_them_out_before_learning() -> None:
    told = opinion(of_others(0, 60, confidence=0.99, base=0.5)).told({(0, 1): 0.5})
    assert told[0, 1] < 0.2


def test_links_that_follow_a_renamed_pattern_say_nothing_of_new_ones() -> None:
    before = {(0, 1): 0.8, (2, 3): 0.8}
    assert opinion(of_others(0, ENOUGH, 0.9, mends="old")).told(before) == before


def test_a_signal_that_reviewers_go_by_tells_links_apart_that_were_equally_sure() -> None:
    yes, no = {"phrase": 1.0}, {"phrase": -1.0}
    told = [*of_others(60, 5, name="yes", signals=yes), *of_others(5, 60, name="no", signals=no)]
    learned = opinion(told)
    sure = learned.told({(0, 1): 0.8, (2, 3): 0.8})
    assert sure[0, 1] > 0.8
    assert sure[2, 3] < 0.5
    assert learned.parts({(2, 3): 0.8})[2, 3]["phrase"] < -1
    assert worth_asking(sure, {(0, 1): 0.8, (2, 3): 0.8}, 0.5).keys() == {(0, 1)}


def test_each_kind_is_believed_as_far_as_reviewers_bore_it_out() -> None:
    told = [*decided("remove_entity", 0.97, 40, 20), *decided("remove_link", 0.9, 3, 3)]
    given_ = [proposal("remove_entity", 0.97), proposal("remove_link", 0.9), proposal("add_link", 0.8)]
    entity, link, new = believed(given_, told)
    assert 0.55 < entity.confidence < 0.75
    assert entity.evidence["base"] == 0.97
    assert (link, new) == (given_[1], given_[2]), "too few decisions, and what was chosen by them already"


def test_a_confidence_is_learned_from_what_it_was_before_learning() -> None:
    (entity,) = believed([proposal("remove_entity", 0.97)], decided("remove_entity", 0.5, 40, 20, base=0.97))
    assert 0.55 < entity.confidence < 0.75


@pytest.mark.parametrize(("confidence", "asked"), [(0.8, False), (0.99, True)])
def test_what_would_be_turned_down_is_not_asked_but_for_plain_facts(confidence: float, asked: bool) -> None:
    told = decided("remove_entity", confidence, 6, 60)
    assert bool(believed([proposal("remove_entity", confidence)], told)) == asked


def test_the_type_of_an_entity_and_its_signals_count_with_reviewers_and_are_named() -> None:
    people = decided("remove_entity", 0.8, 5, 50, type="person")
    ideas = decided("remove_entity", 0.8, 50, 5, name="idea", type="concept")
    given_ = [
        proposal("remove_entity", 0.8, place).model_copy(update={"type": type_})
        for place, type_ in enumerate(("concept", "person"))
    ]
    (concept,) = believed(given_, [*people, *ideas])
    assert concept.type == "concept"
    assert concept.confidence > 0.8
    assert concept.evidence["reviewers"]["type concept"] > 0


def test_mates_of_what_is_not_asked_are_not_asked_either() -> None:
    mates = [proposal("remove_entity", 0.8, 1), proposal("merge_entity", 0.97, 1), proposal("merge_entity", 0.97, 2)]
    assert [one.group for one in believed(mates, decided("remove_entity", 0.8, 6, 60))] == ["g2"]


def test_subjects_are_what_texts_are_about_beside_the_usual() -> None:
    vectors = np.array([[1, 0, 1], [0, 1, 1], [0, 1, 1]], np.float32)
    rows = subjects_of(vectors)([(0, 1), (1, 2), ()])
    assert rows[:, 2] == pytest.approx(0, abs=1e-6), "what all share says nothing"
    assert rows[1, 1] > abs(rows[0, 1])
    assert rows[2].tolist() == [0, 0, 0], "of patterns that are gone nothing is known"


def test_decisions_lift_no_link_over_the_bar_and_take_away_what_would_be_turned_down() -> None:
    before = {(0, 1): 0.6, (0, 2): 0.4, (0, 3): 0.7, (0, 4): 0.2}
    told = {(0, 1): 0.8, (0, 2): 0.7, (0, 3): 0.3, (0, 4): 0.1}
    assert worth_asking(told, before, 0.5) == {(0, 1): 0.8, (0, 2): 0.4}

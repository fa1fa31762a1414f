"""What nobody sees stays in files, and comes into no reason."""

import pytest

from garden.links.ground import Ground
from garden.links.reasons import both_called, reasons
from garden.links.topics import SURE, Topic
from garden.models import Proposal
from garden.unseen import dropped

TURNED = "\u202eReview\u200b Rota\u2066\x07\ufeff"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (TURNED, "Review Rota"),
        ("a\x00b\x1b[1m\x85", "ab[1m"),
        ("soft\u00adly", "softly"),
        ("one\nline\tand é 😀", "one\nline\tand é 😀"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_nobody_sees_is_dropped_and_joiners_stay(text: str, seen: str) -> None:
    assert dropped(text) == seen


def test_no_reason_of_a_link_holds_what_nobody_sees_of_a_title() -> None:
    topic = Topic("working\u200b days", (1, 2), (True, True), (True, False), True, SURE, 0)
    for said in reasons(Ground(titles=("Response\u202e Time", TURNED), topics=(topic,))):
        assert said == dropped(said)
        assert "Review Rota" in said


def test_titles_that_are_seen_alike_are_told_apart() -> None:
    assert both_called((TURNED, "Review rota"), ("a", "b")) == ("a", "b")


def test_no_reason_of_a_proposal_holds_what_nobody_sees() -> None:
    made = Proposal(
        id="x",
        kind="add_entity",
        pattern="a",
        path="a.md",
        confidence=1.0,
        reason=f"{TURNED} has no entity.",
        evidence={"label": TURNED},
        group="x",
    )
    assert made.reason == "Review Rota has no entity."
    assert made.evidence["label"] == TURNED

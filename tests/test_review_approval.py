"""One answer to a whole plan, a plan that waits for it, and what still fits when the answer comes."""

from pathlib import Path

import pytest

from garden.models import Kind, Link, Pattern, Proposal, Relationship, Section
from garden.plan.identity import pair_group, proposal_id
from garden.records import RUNS
from garden.review import questions
from garden.review.approval import Approval, answers_of, unknown
from garden.review.given import still_fitting
from garden.review.waiting import NothingWaits, Waiting, drop, keep, kept, sweep

TODAY = "2026-11-22"


def pattern(slug: str, links: tuple[str, ...] = (), curated: tuple[str, ...] = ()) -> Pattern:
    section = Section(links=tuple(Link(index=place, target=target) for place, target in enumerate(links)))
    made = tuple(Relationship(kind="requires", target=target) for target in curated)
    return Pattern(
        path=f"{slug}.md",
        slug=slug,
        title=slug,
        section=section,
        relationships=made,
        file_hash=slug,
        text_hash=slug,
    )


def link(owner: str, target: str, confidence: float, kind: Kind = "add_link", **evidence: object) -> Proposal:
    return Proposal(
        id=proposal_id(kind, owner, target),
        kind=kind,
        pattern=owner,
        path=f"{owner}.md",
        target=target,
        confidence=confidence,
        reason="so",
        evidence=evidence,
        group=pair_group(owner, target),
    )


PATTERNS = [pattern("a"), pattern("b"), pattern("c", links=("a",))]
AB, BA = link("a", "b", 0.9), link("b", "a", 0.9)
BC = link("b", "c", 0.6)
GONE = link("c", "a", 0.8, "remove_link", item=0, was="a")
PLAN = (AB, BA, BC, GONE)


def verdicts(given: Approval) -> dict[str, str]:
    asked = questions(PLAN, PATTERNS)
    return {name: one.says for one in answers_of(given, asked, TODAY) for name in one.ids}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Approval("all"), [(AB, "accepted"), (BA, "accepted"), (BC, "accepted"), (GONE, "accepted")]),
        (Approval("above", 0.8), [(AB, "accepted"), (BA, "accepted"), (BC, "snoozed"), (GONE, "accepted")]),
        (
            Approval("above", 0.85, rest="no"),
            [(AB, "accepted"), (BA, "accepted"), (BC, "rejected"), (GONE, "rejected")],
        ),
        (Approval("all", reject=(BA.id,)), [(AB, "rejected"), (BA, "rejected"), (BC, "accepted"), (GONE, "accepted")]),
        (Approval("none", reject=(BC.id,), rest="again"), [(BC, "rejected")]),
        (Approval("none"), [(AB, "snoozed"), (BA, "snoozed"), (BC, "snoozed"), (GONE, "snoozed")]),
    ],
)
def test_one_answer_answers_every_question(given, says):
    assert verdicts(given) == {proposal.id: verdict for proposal, verdict in says}


def test_what_is_put_off_comes_back_after_thirty_days_and_keeps_the_note():
    answers = answers_of(Approval("none", why="in a hurry"), questions(PLAN, PATTERNS), TODAY)
    assert {(one.until, one.why) for one in answers} == {("2026-12-22", "in a hurry")}


def test_ids_that_are_none_of_the_plans_are_named():
    assert unknown(Approval("all", reject=("0" * 12, AB.id)), questions(PLAN, PATTERNS)) == ["0" * 12]


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (PATTERNS, [AB, BA, BC, GONE]),
        ([pattern("a", links=("b",)), *PATTERNS[1:]], [BC, GONE]),
        ([pattern("a", curated=("b",)), *PATTERNS[1:]], [BC, GONE]),
        ([pattern("a", curated=("c",)), *PATTERNS[1:]], [AB, BA, BC, GONE]),
        (PATTERNS[1:], [BC, GONE]),
        (PATTERNS[:2], [AB, BA]),
        ([*PATTERNS[:2], pattern("c", links=("b",))], [AB, BA, BC]),
        ([*PATTERNS[:2], pattern("c")], [AB, BA, BC]),
    ],
    ids=[
        "as it was",
        "linked meanwhile",
        "joined by a person",
        "joined elsewhere",
        "a gone",
        "c gone",
        "other",
        "none",
    ],
)
def test_only_what_still_fits_is_kept_and_the_rest_is_named(now, left):
    given = still_fitting(PLAN, now)
    assert {p.id for p in given.proposals} == {p.id for p in left}
    assert set(given.strange or {}) == {p.id for p in PLAN if p.id not in {q.id for q in left}}


def waiting(until: str = "2026-11-25T00:00:00Z") -> Waiting:
    return Waiting(run="2026-11-22-abc", until=until, proposals=PLAN)


def test_a_plan_waits_until_it_is_dropped_and_hides_from_git(tmp_path: Path):
    keep(tmp_path, "one", waiting())
    assert kept(tmp_path, "one") == waiting()
    assert (tmp_path / RUNS / ".gitignore").read_text() == "*\n"
    drop(tmp_path, "one")
    assert kept(tmp_path, "one") is None


def test_a_damaged_plan_is_told(tmp_path: Path):
    keep(tmp_path, "one", waiting())
    (tmp_path / RUNS / "one.waiting").write_bytes(b"something else")
    with pytest.raises(NothingWaits, match="nothing was written, run again"):
        kept(tmp_path, "one")


def test_plans_for_which_nobody_waits_any_more_are_forgotten(tmp_path: Path):
    keep(tmp_path, "old", waiting("2026-11-23T00:00:00Z"))
    keep(tmp_path, "new", waiting())
    keep(tmp_path, "torn", waiting())
    (tmp_path / RUNS / "torn.waiting").write_bytes(b"")
    assert sweep(tmp_path, "2026-11-24T00:00:00Z") == ["2026-11-22-abc", "torn"]
    assert kept(tmp_path, "new") == waiting()
    assert kept(tmp_path, "old") is None

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden.models import Kind, Pattern, Proposal
from garden.plan.decisions import Decision, Memory, Said, Verdict, decision, with_mates, withheld
from garden.plan.identity import pair_group, proposal_id

TODAY = "2026-11-22"
SLUGS = "abcdef"


def pattern(slug: str, text: str = "", name: str | None = None) -> Pattern:
    return Pattern(path=f"{slug}.md", slug=slug, id=name, title=slug, file_hash="", text_hash=text or f"text of {slug}")


def add(owner: str, target: str, kind: Kind = "add_link", type_: str = "complementary") -> Proposal:
    return Proposal(
        id=proposal_id(kind, owner, target, type_ if kind == "retype_link" else ""),
        kind=kind,
        pattern=owner,
        path=f"{owner}.md",
        target=target,
        type=type_,
        confidence=0.8,
        reason="because",
        group=pair_group(owner, target) if kind.endswith("link") else f"{kind}:{owner}:{target}",
    )


def said(day: int = 1, where: str = "terminal", until: str | None = None) -> Said:
    return Said(who="ann", when=f"2026-11-{day:02}T12:00:00Z", where=where, until=until)


PATTERNS = tuple(pattern(slug) for slug in SLUGS)
BY_SLUG = {one.slug: one for one in PATTERNS}


def decide(proposal: Proposal, verdict: Verdict, about: Said | None = None) -> Decision:
    return decision(proposal, verdict, BY_SLUG, about or said())


@pytest.mark.parametrize(
    ("verdicts", "stays_away"),
    [
        ([], False),
        (["rejected"], True),
        (["accepted"], False),
        (["edited"], False),
        (["closed"], False),
        (["closed", "closed"], True),
        (["rejected", "accepted"], False),
        (["accepted", "rejected"], True),
        (["closed", "accepted", "closed"], False),
        (["rejected", "closed"], True),
    ],
)
def test_what_was_said_last_holds_and_two_closings_are_a_no(verdicts: list[Verdict], stays_away: bool) -> None:
    proposal = add("a", "b")
    told = [decide(proposal, verdict, said(day, f"pull request {day}")) for day, verdict in enumerate(verdicts, 1)]
    assert (withheld([proposal], told, PATTERNS, TODAY) == {proposal.id}) is stays_away


def test_the_same_pull_request_closed_is_counted_once() -> None:
    told = [decide(add("a", "b"), "closed", said(day, "pull request 7")) for day in (1, 2)]
    assert withheld([add("a", "b")], told, PATTERNS, TODAY) == set()


def test_a_no_to_one_end_is_a_no_to_its_mate() -> None:
    told = [decide(add("a", "b"), "rejected")]
    assert withheld([add("b", "a"), add("a", "c")], told, PATTERNS, TODAY) == {add("b", "a").id}


def test_a_no_to_a_link_that_names_its_target_by_an_alias_holds() -> None:
    patterns = tuple(one.model_copy(update={"aliases": ("old b",)}) if one.slug == "b" else one for one in PATTERNS)
    named = add("a", "old-b", "remove_link")
    told = [decision(named, "rejected", {one.slug: one for one in patterns}, said())]
    assert withheld([named], told, patterns, TODAY) == {named.id}


def test_of_two_mates_answered_at_once_the_no_counts() -> None:
    told = [decide(add("a", "b"), "rejected"), decide(add("b", "a"), "accepted")]
    assert withheld([add("b", "a")], told, PATTERNS, TODAY) == {add("b", "a").id}
    assert not Memory.of(told, PATTERNS, TODAY).accepted


@pytest.mark.parametrize("changed", ["a", "b"])
def test_a_no_ends_when_either_text_changes(changed: str) -> None:
    told = [decide(add("a", "b"), "rejected")]
    later = tuple(pattern(slug, "new" if slug == changed else "") for slug in SLUGS)
    assert withheld([add("a", "b")], told, later, TODAY) == set()


@pytest.mark.parametrize(
    ("sketch", "stays_away"),
    [("ff" * 16, True), ("fe" * 8 + "ff" * 8, True), ("fc" * 8 + "ff" * 8, False), ("00" * 16, False), ("", False)],
)
def test_a_no_outlives_a_slip_put_right_but_not_a_new_thought(sketch: str, stays_away: bool) -> None:
    before = {slug: one.model_copy(update={"text_sketch": "ff" * 16}) for slug, one in BY_SLUG.items()}
    told = [decision(add("a", "b"), "rejected", before, said())]
    changed = before["b"].model_copy(update={"text_hash": "another", "text_sketch": sketch})
    later = tuple(changed if slug == "b" else one for slug, one in before.items())
    assert bool(withheld([add("a", "b")], told, later, TODAY)) is stays_away
    assert bool(Memory.of(told, later, TODAY).rejected) is stays_away


def test_a_no_told_without_a_sketch_ends_with_any_change() -> None:
    told = [decide(add("a", "b"), "rejected")]
    later = tuple(
        one.model_copy(update={"text_hash": f"{one.text_hash}.", "text_sketch": "ff" * 16}) for one in PATTERNS
    )
    assert withheld([add("a", "b")], told, later, TODAY) == set()


def test_a_no_outlives_a_new_slug() -> None:
    told = [decide(add("a", "b"), "rejected")]
    later = tuple(sorted([pattern("z", "text of b"), *(p for p in PATTERNS if p.slug != "b")], key=lambda p: p.slug))
    assert withheld([add("a", "z")], told, later, TODAY) == {add("a", "z").id}


def test_a_no_to_the_removal_of_a_link_outlives_a_new_name_of_its_target() -> None:
    told = decide(add("a", "b", "remove_link"), "rejected")
    patterns = (*(one for one in PATTERNS if one.slug != "b"), pattern("new", "text of b"))
    asked = add("a", "new", "remove_link").model_copy(update={"target": "b"})
    assert withheld([asked], [told], patterns, TODAY) == {asked.id}
    follows = asked.model_copy(update={"evidence": {"cause": "renamed"}})
    assert withheld([follows], [told], patterns, TODAY) == set()


def test_a_no_follows_the_id_when_two_texts_are_alike() -> None:
    before = {"a": pattern("a", name="A"), "b": pattern("b", "same", "B"), "c": pattern("c", "same", "C")}
    told = [decision(add("a", "c"), "rejected", before, said())]
    assert withheld([add("a", "b"), add("a", "c")], told, tuple(before.values()), TODAY) == {add("a", "c").id}


def test_a_no_to_a_pattern_that_is_gone_holds_for_nothing_else() -> None:
    told = [decide(add("a", "b"), "rejected")]
    assert withheld([add("a", "c")], told, tuple(p for p in PATTERNS if p.slug != "b"), TODAY) == set()


@pytest.mark.parametrize(("until", "stays_away"), [("2026-11-23", True), ("2026-11-22", False), ("2026-01-01", False)])
def test_a_snoozed_proposal_sleeps_until_its_day(until: str, stays_away: bool) -> None:
    told = [decide(add("a", "b"), "snoozed", said(until=until))]
    assert bool(withheld([add("a", "b")], told, PATTERNS, TODAY)) is stays_away
    assert not Memory.of(told, PATTERNS, TODAY).rejected


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("remove_entity", add("a", "x", "remove_entity")),
        ("add_entity", add("a", "x", "add_entity")),
        ("remove_link", add("b", "a", "remove_link")),
    ],
)
def test_a_no_is_to_one_kind_of_change(kind: Kind, other: Proposal) -> None:
    target = "b" if kind == "remove_link" else "x"
    told = [decide(add("a", target, kind), "rejected")]
    assert withheld([other], told, PATTERNS, TODAY) == {other.id}
    assert withheld([add("a", "b")], told, PATTERNS, TODAY) == set()


def test_another_type_is_another_question() -> None:
    told = [decide(add("a", "b", "retype_link", "requires"), "rejected")]
    asked = [add("a", "b", "retype_link", "requires")]
    assert withheld(asked, told, PATTERNS, TODAY) == {asked[0].id}
    assert withheld([add("a", "b", "retype_link", "tools")], told, PATTERNS, TODAY) == set()


def test_a_dead_target_that_may_stay_stays() -> None:
    proposal = add("a", "nowhere", "remove_link")
    assert withheld([proposal], [decide(proposal, "rejected")], PATTERNS, TODAY) == {proposal.id}


@pytest.mark.parametrize(
    ("told", "accepted", "rejected"),
    [
        ([("add_link", "accepted")], True, False),
        ([("add_link", "edited")], True, False),
        ([("add_link", "rejected")], False, True),
        ([("remove_link", "rejected")], True, False),
        ([("remove_link", "accepted")], False, False),
        ([("add_link", "accepted"), ("remove_link", "accepted")], False, False),
        ([("add_link", "accepted"), ("add_link", "rejected")], False, True),
        ([("add_link", "rejected"), ("add_link", "accepted")], True, False),
    ],
)
def test_what_was_said_settles_the_pair(told: list[tuple[Kind, Verdict]], accepted: bool, rejected: bool) -> None:
    decisions = [decide(add("b", "a", kind), verdict, said(day)) for day, (kind, verdict) in enumerate(told, 1)]
    memory = Memory.of(decisions, PATTERNS, TODAY)
    assert memory.accepted == ({(0, 1): True} if accepted else {})
    assert memory.rejected == ({(0, 1)} if rejected else set())


def test_a_yes_is_remembered_when_a_text_changes_but_due_for_another_look() -> None:
    later = tuple(pattern(slug, "new" if slug == "a" else "") for slug in SLUGS)
    memory = Memory.of([decide(add("b", "a"), "accepted")], later, TODAY)
    assert memory.accepted == {(0, 1): False}


slugs = st.sampled_from(SLUGS)
links = st.tuples(slugs, slugs).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: add(*pair))
told_links = st.lists(
    st.builds(
        lambda proposal, verdict, day: decide(proposal, verdict, said(day, f"place {day}")),
        links,
        st.sampled_from(["accepted", "edited", "rejected", "closed"]),
        st.integers(1, 28),
    ),
    max_size=12,
    unique_by=lambda d: d.when,
)


@given(told_links, st.permutations(range(12)))
def test_the_order_of_lines_does_not_count(told: Sequence[Decision], order: Sequence[int]) -> None:
    shuffled = [told[place] for place in order if place < len(told)]
    assert Memory.of(shuffled, PATTERNS, TODAY) == Memory.of(told, PATTERNS, TODAY)


@given(told_links, links)
def test_a_new_no_is_always_heard_and_a_new_yes_lifts_it(told: Sequence[Decision], proposal: Proposal) -> None:
    no = decide(proposal, "rejected", said(29))
    yes = decide(proposal, "accepted", said(30))
    assert proposal.id in withheld([proposal], [*told, no], PATTERNS, TODAY)
    assert proposal.id not in withheld([proposal], [*told, no, yes], PATTERNS, TODAY)


@given(told_links)
def test_no_pair_is_both_accepted_and_rejected(told: Sequence[Decision]) -> None:
    memory = Memory.of([d for d in told if d.verdict != "closed"], PATTERNS, TODAY)
    assert not set(memory.accepted) & memory.rejected


@given(st.lists(links, max_size=8), st.data())
def test_mates_are_taken_along_whole(proposals: list[Proposal], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from([p.id for p in proposals]))) if proposals else set()
    ids = with_mates(chosen, proposals)
    groups = {p.group for p in proposals if p.id in ids}
    assert ids == {p.id for p in proposals if p.group in groups}


@pytest.mark.parametrize(
    ("told", "resting"),
    [
        ([("a", "b", "rejected")], set()),
        ([("a", "b", "rejected"), ("b", "a", "rejected")], set()),
        ([("a", "b", "rejected"), ("c", "a", "rejected")], {0}),
        ([("a", "b", "rejected"), ("a", "c", "rejected"), ("a", "d", "accepted")], {0}),
        ([("a", "b", "rejected"), ("a", "c", "rejected"), ("a", "d", "accepted"), ("a", "e", "accepted")], set()),
        ([("a", "b", "rejected"), ("a", "c", "snoozed"), ("a", "d", "closed")], set()),
    ],
)
def test_a_pattern_whose_links_are_turned_down_is_left_in_peace(
    told: list[tuple[str, str, Verdict]], resting: set[int]
) -> None:
    decisions = [decide(add(owner, target), verdict) for owner, target, verdict in told]
    assert Memory.of(decisions, PATTERNS, TODAY).resting == resting


def test_a_new_text_ends_the_peace() -> None:
    decisions = [decide(add("a", target), "rejected") for target in "bc"]
    later = tuple(pattern(slug, "new" if slug == "a" else "") for slug in SLUGS)
    assert not Memory.of(decisions, later, TODAY).resting

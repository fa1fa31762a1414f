from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden.config import PublishSettings
from garden.models import Community, Kind, Link, Pattern, Proposal, Section
from garden.plan.batches import Batches, cut
from garden.plan.identity import pair_group, proposal_id
from garden.publish.message import title

CAPS = PublishSettings()
SLUGS = [f"p{number:02}" for number in range(30)]


def pattern(slug: str, community: str = "", links: tuple[str, ...] = ()) -> Pattern:
    section = Section(
        communities=(Community(index=0, id=community, label=community.title(), confidence=0.8),) if community else (),
        links=tuple(Link(index=place, target=target) for place, target in enumerate(links)),
    )
    return Pattern(path=f"{slug}.md", slug=slug, title=slug, section=section, file_hash="", text_hash="")


def propose(kind: Kind, owner: str, target: str, confidence: float = 0.8, group: str = "") -> Proposal:
    return Proposal(
        id=proposal_id(kind, owner, target),
        kind=kind,
        pattern=owner,
        path=f"{owner}.md",
        target=target,
        confidence=confidence,
        reason="because",
        group=group or (pair_group(owner, target) if kind.endswith("link") else f"{owner}:{target}"),
    )


def pair(left: str, right: str, confidence: float = 0.8) -> list[Proposal]:
    return [propose("add_link", left, right, confidence), propose("add_link", right, left, confidence)]


def patterns(**communities: str) -> list[Pattern]:
    return [pattern(slug, communities.get(slug, "")) for slug in SLUGS]


def topics(batches: Batches) -> list[str]:
    return [batch.topic for batch in batches.now]


def test_a_topic_is_a_kind_of_change_in_a_community() -> None:
    proposals = [*pair("p00", "p01"), propose("remove_entity", "p02", "x", 0.95)]
    batches = cut(proposals, patterns(p00="care", p01="care", p02="trust"), CAPS)
    assert [(b.topic, b.step, b.about) for b in batches.now] == [
        ("tidy-trust", "tidy", "Trust"),
        ("links-care", "links", "Care"),
    ]


def test_sure_clean_ups_come_before_new_links_and_unsure_ones_after() -> None:
    proposals = [
        propose("remove_link", "p00", "p01", 0.6),
        *pair("p02", "p03", 0.99),
        propose("remove_link", "p04", "p05", 1.0),
    ]
    assert topics(cut(proposals, patterns(), CAPS)) == ["tidy-other", "links-other", "prune-other"]


def test_a_rename_is_a_clean_up_although_it_adds_a_link() -> None:
    group = "link:p00:p01"
    proposals = [propose("remove_link", "p00", "old", 1.0, group), propose("add_link", "p00", "p01", 0.95, group)]
    assert topics(cut(proposals, patterns(), CAPS)) == ["tidy-other"]


def test_under_linked_patterns_come_first() -> None:
    library = [pattern("a", links=("b", "c", "d")), *(pattern(slug) for slug in "bcdef")]
    proposals = [*pair("b", "c", 0.9), *pair("e", "f", 0.6)]
    batch = cut(proposals, library, CAPS).now[0]
    assert [p.pattern for p in batch.proposals] == ["e", "f", "b", "c"]


@pytest.mark.parametrize(
    ("caps", "shown"),
    [
        ({"proposals": 4}, 4),
        ({"proposals": 5}, 4),
        ({"files": 6}, 6),
        ({"files": 7}, 6),
        ({"proposals": 1}, 2),
    ],
)
def test_caps_hold_but_never_part_a_group(caps: dict[str, int], shown: int) -> None:
    proposals = [one for place in range(0, 20, 2) for one in pair(SLUGS[place], SLUGS[place + 1])]
    batches = cut(proposals, patterns(), CAPS.model_copy(update=caps))
    assert sum(len(b.proposals) for b in batches.now) == shown
    assert len(batches.waiting) == 20 - shown


def test_only_so_many_topics_are_open_at_once() -> None:
    proposals = [propose("remove_entity", slug, "x", 1.0) for slug in SLUGS[:6]]
    library = patterns(p00="a", p01="b", p02="c", p03="d", p04="e", p05="f")
    batches = cut(proposals, library, CAPS.model_copy(update={"proposals": 1}))
    assert topics(batches) == ["tidy-a", "tidy-b", "tidy-c"]
    assert [p.pattern for p in batches.waiting] == ["p03", "p04", "p05"]


@pytest.mark.parametrize(
    ("caps", "abouts", "waiting"),
    [
        ({}, ["A and 5 other topics"], 0),
        ({"files": 2}, ["A and B", "C and E", "D and F"], 0),
        ({"files": 2, "open": 2}, ["A and B", "C and D"], 2),
        ({"open": 6}, ["A", "B", "C", "D", "E", "F"], 0),
    ],
)
def test_small_topics_share_a_batch_where_not_all_could_be_open(
    caps: dict[str, int], abouts: list[str], waiting: int
) -> None:
    proposals = [propose("remove_entity", slug, "x", 1.0) for slug in SLUGS[:6]]
    library = patterns(p00="a", p01="b", p02="c", p03="d", p04="e", p05="f")
    batches = cut(proposals, library, CAPS.model_copy(update=caps))
    assert [batch.about for batch in batches.now] == abouts
    assert len(batches.waiting) == waiting


def test_only_topics_of_the_same_kind_fill_the_room() -> None:
    proposals = [propose("remove_entity", "p00", "x", 1.0), *pair("p02", "p03")]
    batches = cut(proposals, patterns(p00="a", p02="b", p03="b"), CAPS.model_copy(update={"open": 1}))
    assert [p.pattern for p in batches.now[0].proposals] == ["p00"]


def test_what_is_under_review_is_not_filled_up_with_other_topics() -> None:
    proposals = [propose("remove_entity", slug, "x", 1.0) for slug in SLUGS[:3]]
    library = patterns(p00="a", p01="b", p02="c")
    caps = CAPS.model_copy(update={"open": 2})
    batches = cut(proposals, library, caps, {"tidy-a": [proposals[0].id]})
    assert [[p.pattern for p in batch.proposals] for batch in batches.now] == [["p00"], ["p01", "p02"]]


def test_what_filled_the_room_stays_where_reviewers_have_it() -> None:
    # The least sure one stands first, so that no other order would do.
    surely = zip(SLUGS, (0.92, 0.97, 0.95, 1.0), strict=False)
    proposals = [propose("remove_entity", slug, "x", sure) for slug, sure in surely]
    library = patterns(p00="a", p01="b", p02="c", p03="a")
    caps = CAPS.model_copy(update={"open": 2})
    first = cut(proposals, library, caps)
    reviewed = {batch.topic: [p.id for p in batch.proposals] for batch in first.now}
    assert cut(proposals, library, caps, reviewed) == first


def test_a_pattern_gets_few_new_links_at_a_time() -> None:
    proposals = [one for place in range(1, 9) for one in pair("p00", SLUGS[place], 1 - place / 20)]
    batch = cut(proposals, patterns(), CAPS).now[0]
    assert [p.target for p in batch.proposals if p.pattern == "p00"] == ["p01", "p02", "p03"]


def test_no_file_is_in_two_batches() -> None:
    proposals = [propose("remove_entity", "p00", "x", 1.0), *pair("p00", "p01"), *pair("p02", "p03")]
    batches = cut(proposals, patterns(), CAPS)
    assert [sorted(p.pattern for p in b.proposals) for b in batches.now] == [["p00"], ["p02", "p03"]]


def test_what_is_under_review_stays_in_its_topic_and_comes_first() -> None:
    proposals = [propose("remove_entity", "p05", "x", 1.0), *pair("p00", "p01", 0.5), *pair("p02", "p03", 0.9)]
    ids = [proposal.id for proposal in pair("p00", "p01")]
    caps = CAPS.model_copy(update={"open": 1})
    batches = cut(proposals, patterns(p00="new-name"), caps, {"links-old-name": ids})
    assert topics(batches) == ["links-old-name"]
    assert sorted(p.id for p in batches.now[0].proposals) == sorted(ids)


def test_a_topic_under_review_takes_more_where_there_is_room() -> None:
    ids = [proposal.id for proposal in pair("p00", "p01")]
    batches = cut([*pair("p00", "p01", 0.5), *pair("p02", "p03", 0.9)], patterns(), CAPS, {"links-other": ids})
    assert [p.pattern for p in batches.now[0].proposals] == ["p00", "p01", "p02", "p03"]


def test_expected_is_the_sum_of_confidence() -> None:
    assert cut(pair("p00", "p01", 0.75), patterns(), CAPS).now[0].expected == pytest.approx(1.5)


plans = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(SLUGS), st.sampled_from(SLUGS), st.floats(0, 1)).map(lambda t: pair(*t)),
        st.tuples(st.sampled_from(SLUGS), st.sampled_from(["x", "y"]), st.floats(0, 1)).map(
            lambda t: [propose("remove_entity", *t)]
        ),
    ),
    max_size=40,
    unique_by=lambda unit: unit[0].group,
).map(lambda units: [one for unit in units for one in unit if one.pattern != one.target])
communities = st.dictionaries(st.sampled_from(SLUGS), st.sampled_from(["a", "b", "c", "d"]))


@settings(max_examples=60)
@given(plans, communities, st.randoms(use_true_random=False))
def test_batches_are_a_partition_within_the_caps(plan: list[Proposal], where: dict[str, str], chance: object) -> None:
    caps = CAPS.model_copy(update={"files": 6, "proposals": 8})
    batches = cut(plan, patterns(**where), caps)
    shown = [p for batch in batches.now for p in batch.proposals]
    assert Counter(p.id for p in (*shown, *batches.waiting)) == Counter(p.id for p in plan)
    assert bool(shown) is bool(plan)
    assert len(batches.now) <= caps.open
    for batch in batches.now:
        assert len({p.path for p in batch.proposals}) <= caps.files
        assert len(batch.proposals) <= caps.proposals
        assert max(Counter(p.pattern for p in batch.proposals if p.kind == "add_link").values(), default=0) <= 3
    groups = [{p.group for p in batch.proposals} for batch in batches.now]
    assert all(p.group not in group for p in batches.waiting for group in groups)
    chance.shuffle(plan)  # type: ignore[attr-defined]
    assert cut(plan, patterns(**where), caps) == batches


def full_plan(chance: np.random.Generator) -> list[Proposal]:
    """Many proposals in few files: the batches press on each other, as small drawn examples hardly ever do."""
    units: dict[str, list[Proposal]] = {}
    for _ in range(int(chance.integers(5, 80))):
        left, right = (SLUGS[place] for place in chance.permutation(len(SLUGS))[:2])
        unit = pair(left, right, float(chance.choice([0.5, 0.7, 0.9, 0.95])))
        if chance.random() < 0.4:
            unit = [propose("remove_entity", left, "xyz"[chance.integers(3)], float(chance.choice([0.5, 0.95])))]
        units[unit[0].group] = unit
    return [one for unit in units.values() for one in unit]


@pytest.mark.parametrize("room", [1, 3, 4])
@pytest.mark.parametrize(("files", "proposals"), [(4, 5), (8, 20), (15, 10)])
def test_what_reviewers_have_before_them_is_the_same_in_the_next_run(room: int, files: int, proposals: int) -> None:
    caps = CAPS.model_copy(update={"open": room, "files": files, "proposals": proposals})
    for seed in range(60):
        chance = np.random.default_rng(seed)
        plan = full_plan(chance)
        library = patterns(**{slug: "abcd"[chance.integers(4)] for slug in SLUGS if chance.random() < 0.8})
        first = cut(plan, library, caps)
        reviewed = {batch.topic: [p.id for p in batch.proposals] for batch in first.now}
        again = cut(plan, library, caps, reviewed)
        assert {batch.topic: [p.id for p in batch.proposals] for batch in again.now} == reviewed, seed
        assert {title(batch) for batch in again.now} == {title(batch) for batch in first.now}, seed


@settings(max_examples=30)
@given(plans)
def test_merging_what_is_shown_brings_the_rest_in_the_same_order(plan: list[Proposal]) -> None:
    caps = CAPS.model_copy(update={"files": 6, "proposals": 8, "open": 1})
    left, seen = plan, []
    while left:
        batches = cut(left, patterns(), caps)
        seen += [p.id for batch in batches.now for p in batch.proposals]
        left = list(batches.waiting)
    assert Counter(seen) == Counter(p.id for p in plan)

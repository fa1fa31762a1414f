import subprocess
import sys
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from garden import prose
from garden.communities import Communities, Edges, Web, communities_of, community_key, find_communities, web_of
from garden.communities.groups import Groups
from garden.communities.settle import strange
from garden.config import CommunitySettings, SectionSettings, Settings
from garden.links import Shelf, rank
from garden.models import Community, Pattern, Proposal, Section
from garden.names import slugify
from garden.plan.communities import community_proposals
from garden.plan.sections import applied, wanted_section
from garden.prose import Prose

SUBJECTS = {
    "bread": "sourdough flour oven crust dough yeast loaf knead bake",
    "boats": "sail mast rudder harbour keel tide anchor rigging hull",
    "bees": "hive queen nectar swarm pollen honeycomb drone apiary wax",
}
DEFAULTS = CommunitySettings()


def pattern(slug: str, *communities: Community | str, title: str = "") -> Pattern:
    items = [
        Community(index=0, id=slugify(one), label=one, plain=True) if isinstance(one, str) else one
        for one in communities
    ]
    numbered = tuple(item.model_copy(update={"index": place}) for place, item in enumerate(items))
    return Pattern(
        path=f"{slug}.md",
        slug=slug,
        title=title or slug,
        section=Section(communities=numbered),
        file_hash="f",
        text_hash="t",
    )


def community(id_: str, source: str = "inferred", label: str = "") -> Community:
    return Community(index=0, id=id_, label=label or id_.replace("-", " ").title(), source=source, confidence=0.8)


def text(words: str, title: str = "") -> Prose:
    return prose.read(title, (), "", "", words)


def library(size: int = 6, standing: Mapping[str, Sequence[Community | str]] | None = None) -> tuple[Pattern, ...]:
    """``size`` patterns on each subject, in slug order."""
    slugs = [f"{subject}-{number:02}" for subject in sorted(SUBJECTS) for number in range(size)]
    return tuple(pattern(slug, *(standing or {}).get(slug, ()), title=subject_of(slug).title()) for slug in slugs)


def subject_of(slug: str) -> str:
    return slug.split("-", maxsplit=1)[0]


def texts(patterns: Sequence[Pattern], said: Mapping[str, str] | None = None) -> list[Prose]:
    return [text((said or {}).get(p.slug, SUBJECTS[subject_of(p.slug)]), p.title) for p in patterns]


def web_by_subject(patterns: Sequence[Pattern]) -> Web:
    pairs = [
        (a, b)
        for a, one in enumerate(patterns)
        for b, other in enumerate(patterns[:a])
        if subject_of(one.slug) == subject_of(other.slug)
    ]
    return web(len(patterns), dict.fromkeys(pairs, 0.5))


def web(size: int, weights: Mapping[tuple[int, int], float]) -> Web:
    pairs = sorted(weights)
    edges = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return web_of(size, Edges(edges[:, 0], edges[:, 1], np.array([weights[pair] for pair in pairs], dtype=np.float32)))


def tended(patterns: Sequence[Pattern], proposals: Sequence[Proposal]) -> tuple[Pattern, ...]:
    by_slug = {proposal.pattern: proposal for proposal in proposals}
    return tuple(
        p.model_copy(update={"section": applied(p.section, wanted_section(p.section, [by_slug[p.slug]], "2026-01-01"))})
        if p.slug in by_slug
        else p
        for p in patterns
    )


def proposals_for(patterns: Sequence[Pattern], found: Communities) -> list[Proposal]:
    return list(community_proposals(patterns, found, range(len(patterns))))


def run(patterns: Sequence[Pattern], said: Mapping[str, str] | None = None) -> tuple[Pattern, ...]:
    found = find_communities(patterns, texts(patterns, said), web_by_subject(patterns), DEFAULTS)
    return tended(patterns, proposals_for(patterns, found))


def items(one: Pattern) -> tuple[Community, ...]:
    return one.section.communities if one.section else ()


def ids(one: Pattern) -> list[str]:
    return [item.id for item in items(one)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("learning-development", "learning-and-development", True),
        ("embodied-practice", "embodied-practices", True),
        ("organisational-design", "organizational-design", True),
        ("Systems Thinking", "systems-thinking", True),
        ("systems-design", "design-systems", False),
        ("active-listening", "active-listening-depth", False),
        ("the-and", "of-the", False),
        ("group", "group-2", False),
    ],
)
def test_ids_are_one_community_when_their_words_mean_the_same_in_the_same_order(one, other, same):
    assert (community_key(one) == community_key(other)) is same


def test_a_library_without_communities_gets_one_for_each_subject_named_by_its_words():
    patterns = run(library())
    by_subject: dict[str, set[str]] = {}
    for one in patterns:
        assert len(ids(one)) == 1
        by_subject.setdefault(subject_of(one.slug), set()).add(ids(one)[0])
    assert by_subject == {"bread": {"bread"}, "boats": {"boats"}, "bees": {"bees"}}
    item = items(patterns[0])[0]
    assert (item.label, item.source) == ("Bees", "inferred")
    assert 0.5 < (item.confidence or 0) <= 1


def test_a_new_group_takes_a_name_that_its_patterns_already_use():
    standing = {"bread-00": [community("oven-crust")]}
    patterns = run([one.model_copy(update={"title": "A Note"}) for one in library(standing=standing)])
    assert {tuple(ids(one)) for one in patterns if subject_of(one.slug) == "bread"} == {("oven-crust",)}


def test_a_pattern_without_a_community_joins_that_of_its_neighbours():
    standing = {slug: [community("baking")] for slug in ("bread-00", "bread-01", "bread-02", "bread-03", "bread-04")}
    patterns = run(library(standing=standing))
    assert ids(patterns[-1]) == ["baking"]


def test_what_people_said_is_evidence_and_is_never_changed():
    standing = {
        "bread-00": [community("loaf-lore", "taxonomy"), community("loaves-lore")],
        "bread-01": [community("odd-one-out", "curated")],
    } | {f"bread-0{n}": [community("loaf-lore", "taxonomy")] for n in (2, 3)}
    before = library(standing=standing)
    after = run(before)
    for one, other in zip(before, after, strict=True):
        people = [item for item in items(one) if item.source in ("taxonomy", "curated")]
        assert [item.model_copy(update={"index": 0}) for item in items(other) if item.source != "inferred"] == [
            item.model_copy(update={"index": 0}) for item in people
        ]
    assert ids(after[12]) == ["loaf-lore"]
    assert ids(after[16]) == ["loaf-lore"]


def test_a_community_of_one_goes_and_the_reason_says_so():
    patterns = library(
        standing={"boats-00": [community("solitude"), community("boats")], "boats-01": [community("boats")]}
    )
    found = find_communities(patterns, texts(patterns), web_by_subject(patterns), DEFAULTS)
    (proposal,) = [p for p in proposals_for(patterns, found) if p.pattern == "boats-00"]
    assert proposal.reason == "No other pattern is in Solitude."
    assert [(entry["item"], entry["cause"]) for entry in proposal.evidence["out"]] == [(0, "alone")]
    assert ids(tended(patterns, [proposal])[6]) == ["boats"]


def test_a_community_that_neither_neighbours_nor_text_bear_goes():
    standing = {f"bees-0{n}": [community("apiculture")] for n in range(6)} | {"boats-00": [community("apiculture")]}
    patterns = run(library(standing=standing))
    assert "apiculture" not in ids(next(p for p in patterns if p.slug == "boats-00"))
    assert ids(patterns[0]) == ["apiculture"]


def test_a_label_that_neighbourhoods_do_not_bear_out_for_most_members_is_left_to_all_of_them():
    spread = {slug: [community("favourites")] for slug in ("bread-00", "boats-00", "bees-00")}
    after = run(library(standing=spread))
    assert [slug for slug in spread if "favourites" in ids(next(p for p in after if p.slug == slug))] == list(spread)


def test_a_community_that_the_text_names_stays_though_no_neighbour_is_in_it():
    standing = {f"bees-0{n}": [community("apiculture")] for n in range(6)} | {"boats-00": [community("apiculture")]}
    patterns = run(library(standing=standing), {"boats-00": f"apiculture afloat {SUBJECTS['boats']}"})
    assert "apiculture" in ids(next(p for p in patterns if p.slug == "boats-00"))


def test_spellings_of_one_id_become_the_one_that_people_use_or_else_the_most_used():
    standing = {f"bees-0{n}": [community("bee-keeping")] for n in range(4)}
    standing |= {"bees-04": [community("bees-keeping")], "bees-05": [community("bees-keeping", "taxonomy")]}
    patterns = run(library(standing=standing))
    assert [ids(one) for one in patterns[:6]] == [["bees-keeping"]] * 6
    standing["bees-05"] = [community("bee-keeping")]
    assert [ids(one) for one in run(library(standing=standing))[:6]] == [["bee-keeping"]] * 6


def test_a_library_of_bare_strings_gets_bare_strings():
    standing = {f"bees-0{n}": ["Bee Keeping"] for n in range(5)}
    patterns = run(library(standing=standing))
    assert [(item.label, item.plain) for item in items(patterns[5])] == [("Bee Keeping", True)]


def test_a_file_that_takes_no_community_gets_none_and_is_in_no_new_group():
    patterns = library()
    found = find_communities(patterns, texts(patterns), web_by_subject(patterns), DEFAULTS, closed=[0])
    assert found.wanted[0] == {}
    assert found.topics[0] is None
    assert found.sizes["bee"] == 5


def test_a_group_applied_in_part_is_completed_under_its_own_name():
    patterns = library(size=12)
    found = find_communities(patterns, texts(patterns), web_by_subject(patterns), DEFAULTS)
    part = [p for p in proposals_for(patterns, found) if p.pattern in ("bees-00", "bees-01")]
    completed = run(tended(patterns, part))
    assert {tuple(ids(one)) for one in completed if subject_of(one.slug) == "bees"} == {("bees",)}


def test_topics_part_the_library_by_the_community_in_which_each_is_most_at_home():
    patterns = library(standing={f"bees-0{n}": [community("apiculture"), community("everything")] for n in range(6)})
    found = find_communities(patterns, texts(patterns), web_by_subject(patterns), DEFAULTS)
    assert set(found.topics[6:12]) != set(found.topics[:6])
    assert None not in found.topics


def test_an_empty_library_has_no_communities():
    found = find_communities((), (), web(0, {}), DEFAULTS)
    assert (found.wanted, found.topics, found.found) == ((), (), ())


@st.composite
def wild(draw: st.DrawFn) -> tuple[tuple[Pattern, ...], list[Prose], Web]:
    """Any small library: random edges and texts, communities of all sources, in both styles, repeated and misspelt."""
    size = draw(st.integers(2, 14))
    names = ["bee-keeping", "bees-keeping", "loaves", "loaf", "tides", "and-the", "Salt Water"]
    item = st.one_of(
        st.builds(community, st.sampled_from(names), st.sampled_from(["inferred", "taxonomy", "curated"])),
        st.sampled_from(names),
    )
    words = st.lists(st.sampled_from([*names, *" ".join(SUBJECTS.values()).split()]), max_size=12)
    patterns = tuple(pattern(f"p{n:02}", *draw(st.lists(item, max_size=4))) for n in range(size))
    proses = [text(" ".join(draw(words))) for _ in range(size)]
    pair = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda ends: ends[0] < ends[1])
    weights = draw(st.dictionaries(pair, st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]), max_size=40))
    return patterns, proses, web(size, weights)


@given(wild())
@settings(max_examples=60, deadline=None)
def test_once_applied_nothing_more_is_proposed_and_people_are_left_alone(library):
    patterns, proses, edges = library
    loose = DEFAULTS.model_copy(update={"smallest": 2})
    first = proposals_for(patterns, find_communities(patterns, proses, edges, loose))
    after = tended(patterns, first)
    assert proposals_for(after, find_communities(after, proses, edges, loose)) == []
    for one, other in zip(patterns, after, strict=True):
        said = [(item.id, item.label, item.source) for item in items(one) if item.source in ("taxonomy", "curated")]
        assert [
            (item.id, item.label, item.source) for item in items(other) if item.source in ("taxonomy", "curated")
        ] == said


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda ends: ends[0] < ends[1]),
        st.sampled_from([0.1, 0.25, 0.5, 0.9]),
        min_size=1,
        max_size=25,
    ),
    st.sets(st.integers(1, 7), min_size=1),
    st.data(),
)
@settings(max_examples=200, deadline=None)
def test_a_new_edge_to_a_member_never_makes_a_pattern_a_stranger(weights, others, data):
    member = data.draw(st.sampled_from(sorted(others)))
    more = {**weights, (0, member): weights.get((0, member), 0.0) + data.draw(st.sampled_from([0.05, 0.1, 0.5]))}
    moving = [["group"] if place in others or place == 0 else [] for place in range(8)]

    def is_strange(edges: dict[tuple[int, int], float]) -> bool:
        return strange(Groups(web(8, edges), [[]] * 8, moving), 0, "group", DEFAULTS)

    assert is_strange(weights) or not is_strange(more)


def test_the_order_of_edges_does_not_matter():
    patterns = library()
    rng = np.random.default_rng(3)
    pairs = [(a, b) for a in range(18) for b in range(a + 1, 18)]
    left, right = np.array(pairs).T
    weight = rng.random(len(pairs)).astype(np.float32)
    shuffled = rng.permutation(len(pairs))
    one = web_of(18, Edges(left, right, weight), most=5)
    assert one == web_of(18, Edges(right[shuffled], left[shuffled], weight[shuffled]), most=5)
    assert max(map(len, one.near)) < 17
    assert find_communities(patterns, texts(patterns), one, DEFAULTS).topics


def test_curated_pairs_count_fully_and_nobody_is_near_itself():
    edges = Edges(np.array([0, 1]), np.array([1, 1]), np.array([0.2, 0.9]))
    assert web_of(3, edges, [(2, 1), (0, 0)]).near == (((1, 2000),), ((0, 2000), (2, 10000)), ((1, 10000),))


@pytest.fixture
def ranked(fake_encoder):
    patterns = tuple(
        one.model_copy(update={"section": None} if one.slug.endswith("00") else {}) for one in library(size=8)
    )
    proses = texts(patterns)
    vectors = fake_encoder.encode([prose.passage for prose in proses])
    ranking = rank(Shelf.of(patterns, proses), vectors, [(0, 1)], Settings().links)
    return patterns, proses, Edges(ranking.left, ranking.right, ranking.confidence)


def test_a_ranking_is_enough_to_find_the_subjects_of_a_library(ranked):
    patterns, proses, edges = ranked
    found = communities_of(patterns, proses, edges, [(0, 1)], Settings())
    assert found is not None
    by_subject: dict[str, set[str | None]] = {}
    for one, topic in zip(patterns, found.topics, strict=True):
        by_subject.setdefault(subject_of(one.slug), set()).add(topic)
    assert sorted(map(len, by_subject.values())) == [1, 1, 1]
    assert len({topic for topics in by_subject.values() for topic in topics}) == 3


def test_settings_leave_communities_alone_or_files_without_a_section(ranked):
    patterns, proses, edges = ranked
    assert communities_of(patterns, proses, edges, (), Settings(communities=CommunitySettings(tend=False))) is None
    skipping = Settings(section=SectionSettings(missing="skip"))
    found = communities_of(patterns, proses, edges, (), skipping)
    assert found is not None
    assert [place for place, wanted in enumerate(found.wanted) if not wanted] == [0, 8, 16]


PROGRAM = """
import tests.test_communities as t
patterns = t.library(size=9)
found = t.find_communities(patterns, t.texts(patterns), t.web_by_subject(patterns), t.DEFAULTS)
print([p.model_dump_json() for p in t.proposals_for(patterns, found)])
"""


def test_the_same_library_gives_the_same_bytes_whatever_the_hash_seed(pytestconfig):
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=pytestconfig.rootpath,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(pytestconfig.rootpath)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert b"bees" in outputs.pop()


def test_a_change_of_one_text_in_a_hundred_leaves_the_others_where_they_are():
    rng = np.random.default_rng(5)
    size, subjects = 400, 10
    places = rng.integers(0, subjects, size)
    patterns = tuple(pattern(f"p{n:03}") for n in range(size))
    proses = [text(f"subject{subject} topic{subject} word{n % 40}") for n, subject in enumerate(places.tolist())]

    def edges(places: NDArray[np.int64]) -> Web:
        pairs: dict[tuple[int, int], float] = {}
        for a in range(size):
            noise = np.random.default_rng(a)
            same = [b for b in np.flatnonzero(places == places[a]).tolist() if b != a]
            for b in noise.choice(same, 8, replace=False).tolist() + noise.integers(0, size, 4).tolist():
                if a != b:
                    pairs[min(a, b), max(a, b)] = float(noise.uniform(0.1, 0.6))
        return web(size, pairs)

    first = find_communities(patterns, proses, edges(places), DEFAULTS)
    stands = tended(patterns, proposals_for(patterns, first))
    moved = places.copy()
    moved[rng.choice(size, size // 100, replace=False)] = 0
    second = find_communities(stands, proses, edges(moved), DEFAULTS)
    kept = sum(set(second.wanted[n]) == set(first.wanted[n]) for n in range(size))
    assert kept / size >= 0.97
    assert len(first.found) == subjects


def test_what_says_nothing_but_its_title_is_given_no_community():
    patterns = [pattern(f"{subject}-{number}") for subject in SUBJECTS for number in range(6)]
    proses = [*texts(patterns)]
    proses[0] = prose.read(patterns[0].title, (), "", "", "")
    near = [(a, b) for a in range(len(patterns)) for b in range(a + 1, len(patterns)) if a // 6 == b // 6]
    left, right = (np.array(side) for side in zip(*near, strict=True))
    edges = Edges(left, right, np.full(len(near), 0.9))
    found = communities_of(patterns, proses, edges, (), Settings())
    assert found is not None
    assert found.wanted[0] == {}
    assert all(found.wanted[1:])

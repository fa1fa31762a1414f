"""What patterns near one bear, as backing for what its own text bears doubtfully."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden import prose
from garden.entities.backing import Backing, near_to
from garden.entities.fit import Texts
from garden.entities.support import MENTIONED, Verdict
from garden.models import Entity

SUBJECTS = {
    "garden": "Gardeners prune roses in spring. The soil is fed with compost, and seeds are sown in rows.",
    "kitchen": "Cooks chop onions and simmer soup. The stove is hot, and bread is baked in the oven at dawn.",
}
# Twenty patterns, so that each asks its two nearest: those of the garden lie at 0 to 9.
PROSES = [
    prose.read(f"{name.title()} {at}", (), "", "", f"{body} {' '.join(f'part{at}' for _ in range(3))}")
    for name, body in SUBJECTS.items()
    for at in range(10)
]
KEEP = 0.2
LABELS = ("Rose Hedge", "Rose Bed", "Compost Heap", "Bread Oven", "Soup Pot", "Moon Landing")


TEXTS = Texts(PROSES)
ENCODED = TEXTS.with_passages(np.array(TEXTS.topics, dtype=np.float32))


def verdict(label: str, odds: float, at: int = 0) -> Verdict:
    entity = Entity(index=at, id=label.lower().replace(" ", "-"), label=label)
    return Verdict(entity, odds, (), (), mentioned=odds >= MENTIONED)


def verdicts(held: dict[int, list[tuple[str, float]]]) -> list[list[Verdict]]:
    return [
        [verdict(label, odds, at) for at, (label, odds) in enumerate(held.get(owner, []))]
        for owner in range(len(PROSES))
    ]


def nearest(owner: int) -> int:
    return max(near_to([owner], ENCODED)[owner].items(), key=lambda found: found[1])[0]


def backing(held: Sequence[Sequence[Verdict]], joined: Sequence[tuple[int, int]] = ()) -> Backing:
    return Backing(held, ENCODED, KEEP, joined)


def odds_of(told: Sequence[Sequence[Verdict]]) -> list[list[float]]:
    return [[one.odds for one in judged] for judged in told]


def test_the_patterns_near_one_are_those_that_read_alike_the_nearest_first():
    near = near_to([3], ENCODED)[3]

    assert len(near) == 2
    assert all(other < 10 for other in near)
    assert 3 not in near
    assert sorted(near.values()) == [0.5, 1.0]


def test_what_a_look_alike_bears_backs_the_same_label_and_says_where_it_stands():
    held = verdicts({0: [("Rose Hedge", 0.19)], nearest(0): [("Bread Oven", 0.9), ("Rose Hedge", 0.9)]})

    (found,) = backing(held).told()[0]

    assert found.odds > KEEP
    assert found.backing == 0.7
    assert found.backer == (nearest(0), 1)


@pytest.mark.parametrize(
    ("label", "raised"), [("Rose Hedge", True), ("Hedges", True), ("Compost Heap", False), ("Moon Landing", False)]
)
def test_only_the_same_or_nearly_the_same_backs_an_entity(label, raised):
    held = verdicts({0: [("Rose Hedge", 0.19)], nearest(0): [(label, 0.9)]})

    assert (backing(held).told()[0][0].odds > KEEP) is raised


def test_what_stands_in_a_pattern_of_another_subject_backs_nothing_unless_people_linked_it():
    held = verdicts({0: [("Rose Hedge", 0.19)], 15: [("Rose Hedge", 0.9)]})

    assert backing(held).told()[0][0].odds == 0.19
    assert backing(held, [(0, 15)]).told()[0][0].odds > KEEP


def test_names_that_no_text_has_a_hold_in_do_not_keep_each_other():
    held = verdicts({owner: [("Moon Landing", 0.09)] for owner in range(10)})

    assert odds_of(backing(held).told()) == odds_of(held)


def test_what_goes_for_want_of_backing_backs_nothing():
    held = verdicts({0: [("Rose Hedge", 0.12)], nearest(0): [("Rose Hedge", 0.12)]})
    asked = backing(held)

    assert odds_of(asked.told()) == odds_of(held)


def test_without_vectors_of_passages_topics_tell_what_reads_alike():
    near = max(near_to([0], TEXTS)[0].items(), key=lambda found: found[1])[0]
    held = verdicts({0: [("Rose Soil", 0.19)], near: [("Soil with Roses", 0.9), ("Oven", 0.9)]})

    (found,) = Backing(held, TEXTS, KEEP).told()[0]

    assert found.odds > KEEP
    assert found.backer == (near, 0)


def test_what_keeps_an_entity_is_lost_where_it_will_not_stand_under_its_label():
    near = nearest(0)
    held = verdicts({0: [("Rose Hedge", 0.19)], near: [("Rose Hedge", 0.9)]})
    asked = backing(held)
    told = asked.told()
    standing = [[one.entity for one in judged] for judged in held]
    renamed = [[e.model_copy(update={"label": "Rose Bed"}) for e in entities] for entities in standing]

    assert asked.lost(told, standing) == set()
    assert asked.lost(told, renamed) == {(near, 0)}
    assert asked.told({(near, 0)})[0][0].odds == 0.19


ODDS = st.sampled_from([0.01, 0.11, 0.17, 0.18, 0.185, 0.19, 0.25, MENTIONED])
HELD = st.dictionaries(
    st.integers(0, len(PROSES) - 1),
    st.lists(st.tuples(st.sampled_from(LABELS), ODDS), max_size=3),
    max_size=12,
)
PAIRS = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=8)


@settings(max_examples=80, deadline=None)
@given(HELD, PAIRS, st.tuples(st.integers(0, 19), st.integers(0, 19)))
def test_a_link_more_never_makes_an_entity_stale(held, joined, link):
    before, after = backing(verdicts(held), joined).told(), backing(verdicts(held), [*joined, link]).told()

    for one, other in zip(odds_of(before), odds_of(after), strict=True):
        assert all(low <= high for low, high in zip(one, other, strict=True))


@settings(max_examples=80, deadline=None)
@given(HELD, PAIRS, st.integers(0, 19), st.sampled_from(LABELS))
def test_an_entity_more_never_makes_another_stale(held, joined, owner, label):
    more = {**held, owner: [*held.get(owner, []), (label, MENTIONED)]}
    before, after = backing(verdicts(held), joined).told(), backing(verdicts(more), joined).told()

    for one, other in zip(odds_of(before), odds_of(after), strict=True):
        assert all(low <= high for low, high in zip(one, other, strict=False))


@settings(max_examples=80, deadline=None)
@given(HELD, PAIRS, st.data())
def test_saying_a_label_makes_nothing_stale_anywhere(held, joined, data):
    owners = sorted(owner for owner, entities in held.items() if entities)
    if not owners:
        return
    owner = data.draw(st.sampled_from(owners))
    said = {**held, owner: [(held[owner][0][0], MENTIONED), *held[owner][1:]]}
    before, after = backing(verdicts(held), joined).told(), backing(verdicts(said), joined).told()

    for one, other in zip(odds_of(before), odds_of(after), strict=True):
        assert all(low <= high for low, high in zip(one, other, strict=True))


@settings(max_examples=80, deadline=None)
@given(HELD, PAIRS)
def test_once_the_stale_ones_are_gone_all_else_is_backed_as_before(held, joined):
    told = backing(verdicts(held), joined).told()
    kept = [[one for one in judged if one.odds >= KEEP] for judged in told]
    left = [
        [replace(one, odds=held[owner][one.entity.index][1], backing=0.0, backer=None) for one in judged]
        for owner, judged in enumerate(kept)
    ]

    assert odds_of(backing(left, joined).told()) == odds_of(kept)

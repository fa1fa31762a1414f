from collections.abc import Mapping

import pytest

from garden.links.ties import Tie
from garden.models import Link
from garden.plan.relations import Known, relations
from garden.vocabulary import Vocabulary

WORDS = Vocabulary()


def known(*learned: Tie, curated: tuple[Tie, ...] = (), accepted: frozenset[tuple[int, int]] = frozenset()) -> Known:
    return Known(WORDS, curated, {(min(tie[:2]), max(tie[:2])): tie for tie in learned}, accepted)


def types(asked: Known, confidence: Mapping[tuple[int, int], float], items: Mapping = {}) -> dict:  # type: ignore[type-arg]
    found = relations(confidence, items, asked, confidence)
    return {pair: dict(relation.types) for pair, relation in found.items()}


def link(kind: str) -> Link:
    return Link(index=0, target="x", type=kind)


def test_a_learned_type_is_told_from_both_ends_and_an_unknown_one_is_the_fallback() -> None:
    found = types(known(Tie(1, 0, "requires")), {(0, 1): 0.9, (0, 2): 0.8})
    assert found == {(0, 1): {1: "requires", 0: "enables"}, (0, 2): {0: "complementary", 2: "complementary"}}


@pytest.mark.parametrize("type_", ["requires", "specializes_to"])
def test_of_three_that_make_a_circle_the_least_sure_says_only_that_the_two_belong_together(type_: str) -> None:
    learned = [Tie(0, 1, type_), Tie(1, 2, type_), Tie(2, 0, type_)]
    confidence = {(0, 1): 0.9, (1, 2): 0.6, (0, 2): 0.7}
    found = relations(confidence, {}, known(*learned), confidence)
    assert found[1, 2].types == {1: "complementary", 2: "complementary"}
    assert found[1, 2].circle == (0, 1, 2)
    assert found[0, 1].types[0] == type_


def test_the_inverse_of_a_type_counts_for_its_circle() -> None:
    found = types(known(Tie(0, 1, "requires"), Tie(0, 2, "enables"), Tie(1, 2, "requires")), {
        (0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.7,
    })  # fmt: skip
    assert found[1, 2] == {1: "complementary", 2: "complementary"}


def test_curated_relationships_count_before_any_link() -> None:
    curated = (Tie(1, 0, "enables"), Tie(1, 2, "requires"))
    found = types(known(Tie(2, 0, "requires"), curated=curated), {(0, 2): 0.99})
    assert found[0, 2] == {0: "complementary", 2: "complementary"}


def test_a_type_that_a_person_accepted_stays_and_others_make_way() -> None:
    items = {(0, 1): {0: link("requires")}, (1, 2): {1: link("requires")}, (0, 2): {2: link("requires")}}
    accepted = frozenset({(0, 2)})
    found = types(known(accepted=accepted), {(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.1}, items)
    assert found[0, 2] == {2: "requires", 0: "enables"}
    assert found[1, 2] == {1: "complementary", 2: "complementary"}


def test_both_ends_that_require_each_other_are_brought_to_one() -> None:
    found = types(known(), {(0, 1): 0.9}, {(0, 1): {0: link("requires"), 1: link("requires")}})
    assert found[0, 1] == {0: "requires", 1: "enables"}


def test_what_was_decided_stays_so_when_it_stands() -> None:
    learned = [Tie(0, 1, "requires"), Tie(1, 2, "requires"), Tie(2, 0, "requires"), Tie(3, 0, "tools")]
    confidence = {(0, 1): 0.9, (1, 2): 0.6, (0, 2): 0.7, (0, 3): 0.8}
    first = types(known(*learned), confidence)
    items = {pair: {place: link(kind) for place, kind in told.items() if kind} for pair, told in first.items()}
    again = relations(confidence, items, known(*learned), confidence)
    told = {pair: {place: kind for place, kind in one.types.items() if kind} for pair, one in again.items()}
    assert told == {pair: {place: one.type for place, one in some.items()} for pair, some in items.items()}
    assert not any(one.circle for one in again.values())


ONE_WAY = Vocabulary(
    inverses={"cites": None, "requires": "enables", "enables": "requires"}, aliases={}, fallback="cites"
)
TURNED = Vocabulary(
    inverses={"cites": "cited", "cited": "cites", "requires": "enables", "enables": "requires"},
    aliases={},
    fallback="cites",
)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({}, {0: "cites", 1: None}),
        ({0: "strange"}, {0: "cites", 1: None}),
        ({1: "strange"}, {1: "cites", 0: None}),
        ({0: "strange", 1: "odd"}, {0: "cites", 1: "cites"}),
    ],
)
def test_a_fallback_that_is_one_way_is_told_by_each_end_that_links_and_that_is_all(
    items: dict[int, str], expected: dict[int, str | None]
) -> None:
    asked = Known(ONE_WAY)
    first = types(asked, {(0, 1): 0.9}, {(0, 1): {place: link(kind) for place, kind in items.items()}})
    assert first == {(0, 1): expected}
    standing = {place: link(type_) for place, type_ in first[0, 1].items() if type_}
    assert types(asked, {(0, 1): 0.9}, {(0, 1): standing}) == first


def test_a_learned_type_that_is_one_way_leaves_no_unknown_one_at_the_other_end() -> None:
    asked = Known(ONE_WAY, learned={(0, 1): Tie(0, 1, "cites")})
    assert types(asked, {(0, 1): 0.9}, {(0, 1): {1: link("strange")}}) == {(0, 1): {0: "cites", 1: "cites"}}


def test_a_circle_is_refused_for_a_fallback_that_is_told_from_both_ends() -> None:
    items = {(0, 1): {0: link("requires")}, (1, 2): {1: link("requires")}, (0, 2): {2: link("requires")}}
    found = types(Known(TURNED), {(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.7}, items)
    assert found[0, 2] == {0: "cites", 2: "cited"}

"""Relevance put right where it is far off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden import prose
from garden.entities.relevance import rescored, said
from garden.models import Entity

TEXT = prose.read("Weeding", (), "", "", "Weeding beds is work. " * 12 + "A compost heap helps.")


def entity(at: int, label: str, relevance: float | None) -> Entity:
    return Entity(index=at, id=label.replace(" ", "-"), type="concept", label=label, relevance=relevance)


def usual(relevance: float = 0.8, count: int = 30) -> list[Entity]:
    return [entity(at, "weeding", relevance) for at in range(count)]


def test_what_the_text_dwells_on_is_lifted_and_what_it_never_says_is_lowered() -> None:
    held = [*usual(), entity(30, "weeding", 0.3), entity(31, "orchard", 1.0)]
    assert rescored([held], [TEXT], 0.15) == {(0, 30): 0.88, (0, 31): 0.78}


@pytest.mark.parametrize(
    "item",
    [
        entity(30, "weeding", 0.75),  # not so far off
        entity(30, "weeding", 1.0),  # much is due to what the text dwells on
        entity(30, "compost heap", 0.3),  # said once: that may well be little
        entity(30, "orchard", 0.3),  # never said, and little is claimed
    ],
)
def test_what_the_text_does_not_contradict_stays(item: Entity) -> None:
    assert rescored([[*usual(), item]], [TEXT], 0.15) == {}


def test_where_relevances_are_spread_wide_more_must_be_off() -> None:
    spread = [entity(at, "compost heap", 0.5 + at / 100) for at in range(40)]
    assert rescored([[*spread, entity(40, "weeding", 0.5)]], [TEXT], 0.15) == {}
    assert rescored([[*spread, entity(40, "weeding", 0.2)]], [TEXT], 0.15).keys() == {(0, 40)}


@pytest.mark.parametrize(
    "held",
    [
        [*usual(count=10), entity(10, "weeding", 0.1)],  # too few to say what is usual
        [*usual(80.0), entity(30, "weeding", 10.0)],  # another scale
        [*usual(), entity(30, "weeding", None)],  # no relevance at all
    ],
)
def test_relevances_that_cannot_be_compared_are_left_alone(held: list[Entity]) -> None:
    assert rescored([held], [TEXT], 0.15) == {}


@given(st.lists(st.tuples(st.sampled_from(["weeding", "beds", "compost heap", "orchard"]), st.integers(0, 100))))
def test_once_applied_nothing_is_off(items: list[tuple[str, int]]) -> None:
    held = [entity(at, label, value / 100) for at, (label, value) in enumerate(items)]
    found = rescored([held], [TEXT], 0.15)
    after = [one.model_copy(update={"relevance": found.get((0, at), one.relevance)}) for at, one in enumerate(held)]
    assert rescored([after], [TEXT], 0.15) == {}


def test_how_often_a_label_is_said_is_how_often_its_rarest_word_is() -> None:
    assert (said("weeding beds", TEXT), said("compost", TEXT), said("compost tea", TEXT)) == (12, 1, 0)

"""How a plan speaks of entities."""

import pytest

from garden.config import EntitySettings
from garden.entities import Group, Verdict, Wanted
from garden.models import Entity, Pattern, Section
from garden.names import slugify
from garden.plan.entities import entity_proposals
from garden.plan.inverse import inverse
from garden.plan.sections import applied, wanted_section


def pattern(*entities: Entity) -> Pattern:
    section = Section(entities=tuple(e.model_copy(update={"index": at}) for at, e in enumerate(entities)))
    return Pattern(path="a.md", slug="a", title="A Title", section=section, file_hash="f", text_hash="t")


def entity(name: str, *, plain: bool = False) -> Entity:
    label = name if plain else name.replace("-", " ").title()
    return Entity(index=0, id=slugify(name), label=label, type=None if plain else "concept", plain=plain)


def proposals(held: Pattern, odds: list[float], *, becomes=None, groups=(), given=(), ground="said"):
    assert held.section
    verdicts = tuple(
        Verdict(e, chance, found=("Loop",) if chance else (), missed=() if chance else ("Loop",), nearer=0.8)
        for e, chance in zip(held.section.entities, odds, strict=True)
    )
    grounds = {(0, one.index): ground for one in given}
    wanted = Wanted((verdicts,), ((),), becomes or {}, groups, {0: given} if given else {}, grounds)
    return list(entity_proposals([held], wanted, EntitySettings(), {0}))


def test_a_stale_entity_is_removed_with_what_the_text_lacks():
    (found,) = proposals(pattern(entity("far-loop")), [0.0])

    assert (found.kind, found.target, found.confidence) == ("remove_entity", "far-loop", 1.0)
    assert found.reason == (
        "The text never speaks of Far Loop: none of its words occurs, "
        "and 80% of the library's patterns come nearer to it; no pattern around bears anything like it."
    )


def test_an_id_that_stands_twice_goes_the_second_time():
    (found,) = proposals(pattern(entity("loop"), entity("loop")), [0.9, 0.9])

    assert (found.kind, found.evidence["item"], found.evidence["cause"]) == ("remove_entity", 1, "duplicate")


def test_a_merge_says_what_the_ids_share_and_has_one_group_for_the_canonical_id():
    group = Group("loops", {"loop": "the same label"})

    (found,) = proposals(pattern(entity("loop")), [0.9], becomes={(0, 0): "loops"}, groups=(group,))

    assert (found.kind, found.target, found.group) == ("merge_entity", "loop", "entity:loops")
    assert found.evidence["fields"] == {"id": "loops"}
    assert found.reason == "loop is the same idea as loops, and one id does for both: both bear the same label."


def test_a_merge_says_by_how_much_more_the_canonical_id_is_used():
    group = Group("loops", {"loop": "the same words"}, {"loop": 2, "loops": 5})

    (found,) = proposals(pattern(entity("loop")), [0.9], becomes={(0, 0): "loops"}, groups=(group,))

    assert found.reason.startswith("loop is the same idea as loops, which is used more (5 patterns, not 2): ")
    assert found.evidence["uses"] == {"loop": 2, "loops": 5}


def test_a_merge_that_would_give_an_id_twice_removes_the_second():
    (found,) = proposals(pattern(entity("loops"), entity("loop")), [0.9, 0.9], becomes={(0, 1): "loops"})

    assert (found.kind, found.target, found.evidence["item"]) == ("remove_entity", "loop", 1)
    assert "the same idea as Loops" in found.reason


def test_a_merge_of_a_bare_string_writes_a_bare_string():
    held = pattern(entity("Loop", plain=True))

    (found,) = proposals(held, [0.9], becomes={(0, 0): "loops"})

    after = applied(held.section, wanted_section(held.section, [found], "2026-01-01"))
    assert [(e.id, e.label, e.plain) for e in after.entities] == [("loops", "loops", True)]


def test_a_merge_can_be_taken_back():
    for held in (
        pattern(entity("loop"), entity("far")),
        pattern(entity("Loop", plain=True), entity("far", plain=True)),
    ):
        found = proposals(held, [0.9, 0.9], becomes={(0, 0): "loops"})
        after = applied(held.section, wanted_section(held.section, found, "2026-01-01"))

        back = inverse(after, found)

        assert back is not None
        again = applied(after, wanted_section(after, back, "2026-01-02"))
        assert held.section
        assert [(e.label, e.plain) for e in again.entities] == [(e.label, e.plain) for e in held.section.entities]


def test_what_is_given_is_added_with_all_of_its_fields_and_can_be_taken_back():
    given = Entity(index=-1, id="slow-loop", label="Slow Loop", type="concept", relevance=0.8)
    held = pattern()

    (found,) = proposals(held, [], given=(given,))

    assert found.kind == "add_entity"
    assert found.evidence["fields"] == {"id": "slow-loop", "type": "concept", "label": "Slow Loop", "relevance": 0.8}
    after = applied(held.section, wanted_section(held.section, [found], "2026-01-01"))
    back = inverse(after, [found])
    assert back is not None
    assert applied(after, wanted_section(after, back, "2026-01-02")).entities == ()


@pytest.mark.parametrize(
    ("ground", "says"),
    [
        ("often", "A Title has no entity, and its text speaks of Slow Loop again and again."),
        ("keyword", "A Title has no entity, and Slow Loop is one of its keywords."),
        ("title", "A Title has no entity, and its title names Slow Loop."),
        ("said", "A Title has no entity, and its text speaks of Slow Loop."),
    ],
)
def test_the_reason_of_what_is_given_claims_no_more_than_the_text_bears(ground, says):
    (found,) = proposals(pattern(), [], given=(Entity(index=-1, id="slow-loop", label="Slow Loop"),), ground=ground)
    assert found.reason == says


def test_nothing_is_added_to_a_file_that_gets_no_section():
    given = Entity(index=-1, id="slow-loop", label="Slow Loop")
    wanted = Wanted(((),), ((given,),), given={0: (given,)})

    assert list(entity_proposals([pattern()], wanted, EntitySettings(), set())) == []

from typing import Any

import pytest

from garden.models import Entity, Link, Proposal, Section, WantedItem
from garden.plan.inverse import inverse
from garden.plan.sections import applied, wanted_section

B = Link(index=0, target="b", type="requires", confidence=0.8, reason="Because.")
C = Link(index=1, target="c", type="enables", confidence=0.7, reason="So.")
IDEA = Entity(index=0, id="idea", label="Idea", relevance=0.5)
SECTION = Section(entities=(IDEA,), links=(B, C))


def proposal(kind: str, target: str, **evidence: Any) -> Proposal:
    values = {"id": "0123456789ab", "kind": kind, "pattern": "a", "path": "a.md", "target": target}
    return Proposal.model_validate({**values, "confidence": 0.8, "reason": "x", "evidence": evidence, "group": "g"})


FIELDS_B = {"target": "b", "type": "requires", "confidence": 0.8, "reason": "Because."}
WAS_D = {"target": "d", "type": None, "confidence": 0.4, "reason": "Was."}


@pytest.mark.parametrize(
    ("done", "left"),
    [
        (proposal("add_link", "b", fields=FIELDS_B), [("c", "enables")]),
        (proposal("add_link", "gone", fields={**FIELDS_B, "target": "gone"}), [("b", "requires"), ("c", "enables")]),
        (proposal("add_link", "b", fields={**FIELDS_B, "reason": "Other."}), None),
        (proposal("remove_link", "d", item=2, was=WAS_D), [("b", "requires"), ("c", "enables"), ("d", None)]),
        (proposal("remove_link", "c", item=1, was={"target": "c"}), [("b", "requires"), ("c", "enables")]),
        (
            proposal("retype_link", "c", item=1, fields={"type": "enables"}, was={"target": "c", "type": "tools"}),
            [("b", "requires"), ("c", "tools")],
        ),
        (proposal("retype_link", "c", item=1, fields={"type": "tools"}, was={"target": "c", "type": "x"}), None),
        (
            proposal("retype_link", "c", item=1, fields={"type": "tools"}, was={"target": "c", "type": "enables"}),
            [("b", "requires"), ("c", "enables")],
        ),
        (proposal("set_communities", "a"), None),
        (proposal("touch", "a"), [("b", "requires"), ("c", "enables")]),
    ],
)
def test_a_change_is_taken_back_where_it_still_stands(done: Proposal, left: list[tuple[str, str]] | None) -> None:
    opposite = inverse(SECTION, [done])
    if left is None:
        assert opposite is None
        return
    assert opposite is not None
    after = applied(SECTION, wanted_section(SECTION, opposite, "2026-11-22"))
    assert [(link.target, link.type) for link in after.links] == left


def test_a_link_under_its_new_name_gets_the_old_one_back_and_keeps_all_else() -> None:
    was = {"target": "old-b", "type": "requires", "confidence": 0.8, "reason": "Said before someone changed it."}
    gone = proposal("remove_link", "old-b", item=0, was=was).model_copy(update={"id": "ba9876543210"})
    opposite = inverse(SECTION, [gone, proposal("add_link", "b", item=0, fields={**was, "target": "b"})])
    assert opposite is not None
    wanted = wanted_section(SECTION, opposite, "2026-11-22").inferred_links
    assert wanted == (WantedItem(index=0, fields={"target": "old-b"}), WantedItem(index=1))


def test_entities_are_brought_back_as_they_were_written() -> None:
    plain = proposal("remove_entity", "bare", item=1, was="bare")
    rescored = proposal(
        "rescore_entity", "idea", item=0, fields={"relevance": 0.5}, was={"id": "idea", "relevance": 0.9}
    )
    opposite = inverse(SECTION, [plain, rescored])
    assert opposite is not None
    wanted = wanted_section(SECTION, opposite, "2026-11-22").entities
    assert wanted == (WantedItem(index=0, fields={"relevance": 0.9}), WantedItem(fields="bare"))

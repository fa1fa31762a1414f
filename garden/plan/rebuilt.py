"""Proposals told again from what they left: the matters of a run, and a section before it and after it.

A commit names its proposals and holds both texts, but not which item each one changed. Ids are made from that, so the
item is the one whose id comes out the same. Whether the whole is right shows where it is carried out again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from garden.models import Community, Entity, Link, Proposal, Section
from garden.plan.decisions import Matter
from garden.plan.identity import proposal_id

LINK_FIELDS = ("target", "type", "confidence", "reason")
ENTITY_FIELDS = ("id", "type", "label", "relevance")
Evidence = Mapping[str, Any]


def rebuilt(matter: Matter, path: str, before: Section, after: Section) -> Proposal | None:
    """The proposal that a matter was, as far as undoing it needs; None where the sections do not show it."""
    evidence = _evidence(matter, before, after)
    if evidence is None or not matter.ends:
        return None
    return Proposal(
        id=matter.proposal,
        kind=matter.kind,
        pattern=matter.ends[0].slug,
        path=path,
        target=matter.target,
        type=matter.type,
        confidence=matter.confidence,
        reason="",
        evidence=evidence,
        group=matter.group,
    )


def in_places(told: Sequence[Proposal | None]) -> list[Proposal | None]:
    """The proposals of one file; a link that follows a renamed pattern takes the place of the one it replaces."""
    gone: dict[str, int] = {}
    for one in told:
        if one and one.kind == "remove_link":
            gone[one.group] = min(one.evidence["item"], gone.get(one.group, one.evidence["item"]))

    def placed(one: Proposal) -> Proposal:
        if one.kind != "add_link" or one.group not in gone:
            return one
        return one.model_copy(update={"evidence": {**one.evidence, "item": gone[one.group]}})

    return [one and placed(one) for one in told]


def _evidence(matter: Matter, before: Section, after: Section) -> Evidence | None:
    owner = matter.ends[0].slug if matter.ends else ""
    if matter.kind == "add_link":
        new = [link for link in after.links if link.target == matter.target]
        return {"fields": _held(new[-1], LINK_FIELDS)} if new else None
    if matter.kind == "add_entity":
        made = [entity for entity in after.entities if entity.id == matter.target]
        return {"fields": _entity(made[-1])} if made else None
    if matter.kind in ("remove_link", "retype_link"):
        return _of_link(matter, owner, before.links)
    if matter.kind in ("remove_entity", "merge_entity"):
        return _of_entity(matter, owner, before.entities)
    if matter.kind == "set_communities":
        return _of_communities(before.communities, after.communities)
    return {"was": before.last_pruned} if matter.kind == "touch" else None


def _of_link(matter: Matter, owner: str, links: Iterable[Link]) -> Evidence | None:
    for link in links:
        type_ = matter.type if matter.kind == "retype_link" else link.type
        if proposal_id(matter.kind, owner, link.target, type_ or "", str(link.index)) == matter.proposal:
            fields = {"fields": {"type": type_}} if matter.kind == "retype_link" else {}
            return {"item": link.index, "was": link.model_dump(exclude={"index"}), **fields}
    return None


def _of_entity(matter: Matter, owner: str, entities: Iterable[Entity]) -> Evidence | None:
    becomes = matter.group.removeprefix("entity:")
    for entity in entities:
        last = becomes if matter.kind == "merge_entity" else str(entity.index)
        if proposal_id(matter.kind, owner, entity.id, last) == matter.proposal:
            was = entity.label if entity.plain else entity.model_dump(exclude={"index", "plain"})
            fields = {"fields": becomes if entity.plain else {"id": becomes}} if matter.kind == "merge_entity" else {}
            return {"item": entity.index, "was": was, **fields}
    return None


def _of_communities(before: Iterable[Community], after: Iterable[Community]) -> Evidence:
    old, new = list(before), list(after)
    left, stood = {one.id for one in new}, {one.id for one in old}
    fields = ("id", "label", "source", "confidence")
    return {
        "out": [{"item": one.index} for one in old if one.id not in left],
        "renamed": [],
        "in": [{"fields": one.label if one.plain else _held(one, fields)} for one in new if one.id not in stood],
    }


def _entity(entity: Entity) -> Mapping[str, Any] | str:
    return entity.label if entity.plain else _held(entity, ENTITY_FIELDS)


def _held(item: Link | Entity | Community, names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(item, name)) is not None}

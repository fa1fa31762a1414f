"""The opposite of proposals, for a section that has changed since they were carried out."""

from collections.abc import Mapping, Sequence
from typing import Any

from garden.models import Entity, Link, Proposal, Section

Item = Link | Entity


def inverse(section: Section, proposals: Sequence[Proposal]) -> list[Proposal] | None:
    """Proposals that take ``proposals`` back in ``section``; None where an item is no longer what they made of it.

    An item that is gone needs no taking out, one that is there again no bringing back.
    """
    found: list[Proposal] = []
    for proposal in _joined(proposals):
        opposite = _opposite(section, proposal)
        if opposite is None:
            return None
        found += opposite
    return found


def _joined(proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals, of which one that removes an item and one that takes its place are a change of that item."""
    removed = {p.evidence.get("item"): p for p in proposals if p.kind == "remove_link"}
    placed = {p.evidence["item"]: p for p in proposals if p.kind == "add_link" and p.evidence.get("item") in removed}
    changes = [_change(removed[item], one) for item, one in placed.items()]
    joined = {one.id for item, new in placed.items() for one in (removed[item], new)}
    return [*(p for p in proposals if p.id not in joined), *changes]


def _change(gone: Proposal, new: Proposal) -> Proposal:
    was = _as_mapping(gone.evidence.get("was")) or {}
    fields = {key: value for key, value in new.evidence["fields"].items() if was.get(key) != value}
    return _changed(new, "retype_link", {"item": gone.evidence["item"], "fields": fields, "was": was})


def _opposite(section: Section, proposal: Proposal) -> list[Proposal] | None:
    items: Sequence[Item] = section.links if proposal.kind.endswith("link") else section.entities
    verb = proposal.kind.split("_")[0]
    if verb == "add":
        return _taken_out(items, proposal)
    if verb == "remove":
        return _brought_back(items, proposal)
    if verb in ("retype", "rescore", "merge"):
        return _set_back(items, proposal)
    return [] if verb == "touch" else None


def _taken_out(items: Sequence[Item], proposal: Proposal) -> list[Proposal] | None:
    fields = proposal.evidence.get("fields")
    found = [item for item in items if _name(item) == proposal.target]
    if not found:
        return []
    same = [item for item in found if isinstance(fields, Mapping) and _says(item, fields)]
    kind = proposal.kind.replace("add_", "remove_")
    return [_changed(proposal, kind, {"item": same[0].index})] if same else None


def _brought_back(items: Sequence[Item], proposal: Proposal) -> list[Proposal] | None:
    was = proposal.evidence.get("was")
    if any(_name(item) == proposal.target for item in items):
        return []
    fields = {key: value for key, value in was.items() if value is not None} if isinstance(was, Mapping) else was
    kind = proposal.kind.replace("remove_", "add_")
    return [_changed(proposal, kind, {"fields": fields})] if fields else None


def _set_back(items: Sequence[Item], proposal: Proposal) -> list[Proposal] | None:
    was, fields = _as_mapping(proposal.evidence.get("was")), _as_mapping(proposal.evidence.get("fields"))
    if was is None or fields is None:
        return None
    names = (proposal.target, was.get("target"), was.get("id"), fields.get("id"))
    found = [item for item in items if _name(item) in names]
    same = [item for item in found if _says(item, fields)]
    if not same:
        return [] if not found or any(_says(item, was) for item in found) else None
    back = {key: was.get(key) for key in fields}
    plain = isinstance(proposal.evidence.get("fields"), str)
    return [_changed(proposal, proposal.kind, {"item": same[0].index, "fields": back["id"] if plain else back})]


def _as_mapping(fields: Any) -> Mapping[str, Any] | None:
    """Fields of an item; a bare string is the id of one."""
    return {"id": fields} if isinstance(fields, str) else fields if isinstance(fields, Mapping) else None


def _name(item: Item) -> str:
    return item.target if isinstance(item, Link) else item.id


def _says(item: Item, fields: Mapping[str, Any]) -> bool:
    values = item.model_dump()
    return all(values.get(key) == value for key, value in fields.items())


def _changed(proposal: Proposal, kind: str, evidence: Mapping[str, Any]) -> Proposal:
    return Proposal.model_validate({**proposal.model_dump(), "kind": kind, "evidence": dict(evidence)})

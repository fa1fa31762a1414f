"""From proposals to sections: what one pattern's section becomes when some of its proposals are applied."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from garden.models import Entity, Link, ListName, Proposal, Scalar, Section, WantedItem, WantedSection
from garden.plan.communities import communities_with, community_items

Item = TypeVar("Item", Entity, Link)
Fields = Mapping[str, Scalar] | str

LIST_OF_KIND: dict[str, ListName] = {
    "add_link": "inferred_links",
    "remove_link": "inferred_links",
    "retype_link": "inferred_links",
    "add_entity": "entities",
    "remove_entity": "entities",
    "merge_entity": "entities",
    "rescore_entity": "entities",
    "set_communities": "communities",
}


def wanted_section(section: Section | None, proposals: Sequence[Proposal], today: str) -> WantedSection:
    """What ``section`` becomes under ``proposals``, which are those of its own pattern; untouched lists are None."""
    section = section or Section()
    touched = {LIST_OF_KIND[proposal.kind] for proposal in proposals if proposal.kind != "touch"}
    lengths = {
        "entities": len(section.entities),
        "inferred_links": len(section.links),
    }
    lists = {
        name: _wanted_list(lengths[name], [p for p in proposals if LIST_OF_KIND.get(p.kind) == name])
        for name in touched - {"communities"}
    }
    if "communities" in touched:
        lists["communities"] = community_items(section, [p for p in proposals if p.kind == "set_communities"])
    return WantedSection(last_pruned=today if proposals else None, **lists)


def applied(section: Section | None, wanted: WantedSection) -> Section:
    """The section as it will read once ``wanted`` has been written."""
    section = section or Section()
    entities, links = list(section.entities), list(section.links)
    return Section(
        last_pruned=wanted.last_pruned or section.last_pruned,
        entities=section.entities if wanted.entities is None else _entities(entities, wanted.entities),
        communities=(
            section.communities
            if wanted.communities is None
            else communities_with(section.communities, wanted.communities)
        ),
        links=section.links if wanted.inferred_links is None else _links(links, wanted.inferred_links),
    )


def _wanted_list(length: int, proposals: Sequence[Proposal]) -> tuple[WantedItem, ...]:
    removed = {_place(p.evidence.get("item")) for p in proposals if p.kind.startswith("remove_")}
    changed: dict[int, Fields] = {}
    added: list[WantedItem] = []
    for proposal in proposals:
        item, fields = proposal.evidence.get("item"), proposal.evidence.get("fields")
        if proposal.kind.startswith("add_") and item not in removed:
            added.append(WantedItem(fields=fields))
        elif proposal.kind.startswith("add_"):
            # What takes an item's place is written into it: all else that it holds stays.
            changed[_place(item)] = fields or {}
            removed.discard(_place(item))
        elif not proposal.kind.startswith("remove_") and fields is not None:
            changed[_place(item)] = _joined(changed.get(_place(item)), fields)
    kept = [WantedItem(index=place, fields=changed.get(place)) for place in range(length) if place not in removed]
    return (*kept, *added)


def _joined(one: Fields | None, other: Fields) -> Fields:
    """What two proposals want of one item."""
    return other if isinstance(one, str) or isinstance(other, str) or one is None else {**one, **other}


def _place(item: Any) -> int:
    if not isinstance(item, int):
        raise TypeError(f"a proposal that changes an item names its place, not {item!r}")
    return item


def _entities(old: Sequence[Entity], wanted: Sequence[WantedItem]) -> tuple[Entity, ...]:
    return tuple(_entity(old[w.index] if w.index is not None else None, w, place) for place, w in enumerate(wanted))


def _entity(old: Entity | None, item: WantedItem, place: int) -> Entity:
    if old is not None and item.fields is None:
        return _moved(old, place)
    if isinstance(item.fields, str):
        return Entity(index=place, id=item.fields, label=item.fields, plain=True)
    known = old.model_dump() if old else {}
    return Entity.model_validate({**known, **(item.fields or {}), "index": place})


def _moved(old: Item, place: int) -> Item:
    """An item as it was, at its place: most are, so they are not read anew."""
    return old if old.index == place else old.model_copy(update={"index": place})


def _links(old: Sequence[Link], wanted: Sequence[WantedItem]) -> tuple[Link, ...]:
    return tuple(_link(old[w.index] if w.index is not None else None, w, place) for place, w in enumerate(wanted))


def _link(old: Link | None, item: WantedItem, place: int) -> Link:
    if old is not None and item.fields is None:
        return _moved(old, place)
    if isinstance(item.fields, str):
        raise TypeError("a link is never a bare string")
    known = old.model_dump() if old else {}
    return Link.model_validate({**known, **(item.fields or {}), "index": place})

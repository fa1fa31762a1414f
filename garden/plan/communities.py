"""Proposals about communities: one for each pattern whose own differ from those it should have."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from garden.communities import Communities, Membership, community_key
from garden.models import Community, Pattern, Proposal, Scalar, Section, WantedItem
from garden.names import slugify
from garden.plan.identity import proposal_id

RENAMED = 0.95
SURE = {"alone": 0.95, "strange": 0.8, "repeated": 1.0}
CAUSES = {
    "alone": "No other pattern is in {}.",
    "strange": "Neither this text nor the patterns nearest to it speak for {}.",
    "repeated": "No community need stand here twice, as {}.",
}


@dataclass(frozen=True)
class _Change:
    """What one pattern's machine-given communities need: items to take out with the cause, to rename, to put in."""

    out: tuple[tuple[Community, str], ...]
    renamed: tuple[tuple[Community, Membership], ...]
    new: tuple[Membership, ...]

    def __bool__(self) -> bool:
        return bool(self.out or self.renamed or self.new)


def community_proposals(
    patterns: Sequence[Pattern], communities: Communities, writable: Collection[int]
) -> Iterator[Proposal]:
    """Every proposal about communities, in the order of patterns."""
    plain = _mostly_plain(patterns)
    for place in sorted(writable):
        change = _change(communities, place)
        if change:
            yield _proposal(patterns, place, change, plain)


def community_items(section: Section, proposals: Sequence[Proposal]) -> tuple[WantedItem, ...]:
    """What the list of communities of ``section`` becomes under these proposals."""
    out = {entry["item"] for proposal in proposals for entry in proposal.evidence["out"]}
    renamed = {entry["item"]: entry["fields"] for proposal in proposals for entry in proposal.evidence["renamed"]}
    kept = [
        WantedItem(index=item.index, fields=renamed.get(item.index))
        for item in section.communities
        if item.index not in out
    ]
    return (*kept, *(WantedItem(fields=e["fields"]) for proposal in proposals for e in proposal.evidence["in"]))


def communities_with(old: Sequence[Community], wanted: Sequence[WantedItem]) -> tuple[Community, ...]:
    """The communities as they will read once ``wanted`` has been written."""
    return tuple(
        _community(old[item.index] if item.index is not None else None, item, place)
        for place, item in enumerate(wanted)
    )


def _community(old: Community | None, item: WantedItem, place: int) -> Community:
    if old is not None and item.fields is None and old.index == place:
        return old
    if isinstance(item.fields, str):
        return Community(index=place, id=slugify(item.fields), label=item.fields, plain=True)
    known = old.model_dump() if old else {}
    return Community.model_validate({**known, **(item.fields or {}), "index": place})


def _change(communities: Communities, place: int) -> _Change:
    wanted, people = communities.wanted[place], dict(communities.register.people[place])
    kept: dict[str, Community] = {}
    out: list[tuple[Community, str]] = []
    for key, item in communities.register.machine[place]:
        if key in people or key in kept:
            out.append((item, "repeated"))
        elif key not in wanted:
            out.append((item, "alone" if communities.sizes.get(key, 0) == 0 else "strange"))
        else:
            kept[key] = item
    renamed = [(item, wanted[key]) for key, item in kept.items() if _misspelt(item, wanted[key])]
    new = [membership for key, membership in wanted.items() if key not in people and key not in kept]
    return _Change(tuple(out), tuple(renamed), tuple(new))


def _proposal(patterns: Sequence[Pattern], place: int, change: _Change, plain: bool) -> Proposal:
    pattern = patterns[place]
    standing = pattern.section.communities if pattern.section else ()
    bare = all(item.plain for item in standing) if standing else plain
    ids = [f"-{item.id}" for item, _ in change.out] + [f"+{membership.name.id}" for membership in change.new]
    ids += [f"{item.id}>{membership.name.id}" for item, membership in change.renamed]
    return Proposal(
        id=proposal_id("set_communities", pattern.slug, *sorted(ids)),
        kind="set_communities",
        pattern=pattern.slug,
        path=pattern.path,
        target=change.new[0].name.id if change.new else None,
        confidence=_confidence(change),
        reason=_reason(change),
        evidence={
            "out": [{"item": item.index, "id": item.id, "cause": cause} for item, cause in change.out],
            "renamed": [
                {"item": item.index, "id": item.id, "fields": _renamed(item, membership)}
                for item, membership in change.renamed
            ],
            "in": [{"fields": _fields(one, bare), **_grounds(patterns, one)} for one in change.new],
            "was": [item.label if item.plain else item.model_dump(exclude={"index", "plain"}) for item in standing],
        },
        group=f"communities:{pattern.slug}",
    )


def _confidence(change: _Change) -> float:
    """That of the least sure part."""
    sure = [membership.confidence for membership in change.new] + [SURE[cause] for _, cause in change.out]
    return min([*sure, *(RENAMED for _ in change.renamed)])


def _mostly_plain(patterns: Sequence[Pattern]) -> bool:
    """Whether the library writes communities as bare strings more often than not."""
    styles = Counter(item.plain for pattern in patterns if pattern.section for item in pattern.section.communities)
    return styles[True] > styles[False]


def _fields(membership: Membership, bare: bool) -> Mapping[str, Scalar] | str:
    name = membership.name
    if bare:
        return _as_string(membership)
    return {"id": name.id, "label": name.label, "source": "inferred", "confidence": membership.confidence}


def _renamed(item: Community, membership: Membership) -> Mapping[str, Scalar] | str:
    if item.plain:
        return _as_string(membership)
    return {"id": membership.name.id, "label": membership.name.label}


def _misspelt(item: Community, membership: Membership) -> bool:
    # A bare string holds one of id and label: it is compared with what would be written in its place.
    asked = _as_string(membership) if item.plain else membership.name.id
    return slugify(item.label if item.plain else item.id) != slugify(asked)


def _as_string(membership: Membership) -> str:
    """The label, or the id where the label would be read as another community."""
    name = membership.name
    return name.label if community_key(name.label) == community_key(name.id) else name.id


def _grounds(patterns: Sequence[Pattern], membership: Membership) -> dict[str, Any]:
    return {
        "id": membership.name.id,
        "share": membership.share,
        "chance": membership.chance,
        "others": membership.others,
        "nearest": [patterns[place].slug for place in membership.nearest],
    }


def _reason(change: _Change) -> str:
    return " ".join([*_reasons_in(change), *_reasons_renamed(change), *_reasons_out(change)])


def _reasons_in(change: _Change) -> Iterator[str]:
    for membership in change.new:
        yield (
            f"{membership.name.label} holds {membership.share:.0%} of what is nearest to this pattern"
            f" (by chance {membership.chance:.0%})."
        )


def _reasons_renamed(change: _Change) -> Iterator[str]:
    for item, membership in change.renamed:
        yield f"{item.id} is another spelling of {membership.name.id}."


def _reasons_out(change: _Change) -> Iterator[str]:
    for cause, sentence in CAUSES.items():
        labels = [item.label for item, why in change.out if why == cause]
        if labels:
            listed = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"
            yield sentence.format(listed)

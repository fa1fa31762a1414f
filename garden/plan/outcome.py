"""What became of a proposal, told from three versions of its pattern: before it, with it, and as it was merged."""

from typing import Any

from garden.models import Pattern, Section
from garden.plan.decisions import Matter, Verdict


def outcome(matter: Matter, before: Pattern | None, proposed: Pattern | None, merged: Pattern) -> Verdict | None:
    """Accepted where the merged pattern says what was proposed, rejected where it says what it said before.

    Anything else is edited. ``before`` and ``proposed`` may be unknown, as after a squashed merge: then what a link was
    to be is told from the matter. None where that does not tell enough.
    """
    now = _said(matter, merged)
    if proposed is not None and now == _said(matter, proposed):
        return "accepted"
    if before is not None and now == _said(matter, before) and not (proposed is None and _done(matter, now)):
        return "rejected"
    return "edited" if proposed is not None else _by_matter(matter, now, before)


def _done(matter: Matter, now: list[Any]) -> bool:
    """Whether an item that was to be added is there, or one that was to be removed is not."""
    return bool(now) if matter.kind.startswith("add_") else matter.kind.startswith("remove_") and not now


def _by_matter(matter: Matter, now: list[Any], before: Pattern | None) -> Verdict | None:
    if matter.kind.startswith("remove_"):
        return "rejected" if now else "accepted"
    if matter.kind not in ("add_link", "retype_link"):
        # What it was to become is not kept: that it changed with the merge is a yes.
        return None if before is None else "accepted"
    if not now:
        return "rejected"
    same = any(link["type"] == matter.type for link in now)
    # A link that was retyped, or follows a new name, keeps its own confidence.
    keeps = matter.kind == "retype_link" or matter.mends is not None
    sure = keeps or any(link["confidence"] == matter.confidence for link in now)
    return "accepted" if same and sure else "edited"


def _said(matter: Matter, pattern: Pattern) -> list[Any]:
    """The part of a pattern's section that a proposal is about."""
    section = pattern.section or Section()
    if matter.kind.endswith("_link"):
        return [link.model_dump(exclude={"index"}) for link in section.links if link.target == matter.target]
    if matter.kind.endswith("_entity"):
        names = {matter.target, matter.group.removeprefix("entity:") if matter.kind == "merge_entity" else None}
        return [entity.model_dump(exclude={"index"}) for entity in section.entities if entity.id in names]
    if matter.kind == "set_communities":
        return [community.model_dump(exclude={"index"}) for community in section.communities]
    return [section.last_pruned]

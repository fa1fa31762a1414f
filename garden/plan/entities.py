"""Proposals about entities: what the text no longer bears, and what is there twice."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from garden.config import EntitySettings
from garden.entities import Ground, Group, Verdict, Wanted, fields_of, stands_from
from garden.models import Entity, Pattern, Proposal
from garden.plan.identity import proposal_id

# What ids of one idea have in common, as a reader is told, and how sure it makes the merge: measured on hand-labelled
# pairs of the corpus (benchmarks/entities_resolution.py).
REASONS = {
    "the same words": "both ids say the same words",
    "the same names": "both name the same person",
    "the same label": "both bear the same label",
    "the same words around of": "their labels say the same words in another order",
    "the same pair": "their labels join the same two things",
    "abbreviation": "one is short for the other",
    "a pattern's title": "it is the title of the pattern that bears that name",
    "the same roots": "their labels have the same words in another form",
    "the same meaning": "their labels mean the same",
}
CONFIDENCE_OF_REASON = {"the same meaning": 0.9}
# How a text bears what it is given.
GROUNDS: Mapping[Ground, str] = {
    "often": "its text speaks of {} again and again",
    "keyword": "{} is one of its keywords",
    "title": "its title names {}",
    "said": "its text speaks of {}",
}
SURE, GIVEN, RESCORED = 0.97, 0.85, 0.8


def entity_proposals(
    patterns: Sequence[Pattern], wanted: Wanted, settings: EntitySettings, writable: Collection[int]
) -> Iterator[Proposal]:
    """Every proposal about an entity, in the order of patterns and items. ``writable`` are places of patterns."""
    stands = stands_from(settings.keep_above, len(patterns))
    why = {name: (group, reason) for group in wanted.groups for name, reason in group.why.items()}
    for place, (pattern, judged) in enumerate(zip(patterns, wanted.verdicts, strict=True)):
        seen: dict[str, Entity] = {}
        for verdict in judged:
            entity = verdict.entity
            becomes = wanted.becomes.get((place, entity.index), entity.id)
            if verdict.odds < stands:
                stale = _remove(pattern, verdict, "stale", 1 - verdict.odds, _stale_reason(verdict))
                yield stale.model_copy(update={"evidence": {**stale.evidence, "backing": _backing(patterns, verdict)}})
            elif becomes in seen:
                yield _remove(pattern, verdict, "duplicate", 1.0, _duplicate_reason(entity, seen[becomes]))
            else:
                seen[becomes] = entity
                if becomes != entity.id:
                    yield _merge(pattern, entity, becomes, why.get(entity.id))
                relevance = wanted.relevance.get((place, entity.index))
                if relevance is not None:
                    yield _rescore(pattern, verdict, relevance)
        if place in writable:
            for given in wanted.given.get(place, ()):
                yield _add(pattern, given, wanted.grounds[place, given.index])


def _duplicate_reason(entity: Entity, first: Entity) -> str:
    if first.id == entity.id:
        return f"{entity.label} is already in this list."
    return f"{entity.label} is the same idea as {first.label}, which is further up in this list."


def _merge(pattern: Pattern, entity: Entity, becomes: str, found: tuple[Group, str] | None) -> Proposal:
    shared = found[1] if found else "the same words"
    return Proposal(
        id=proposal_id("merge_entity", pattern.slug, entity.id, becomes),
        kind="merge_entity",
        pattern=pattern.slug,
        path=pattern.path,
        target=entity.id,
        type=entity.type,
        confidence=CONFIDENCE_OF_REASON.get(shared, SURE),
        reason=f"{entity.id} is the same idea as {becomes}{_usage(entity.id, becomes, found)}: {REASONS[shared]}.",
        evidence={
            "item": entity.index,
            "cause": shared,
            "becomes": becomes,
            "ids": sorted({becomes, *(found[0].why if found else (entity.id,))}),
            "uses": dict(found[0].uses) if found else {},
            "fields": becomes if entity.plain else {"id": becomes},
            "was": entity.label if entity.plain else entity.model_dump(exclude={"index", "plain"}),
        },
        group=f"entity:{becomes}",
    )


def _usage(name: str, becomes: str, found: tuple[Group, str] | None) -> str:
    """Why the one id gives way to the other, where more patterns use that."""
    uses = found[0].uses if found else {}
    fewer, more = uses.get(name, 0), uses.get(becomes, 0)
    if more > fewer:
        return f", which is used more ({more} {'patterns' if more > 1 else 'pattern'}, not {fewer})"
    return ", and one id does for both"


def _add(pattern: Pattern, entity: Entity, ground: Ground) -> Proposal:
    return Proposal(
        id=proposal_id("add_entity", pattern.slug, entity.id),
        kind="add_entity",
        pattern=pattern.slug,
        path=pattern.path,
        target=entity.id,
        type=entity.type,
        confidence=GIVEN,
        reason=f"{pattern.title} has no entity, and {GROUNDS[ground].format(entity.label)}.",
        evidence={"label": entity.label, "fields": fields_of(entity)},
        group=f"entity:{pattern.slug}:{entity.id}",
    )


def _rescore(pattern: Pattern, verdict: Verdict, relevance: float) -> Proposal:
    entity = verdict.entity
    if relevance > (entity.relevance or 0):
        reason = (
            f"The text speaks of {entity.label} again and again: {entity.relevance:g} is low for that in this library."
        )
    else:
        reason = (
            f"The text never says {entity.label} word for word: {entity.relevance:g} is high for that in this library."
        )
    return Proposal(
        id=proposal_id("rescore_entity", pattern.slug, entity.id, str(entity.index)),
        kind="rescore_entity",
        pattern=pattern.slug,
        path=pattern.path,
        target=entity.id,
        type=entity.type,
        confidence=RESCORED,
        reason=reason,
        evidence={
            "item": entity.index,
            "label": entity.label,
            "fields": {"relevance": relevance},
            "was": entity.model_dump(exclude={"index", "plain"}),
        },
        group=f"entity:{pattern.slug}:{entity.id}",
    )


def _stale_reason(verdict: Verdict) -> str:
    label, found = verdict.entity.label, ", ".join(verdict.found)
    if not verdict.found:
        reason = f"The text never speaks of {label}: none of its words occurs"
    elif verdict.missed:
        occurs = "occur" if len(verdict.found) > 1 else "occurs"
        reason = f"The text hardly speaks of {label}: of its words only {found} {occurs}"
    else:
        reason = f"The text has the words of {label}, but in passing and apart"
    if verdict.nearer is not None and verdict.nearer >= 0.1:
        reason = f"{reason}, and {verdict.nearer:.0%} of the library's patterns come nearer to it"
    if verdict.backer is None:
        reason = f"{reason}; no pattern around bears anything like it"
    return f"{reason}."


def _backing(patterns: Sequence[Pattern], verdict: Verdict) -> dict[str, Any] | None:
    """What backs an entity most, as evidence: where it stands, and how much that counts, 0..0.7."""
    if verdict.backer is None:
        return None
    backer = patterns[verdict.backer[0]]
    held = {entity.index: entity for entity in backer.section.entities} if backer.section else {}
    return {"pattern": backer.slug, "label": held[verdict.backer[1]].label, "share": verdict.backing}


def _remove(pattern: Pattern, verdict: Verdict, cause: str, confidence: float, reason: str) -> Proposal:
    entity = verdict.entity
    identity = proposal_id("remove_entity", pattern.slug, entity.id, str(entity.index))
    return Proposal(
        id=identity,
        kind="remove_entity",
        pattern=pattern.slug,
        path=pattern.path,
        target=entity.id,
        type=entity.type,
        confidence=round(confidence, 2),
        reason=reason,
        evidence={
            "item": entity.index,
            "cause": cause,
            "label": entity.label,
            "odds": verdict.odds,
            "found": list(verdict.found),
            "missed": list(verdict.missed),
            "signals": dict(verdict.signals),
            "nearer": verdict.nearer,
            "was": entity.label if entity.plain else entity.model_dump(exclude={"index", "plain"}),
        },
        group=f"entity:{pattern.slug}:{entity.id}",
    )

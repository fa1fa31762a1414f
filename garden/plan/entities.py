"""Proposals about entities: what the text no longer bears, and what is there twice."""

from collections.abc import Iterator, Sequence

from garden.config import EntitySettings
from garden.entities import Verdict
from garden.models import Entity, Pattern, Proposal
from garden.plan.identity import proposal_id


def entity_proposals(
    patterns: Sequence[Pattern], verdicts: Sequence[Sequence[Verdict]], settings: EntitySettings
) -> Iterator[Proposal]:
    """Every proposal about an entity, in the order of patterns and items."""
    for pattern, judged in zip(patterns, verdicts, strict=True):
        seen: set[str] = set()
        for verdict in judged:
            if verdict.entity.id in seen:
                yield _remove(pattern, verdict, "duplicate", 1.0, f"{verdict.entity.label} is already in this list.")
            elif verdict.odds < settings.keep_above:
                yield _remove(pattern, verdict, "stale", 1 - verdict.odds, _stale_reason(verdict))
            else:
                seen.add(verdict.entity.id)


def kept_entities(verdicts: Sequence[Verdict], settings: EntitySettings) -> tuple[Entity, ...]:
    """The entities that stay: what the rest of a run may rest on, so that its own pruning changes nothing for it."""
    kept: dict[str, Entity] = {}
    for verdict in verdicts:
        if verdict.odds >= settings.keep_above:
            kept.setdefault(verdict.entity.id, verdict.entity)
    return tuple(kept.values())


def _stale_reason(verdict: Verdict) -> str:
    label, found = verdict.entity.label, ", ".join(verdict.found)
    if not verdict.found:
        reason = f"The text never speaks of {label}: none of its words occurs"
    elif verdict.missed:
        occurs = "occur" if len(verdict.found) > 1 else "occurs"
        reason = f"The text hardly speaks of {label}: of its words only {found} {occurs}"
    else:
        reason = f"The text has the words of {label}, but in passing and apart"
    if verdict.nearer is None or verdict.nearer < 0.1:
        return f"{reason}."
    return f"{reason}, and {verdict.nearer:.0%} of the library's patterns come nearer to it."


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
            "was": entity.id if entity.plain else entity.model_dump(exclude={"index", "plain"}),
        },
        group=f"entity:{pattern.slug}:{entity.id}",
    )

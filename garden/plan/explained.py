"""What becomes of a pair of patterns, or of the links of one, as values to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from garden.models import Pattern, Proposal

SHOWN = {"id", "kind", "pattern", "type", "reason"}

Status = Literal["curated", "kept", "proposed", "pruned", "not proposed"]


@dataclass(frozen=True)
class Explanation:
    """What becomes of a pair, and why.

    ``details`` are the evidence as a proposal has it: signals and shares, terms, entities, sentences, texts. ``score``
    is the sum of the shares, and ``confidence`` is read from it.
    """

    patterns: tuple[Pattern, Pattern]
    status: Status
    why: str
    type: str | None
    confidence: float
    score: float
    proposals: tuple[Proposal, ...]
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Listed:
    """One link of a pattern."""

    target: Pattern
    status: Status
    type: str | None
    confidence: float
    why: str


@dataclass(frozen=True)
class Links:
    """What becomes of all links of a pattern."""

    pattern: Pattern
    links: tuple[Listed, ...]


def as_json(found: Explanation | Links) -> dict[str, Any]:
    """The same as JSON values."""
    if isinstance(found, Links):
        links = [
            {"target": one.target.slug, "status": one.status, "type": one.type, "confidence": one.confidence,
             "reason": one.why}
            for one in found.links
        ]  # fmt: skip
        return {"pattern": found.pattern.slug, "links": links}
    return {
        "patterns": [pattern.slug for pattern in found.patterns],
        "status": found.status,
        "why": found.why,
        "type": found.type,
        "confidence": found.confidence,
        "score": found.score,
        **found.details,
        "proposals": [
            proposal.model_dump(include={"id", "kind", "pattern", "type", "reason"}) for proposal in found.proposals
        ],
    }

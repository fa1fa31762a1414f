"""All proposals of a run, in order, and the sections they lead to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from garden.communities import Communities
from garden.config import Settings
from garden.entities import Wanted
from garden.links.choose import Chosen, Pair
from garden.links.evidence import PairEvidence
from garden.links.ties import Tie
from garden.models import Pattern, Proposal, Reliability, Section, WantedSection
from garden.names import Names
from garden.plan.communities import community_proposals
from garden.plan.curated import Said
from garden.plan.entities import entity_proposals
from garden.plan.identity import proposal_id
from garden.plan.links import LinkView, link_proposals
from garden.plan.sections import applied, wanted_section

ORDER = (
    "remove_link",
    "retype_link",
    "remove_entity",
    "merge_entity",
    "rescore_entity",
    "add_entity",
    "set_communities",
    "add_link",
    "touch",
)


@dataclass(frozen=True)
class Judgement:
    """What was found out about a library. Pairs are (lower, higher) places of patterns in slug order.

    ``tested`` is how far the confidence of links was borne out by curated ones held out, where there were enough.
    """

    chosen: Chosen
    confidence: Mapping[Pair, float]
    evidence: Mapping[Pair, PairEvidence]
    curated: Mapping[Pair, Said]
    entities: Wanted
    types: Mapping[Pair, Tie] = field(default_factory=dict)
    communities: Communities | None = None
    tested: Reliability | None = None


@dataclass(frozen=True)
class Plan:
    """Proposals by pattern, in slug order, and what each changed pattern's section becomes."""

    proposals: tuple[Proposal, ...]
    wanted: Mapping[str, WantedSection]
    sections: Mapping[str, Section]


def propose(
    patterns: tuple[Pattern, ...], names: Names, judgement: Judgement, settings: Settings, today: str
) -> list[Proposal]:
    """Compares what stands with what is wanted. ``today`` is the ISO date that changed sections will bear."""
    creates = settings.section.missing == "create"
    writable = frozenset(place for place, pattern in enumerate(patterns) if pattern.section or creates)
    view = LinkView(
        patterns=patterns,
        names=names,
        vocabulary=settings.vocabulary,
        chosen=judgement.chosen,
        confidence=judgement.confidence,
        evidence=judgement.evidence,
        curated=judgement.curated,
        types=judgement.types,
        writable=writable,
        doubted=settings.links.keep_above,
    )
    proposals = [*link_proposals(view), *entity_proposals(patterns, judgement.entities, settings.entities, writable)]
    if judgement.communities:
        proposals.extend(community_proposals(patterns, judgement.communities, writable))
    proposals.extend(_touch(patterns, {proposal.pattern for proposal in proposals}, today))
    return _in_order(proposals)


def plan_of(patterns: Sequence[Pattern], proposals: Sequence[Proposal], today: str) -> Plan:
    """The plan that just these proposals make up."""
    ordered = _in_order(proposals)
    by_pattern: dict[str, list[Proposal]] = {}
    for proposal in ordered:
        by_pattern.setdefault(proposal.pattern, []).append(proposal)
    sections = {pattern.slug: pattern.section for pattern in patterns}
    wanted = {slug: wanted_section(sections[slug], changes, today) for slug, changes in by_pattern.items()}
    return Plan(tuple(ordered), wanted, {slug: applied(sections[slug], change) for slug, change in wanted.items()})


def _in_order(proposals: Iterable[Proposal]) -> list[Proposal]:
    order = {kind: place for place, kind in enumerate(ORDER)}
    return sorted(proposals, key=lambda p: (p.pattern, order[p.kind], _item(p), -p.confidence, p.target or "", p.id))


def _item(proposal: Proposal) -> int:
    item = proposal.evidence.get("item", 0)
    return item if isinstance(item, int) else 0


def _touch(patterns: Sequence[Pattern], changed: set[str], today: str) -> list[Proposal]:
    """A date of pruning that lies in the future is put right; in a file that changes anyway it is rewritten with it."""
    return [
        Proposal(
            id=proposal_id("touch", pattern.slug),
            kind="touch",
            pattern=pattern.slug,
            path=pattern.path,
            confidence=1.0,
            reason=f"last_pruned says {pattern.section.last_pruned}, which lies in the future.",
            evidence={"was": pattern.section.last_pruned},
            group=f"touch:{pattern.slug}",
        )
        for pattern in patterns
        if pattern.section and (pattern.section.last_pruned or "") > today and pattern.slug not in changed
    ]

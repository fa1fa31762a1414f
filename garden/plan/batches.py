"""A plan cut into pieces that a person can review: one topic and one kind of change at a time, in a stable order.

Proposals of one group stay together. No file is in two pieces at once, so that merging one never spoils another.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from garden.config import PublishSettings
from garden.models import Pattern, Proposal
from garden.names import names_of, slugify

Step = Literal["tidy", "links", "prune"]
STEPS: tuple[Step, ...] = ("tidy", "links", "prune")
SURE = 0.9  # Clean-ups from this confidence on are shown before any new link, the others after.
NO_COMMUNITY = "other"


@dataclass(frozen=True)
class Batch:
    """One piece: ``topic`` names it in the same way in every run, ``about`` is what a reader calls its community."""

    topic: str
    step: Step
    about: str
    proposals: tuple[Proposal, ...]

    @property
    def expected(self) -> float:
        """How many of the proposals a reviewer will probably accept."""
        return sum(proposal.confidence for proposal in self.proposals)


@dataclass(frozen=True)
class Batches:
    """The pieces for now, in order, and the proposals that wait, in the order in which they will come."""

    now: tuple[Batch, ...]
    waiting: tuple[Proposal, ...]


def cut(
    proposals: Sequence[Proposal],
    patterns: Sequence[Pattern],
    settings: PublishSettings,
    under_review: Mapping[str, Collection[str]] | None = None,
) -> Batches:
    """Cuts a plan's proposals into batches within the caps of ``settings``.

    ``under_review`` holds, by topic, the ids of proposals that reviewers have before them: those stay where they are,
    come first, and count as open. Surest clean-ups come first, then new links (under-linked patterns before others,
    then the surest), then what is less sure.
    """
    under_review = under_review or {}
    view = _View.of(patterns, under_review)
    topics: dict[str, list[_Unit]] = {}
    for unit in view.units(proposals):
        topics.setdefault(unit.topic, []).append(unit)
    order = sorted(topics, key=lambda topic: (topic not in under_review, *_rank(topics[topic]), topic))
    taken: set[str] = set()
    now: list[Batch] = []
    room = max(settings.open, len(under_review))
    for topic in order:
        if len(now) == room:
            break
        batch = _fill(sorted(topics[topic], key=_Unit.order), settings, taken, set(under_review.get(topic, ())))
        if batch:
            now.append(Batch(topic, batch[0].step, batch[0].about, tuple(p for unit in batch for p in unit.proposals)))
            taken.update(path for unit in batch for path in unit.paths)
    shown = {proposal.id for batch in now for proposal in batch.proposals}
    ordered = [p for topic in order for unit in sorted(topics[topic], key=_Unit.order) for p in unit.proposals]
    return Batches(tuple(now), tuple(p for p in ordered if p.id not in shown))


@dataclass(frozen=True)
class _Unit:
    """Proposals that make sense only together."""

    proposals: tuple[Proposal, ...]
    topic: str
    step: Step
    about: str
    under_linked: bool
    reviewed: bool
    paths: frozenset[str]

    @property
    def confidence(self) -> float:
        return min(proposal.confidence for proposal in self.proposals)

    def order(self) -> tuple[bool, bool, float, str]:
        return (not self.reviewed, not self.under_linked, -self.confidence, self.proposals[0].group)


@dataclass(frozen=True)
class _View:
    """What cutting needs to know of the library."""

    patterns: Mapping[str, Pattern]
    targets: Collection[str]
    topic_of: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, patterns: Sequence[Pattern], under_review: Mapping[str, Collection[str]]) -> "_View":
        names = names_of(patterns)
        found = (names.find(link.target) for p in patterns for link in (p.section.links if p.section else ()))
        targets = {patterns[place].slug for place in found if place is not None}
        topic_of = {one: topic for topic, ids in sorted(under_review.items()) for one in sorted(ids)}
        return cls({pattern.slug: pattern for pattern in patterns}, targets, topic_of)

    def units(self, proposals: Sequence[Proposal]) -> Iterable[_Unit]:
        groups: dict[str, list[Proposal]] = {}
        for proposal in proposals:
            groups.setdefault(proposal.group, []).append(proposal)
        return [self._unit(tuple(sorted(group, key=lambda p: (p.path, p.kind, p.id)))) for group in groups.values()]

    def _unit(self, group: tuple[Proposal, ...]) -> _Unit:
        step = _step(group)
        community, about = self._community(group)
        known = sorted(self.topic_of[p.id] for p in group if p.id in self.topic_of)
        ends = {slug for p in group for slug in (p.pattern, p.target or p.pattern)}
        return _Unit(
            proposals=group,
            topic=known[0] if known else f"{step}-{community}",
            step=step,
            about=about,
            under_linked=step == "links" and bool((ends & self.patterns.keys()) - set(self.targets)),
            reviewed=bool(known),
            paths=frozenset(p.path for p in group),
        )

    def _community(self, group: Sequence[Proposal]) -> tuple[str, str]:
        """The community that most of the group's patterns share, then the one they belong to most."""
        shares: Counter[str] = Counter()
        weights: dict[str, float] = {}
        labels: dict[str, str] = {}
        for slug in sorted({p.pattern for p in group}):
            section = self.patterns[slug].section
            for community in section.communities if section else ():
                shares[community.id] += 1
                sure = 0.5 if community.confidence is None else community.confidence
                weights[community.id] = weights.get(community.id, 0.0) + sure
                labels.setdefault(community.id, community.label)
        best = min(shares, key=lambda one: (-shares[one], -weights[one], one), default="")
        name = slugify(best) or NO_COMMUNITY
        return name, labels.get(best) or name


def _step(group: Sequence[Proposal]) -> Step:
    if all(proposal.kind == "add_link" for proposal in group):
        return "links"
    return "tidy" if min(proposal.confidence for proposal in group) >= SURE else "prune"


def _rank(units: Sequence[_Unit]) -> tuple[int, int, float, int]:
    step = min(STEPS.index(unit.step) for unit in units)
    needed = sum(unit.under_linked for unit in units)
    mean = sum(unit.confidence for unit in units) / len(units)
    return (step, -needed, -round(mean, 2), -len(units))


def _fill(
    units: Sequence[_Unit], settings: PublishSettings, taken: Collection[str], kept: Collection[str]
) -> list[_Unit]:
    """The units of one topic that fit, in order; one that does not fit is passed over, and smaller ones may follow."""
    batch: list[_Unit] = []
    paths: set[str] = set()
    links: Counter[str] = Counter()
    size = 0
    for unit in units:
        new = Counter(p.pattern for p in unit.proposals if p.kind == "add_link")
        fits = (
            len(paths | unit.paths) <= settings.files
            and size + len(unit.proposals) <= settings.proposals
            and all(links[slug] + more <= settings.links_per_pattern for slug, more in new.items())
        )
        # A group larger than a whole batch would never come: it gets one of its own.
        stays = any(p.id in kept for p in unit.proposals) or not batch
        if not (fits or stays) or not unit.paths.isdisjoint(taken):
            continue
        batch.append(unit)
        paths |= unit.paths
        size += len(unit.proposals)
        links += new
    return batch

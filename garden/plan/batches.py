"""A plan cut into pieces that a person can review: one topic and one kind of change at a time, in a stable order.

Proposals of one group stay together. No file is in two pieces at once, so that merging one never spoils another. Where
there are more topics than may be open, small ones of a kind share a piece, and those without one fill the room that is
left in others: many small topics would otherwise make reviewers wait for months.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from garden.config import PublishSettings
from garden.models import Pattern, Proposal
from garden.names import names_of, slugify

Step = Literal["tidy", "links", "prune"]
STEPS: tuple[Step, ...] = ("tidy", "links", "prune")
SURE = 0.9  # Clean-ups from this confidence on are shown before any new link, the others after.
SMALL = 20  # Topics that come to so many proposals together need no pieces of their own.
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
    under_review: Mapping[str, Sequence[str]] | None = None,
) -> Batches:
    """Cuts a plan's proposals into batches within the caps of ``settings``.

    ``under_review`` holds, by topic, the ids of proposals that reviewers have before them, in order: those stay where
    they are, come first, and count as open. Surest clean-ups come first, then new links (under-linked
    patterns before others, then the surest), then what is less sure.
    """
    under_review = under_review or {}
    view = _View.of(patterns, under_review)
    topics: dict[str, list[_Unit]] = {}
    for unit in view.units(proposals):
        topics.setdefault(unit.topic, []).append(unit)
    order = sorted(topics, key=lambda topic: (topic not in under_review, *_rank(topics[topic]), topic))
    units = {topic: sorted(topics[topic], key=_Unit.order) for topic in order}
    open_ = _opened(units, settings, under_review)
    _fill_up(open_, units, under_review)
    shown = {unit.proposals[0].group for batch in open_.values() for unit in batch.units}
    waiting = (
        p for topic in order for unit in units[topic] if unit.proposals[0].group not in shown for p in unit.proposals
    )
    return Batches(tuple(_batch(topic, draft.units) for topic, draft in open_.items()), tuple(waiting))


def _opened(
    units: Mapping[str, Sequence["_Unit"]], settings: PublishSettings, under_review: Mapping[str, Sequence[str]]
) -> dict[str, "_Draft"]:
    """The batch of each topic that may be open, in order."""
    found = _under_review(units, settings, under_review)
    room = max(settings.open, len(under_review))
    crowded = len(units) > room
    for topic, own in units.items():
        shared = _small_enough(found, own, under_review) if crowded and topic not in found else None
        if not (shared and shared.take(own, _paths_of(found, shared))):
            _open(found, topic, own, settings, room)
    for topic, own in units.items():
        _open(found, topic, own, settings, room)
    return found


def _under_review(
    units: Mapping[str, Sequence["_Unit"]], settings: PublishSettings, under_review: Mapping[str, Sequence[str]]
) -> dict[str, "_Draft"]:
    """What reviewers have before them, all of it ahead of anything new: one batch's room is never another's loss."""
    found: dict[str, _Draft] = {}
    for topic in (topic for topic in units if topic in under_review):
        draft = _Draft(settings)
        if draft.take((unit for unit in units[topic] if unit.reviewed), _paths_of(found, draft)):
            found[topic] = draft
    return found


def _open(
    found: dict[str, "_Draft"], topic: str, units: Sequence["_Unit"], settings: PublishSettings, room: int
) -> None:
    """Puts what is left of a topic into the batch it has, or into one of its own where another may be opened."""
    draft = found.get(topic) or _Draft(settings)
    if topic in found or len(found) < room:
        draft.take(_left(found, units), _paths_of(found, draft))
    if draft.units:
        found[topic] = draft


def _left(open_: Mapping[str, "_Draft"], units: Sequence["_Unit"]) -> list["_Unit"]:
    """The units that are in no batch."""
    shown = {unit.proposals[0].group for draft in open_.values() for unit in draft.units}
    return [unit for unit in units if unit.proposals[0].group not in shown]


def _small_enough(
    open_: Mapping[str, "_Draft"], units: Sequence["_Unit"], under_review: Collection[str]
) -> "_Draft | None":
    """A batch of the same kind that stays small with these units in it."""
    size = sum(len(unit.proposals) for unit in units)
    fitting = (draft for name, draft in open_.items() if name not in under_review and draft.size + size <= SMALL)
    return next((draft for draft in fitting if draft.units[0].step == units[0].step), None)


def _paths_of(open_: Mapping[str, "_Draft"], but: "_Draft") -> set[str]:
    """The files that other batches change."""
    return {path for draft in open_.values() if draft is not but for path in draft.paths}


def _fill_up(
    open_: Mapping[str, "_Draft"],
    units: Mapping[str, Sequence["_Unit"]],
    under_review: Collection[str],
) -> None:
    """Puts the topics that are not open, in order, where there is room. What is under review stays as it is."""
    for topic in (topic for topic in units if topic not in open_):
        for name, draft in open_.items():
            if name not in under_review and draft.units[0].step == units[topic][0].step:
                draft.take(units[topic], _paths_of(open_, draft))


def _batch(topic: str, units: Sequence["_Unit"]) -> Batch:
    names = list(dict.fromkeys(unit.about for unit in units))
    more = len(names) - 1
    about = names[0] if not more else f"{names[0]} and {names[1] if more == 1 else f'{more} other topics'}"
    return Batch(topic, units[0].step, about, tuple(p for unit in units for p in unit.proposals))


@dataclass(frozen=True)
class _Unit:
    """Proposals that make sense only together."""

    proposals: tuple[Proposal, ...]
    topic: str
    step: Step
    about: str
    under_linked: bool
    place: float
    paths: frozenset[str]

    @property
    def confidence(self) -> float:
        return min(proposal.confidence for proposal in self.proposals)

    @property
    def links(self) -> Counter[str]:
        return Counter(p.pattern for p in self.proposals if p.kind == "add_link")

    @property
    def reviewed(self) -> bool:
        return self.place < inf

    def order(self) -> tuple[float, bool, float, str]:
        return (self.place, not self.under_linked, -self.confidence, self.proposals[0].group)


@dataclass(frozen=True)
class _View:
    """What cutting needs to know of the library."""

    patterns: Mapping[str, Pattern]
    targets: Collection[str]
    reviewed: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, patterns: Sequence[Pattern], under_review: Mapping[str, Sequence[str]]) -> "_View":
        names = names_of(patterns)
        found = (names.find(link.target) for p in patterns for link in (p.section.links if p.section else ()))
        targets = {patterns[place].slug for place in found if place is not None}
        reviewed = {one: (topic, place) for topic, ids in sorted(under_review.items()) for place, one in enumerate(ids)}
        return cls({pattern.slug: pattern for pattern in patterns}, targets, reviewed)

    def units(self, proposals: Sequence[Proposal]) -> Iterable[_Unit]:
        groups: dict[str, list[Proposal]] = {}
        for proposal in proposals:
            groups.setdefault(proposal.group, []).append(proposal)
        return [self._unit(tuple(sorted(group, key=lambda p: (p.path, p.kind, p.id)))) for group in groups.values()]

    def _unit(self, group: tuple[Proposal, ...]) -> _Unit:
        step = _step(group)
        community, about = self._community(group)
        topic, place = min((self.reviewed[p.id] for p in group if p.id in self.reviewed), default=("", inf))
        ends = {slug for p in group for slug in (p.pattern, p.target or p.pattern)}
        return _Unit(
            proposals=group,
            topic=topic or f"{step}-{community}",
            step=step,
            about=about,
            under_linked=step == "links" and bool((ends & self.patterns.keys()) - set(self.targets)),
            place=place,
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


@dataclass
class _Draft:
    """A batch that is being filled."""

    settings: PublishSettings
    units: list[_Unit] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    size: int = 0
    links: Counter[str] = field(default_factory=Counter)

    def take(self, units: Iterable[_Unit], taken: Collection[str]) -> bool:
        """Takes the units that fit, in order, and says whether there were any; one that does not fit is passed over."""
        before = self.size
        here = {unit.proposals[0].group for unit in self.units}
        for unit in units:
            # A group larger than a whole batch would never come: it gets one of its own.
            stays = unit.reviewed or not self.units
            fresh = unit.proposals[0].group not in here and unit.paths.isdisjoint(taken)
            if fresh and (stays or self._fits(unit)):
                self.units.append(unit)
                self.paths |= unit.paths
                self.size += len(unit.proposals)
                self.links += unit.links
        return self.size > before

    def _fits(self, unit: _Unit) -> bool:
        return (
            len(self.paths | unit.paths) <= self.settings.files
            and self.size + len(unit.proposals) <= self.settings.proposals
            and all(self.links[slug] + more <= self.settings.links_per_pattern for slug, more in unit.links.items())
        )

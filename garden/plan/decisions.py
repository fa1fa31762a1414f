"""What reviewers said, and what follows from it for the next run: what stays away, and what stands.

A decision rests on the texts of the patterns that it speaks of. A no holds while those texts stand but for a few words,
whatever the patterns are called meanwhile; a yes to a link holds for as long as both patterns can be found.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from garden.models import Kind, Pattern, Proposal, Value
from garden.names import Names, names_of
from garden.plan.identity import target_of
from garden.sketch import alike

Verdict = Literal["accepted", "edited", "rejected", "snoozed", "closed"]
Pair = tuple[int, int]
Question = tuple[str | int, ...]

LINK_KINDS = ("add_link", "remove_link", "retype_link")
CLOSED_TWICE = 2  # A pull request closed unmerged may have been closed for reasons of its own.
REST_AFTER = 2  # Links of one pattern turned down, after which it is left in peace (as Wikipedia's Add-a-link does).


class End(Value):
    """A pattern that a decision speaks of. ``text`` is its text's hash at that time, ``sketch`` its sketch."""

    slug: str
    id: str | None = None
    text: str
    sketch: str = ""

    @classmethod
    def of(cls, pattern: Pattern) -> "End":
        """A pattern as it is now."""
        return cls(slug=pattern.slug, id=pattern.id, text=pattern.text_hash, sketch=pattern.text_sketch)

    def stands(self, pattern: Pattern) -> bool:
        """Whether a pattern's text is still what it was, but for a few words."""
        return pattern.text_hash == self.text or alike(pattern.text_sketch, self.sketch)


class Matter(Value):
    """What one proposal was about, as it is remembered.

    ``ends`` are the pattern and, for a link, its target, where that exists. ``signals`` are what each signal gave to
    the confidence, ``base`` what the confidence was before decisions had a say in it, None where they had none.
    ``mends`` is the old name that a link gives up, as it follows a renamed pattern.
    """

    proposal: str
    kind: Kind
    group: str
    ends: tuple[End, ...]
    target: str | None = None
    type: str | None = None
    confidence: float
    base: float | None = None
    mends: str | None = None
    signals: Mapping[str, float] = Field(default_factory=dict)

    def decided(self, verdict: Verdict, said: "Said") -> "Decision":
        """What was said to it."""
        return Decision.model_validate({**self.model_dump(), "verdict": verdict, **said.__dict__})

    def lean(self) -> dict[str, Any]:
        """Its values without what is empty, as JSON takes them."""
        values = self.model_dump(mode="json")
        values["ends"] = [{key: value for key, value in end.items() if value} for end in values["ends"]]
        return {key: value for key, value in values.items() if value not in (None, "", {})}


class Decision(Matter):
    """What a reviewer said to one proposal.

    ``who`` is empty where nobody told; ``when`` is an ISO time in UTC, ``where`` the commit, pull request or terminal,
    ``until`` the ISO date to which a snoozed proposal sleeps. ``closed`` means that a pull request was closed with the
    proposal in it: two of those are a rejection.
    """

    verdict: Verdict
    when: str
    who: str = ""
    where: str
    why: str = ""
    until: str | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """Where the decision stands in the ledger: beside the others on the same matter, in order of time."""
        owner = self.ends[0].slug if self.ends else ""
        return (self.group, self.kind, owner, self.proposal, self.when, self.where, self.verdict)


@dataclass(frozen=True)
class Said:
    """Who said something, when and where; see ``Decision``."""

    who: str
    when: str
    where: str
    why: str = ""
    until: str | None = None


def decision(proposal: Proposal, verdict: Verdict, patterns: Mapping[str, Pattern], said: Said) -> Decision:
    """The decision on a proposal, with the texts that it rests on. ``patterns`` are by slug."""
    return matter(proposal, patterns).decided(verdict, said)


def matter(proposal: Proposal, patterns: Mapping[str, Pattern]) -> Matter:
    """What a proposal is about, with the texts that it rests on. ``patterns`` are by slug."""
    slugs = [proposal.pattern]
    if proposal.kind in LINK_KINDS and proposal.target and proposal.target != proposal.pattern:
        slugs.append(proposal.target)
    known = [patterns[slug] for slug in slugs if slug in patterns]
    return Matter(
        proposal=proposal.id,
        kind=proposal.kind,
        group=proposal.group,
        ends=tuple(map(End.of, known)),
        target=proposal.target,
        type=proposal.type,
        confidence=proposal.confidence,
        base=base if isinstance(base := proposal.evidence.get("base"), float) else None,
        mends=mends if isinstance(mends := proposal.evidence.get("mends"), str) else None,
        signals=signals_of(proposal),
    )


def signals_of(proposal: Proposal) -> dict[str, float]:
    """How much each signal gave to a proposal's confidence; empty where its evidence does not say."""
    signals = proposal.evidence.get("shares", proposal.evidence.get("signals"))
    if not isinstance(signals, Mapping):
        return {}
    return {
        str(name): round(float(share), 3) for name, share in sorted(signals.items()) if isinstance(share, int | float)
    }


def with_mates(chosen: Iterable[str], proposals: Sequence[Proposal]) -> set[str]:
    """The ids ``chosen`` and those of all proposals that only make sense together with them."""
    wanted = set(chosen)
    if not wanted:
        return set()
    groups = {proposal.group for proposal in proposals if proposal.id in wanted}
    return wanted | {proposal.id for proposal in proposals if proposal.group in groups}


def in_time(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions in the order of time. Of what was said at once, of two mates say, a no counts last."""
    return sorted(decisions, key=lambda said: (said.when, said.verdict == "rejected", said.order))


def withheld(
    proposals: Sequence[Proposal], decisions: Iterable[Decision], patterns: Sequence[Pattern], today: str
) -> set[str]:
    """The ids of proposals that must not be shown: rejected while their texts stand, or asleep on the day ``today``.

    A proposal takes its mates along. ``patterns`` are in slug order.
    """
    memory = Memory.of(decisions, patterns, today)
    return with_mates((p.id for p in proposals if memory.quiet(p)), proposals)


@dataclass
class _Stance:
    """What holds on one question after all that was said of it."""

    no: bool = False
    until: str = ""
    closed: set[str] = field(default_factory=set)

    def hear(self, said: Decision) -> None:
        if said.verdict == "closed":
            self.closed.add(said.where)
            self.no = self.no or len(self.closed) >= CLOSED_TWICE
            return
        self.no = said.verdict == "rejected"
        self.until = (said.until or "") if said.verdict == "snoozed" else ""
        self.closed.clear()


@dataclass(frozen=True)
class Memory:
    """Decisions seen from a library as it is; pairs are (lower, higher) places of patterns in slug order.

    ``rejected`` are pairs that must not be candidates for a link, so that another takes the place. ``accepted`` are
    pairs that a person has said yes to; the value says whether both texts still stand: a changed one makes the link due
    for another look.
    """

    rejected: frozenset[Pair]
    accepted: Mapping[Pair, bool]
    names: Names
    stances: Mapping[Question, _Stance]
    today: str

    @classmethod
    def of(cls, decisions: Iterable[Decision], patterns: Sequence[Pattern], today: str) -> "Memory":
        """What ``decisions`` mean for ``patterns``, which are in slug order, on the ISO date ``today``."""
        ordered = in_time(decisions)
        # Where nothing was said, nobody asks for a pattern.
        finder = Finder.of(patterns if ordered else ())
        stances: dict[Question, _Stance] = {}
        accepted: dict[Pair, bool] = {}
        for said in ordered:
            places = finder.places(said.ends)
            if not places:
                continue
            stands = all(end.stands(patterns[place]) for place, end in zip(places, said.ends, strict=True))
            if stands:
                stances.setdefault(_question(said, places), _Stance()).hear(said)
            _settle(said, places, accepted, stands=stands)
        questions = [question for question, stance in stances.items() if stance.no and question[0] == "add_link"]
        rejected = {(a, b) for _, a, b in questions if isinstance(a, int) and isinstance(b, int)}
        return cls(frozenset(rejected), dict(sorted(accepted.items())), finder.names, stances, today)

    @property
    def resting(self) -> frozenset[int]:
        """The places of patterns for which no new links are looked for until their text changes.

        So many of their links were turned down, and more than were accepted: what comes next would be no better.
        """
        no, yes = (Counter(place for pair in pairs for place in pair) for pairs in (self.rejected, self.accepted))
        return frozenset(place for place, count in no.items() if count >= REST_AFTER and count > yes[place])

    def standing(self, existing: Mapping[Pair, float], keep_above: float) -> set[Pair]:
        """The existing pairs that stay because a person said yes, their confidence being ``existing``.

        Where a text has changed since, the link must still rate ``keep_above``.
        """
        return {p for p, same in self.accepted.items() if p in existing and (same or existing[p] >= keep_above)}

    def quiet(self, proposal: Proposal) -> bool:
        """Whether this very question has been answered with no, or put off to a later day."""
        if not self.stances:
            return False
        owner = self.names.exact(proposal.pattern)
        other = target_of(proposal, self.names) if proposal.kind in LINK_KINDS else None
        places = tuple(dict.fromkeys(place for place in (owner, other) if place is not None))
        # A decision on a link whose target bears another name by now knows one end only.
        asked = {_question(proposal, ends) for ends in (places, places[:1]) if ends}
        stances = [self.stances[question] for question in asked if question in self.stances]
        return any(stance.no or stance.until > self.today for stance in stances)


@dataclass(frozen=True)
class Finder:
    """Finds the patterns that a decision speaks of, which may have another name by now."""

    patterns: Sequence[Pattern]
    names: Names
    by_text: Mapping[str, int]

    @classmethod
    def of(cls, patterns: Sequence[Pattern]) -> "Finder":
        """Patterns are in slug order."""
        return cls(
            patterns, names_of(patterns), {p.text_hash: place for place, p in reversed(list(enumerate(patterns)))}
        )

    def places(self, ends: Sequence[End]) -> tuple[int, ...]:
        """The place of each end, or nothing where one is gone or two have become one."""
        found = tuple(place for place in map(self._place, ends) if place is not None)
        return found if len(set(found)) == len(ends) else ()

    def _place(self, end: End) -> int | None:
        by_id = self.names.ids.get(end.id) if end.id else None
        known = [
            place for place in (by_id, self.names.exact(end.slug), self.by_text.get(end.text)) if place is not None
        ]
        same = [place for place in known if self.patterns[place].text_hash == end.text]
        near = [place for place in known if end.stands(self.patterns[place])]
        return next(iter(same or near or known), self.names.find(end.slug))


def _question(asked: Proposal | Decision, places: tuple[int, ...]) -> Question:
    """What is asked, apart from who asks it when: the same for both ends of a link that is added or removed."""
    if asked.kind in ("add_link", "remove_link"):
        return (asked.kind, *sorted(places)) if len(places) > 1 else (asked.kind, places[0], asked.target or "")
    if asked.kind == "retype_link":
        return (asked.kind, *places, asked.target or "" if len(places) == 1 else "", asked.type or "")
    if asked.kind == "merge_entity":
        return (asked.kind, places[0], asked.group)
    return (asked.kind, places[0], asked.target or "")


def _settle(said: Decision, places: tuple[int, ...], accepted: dict[Pair, bool], *, stands: bool) -> None:
    """Takes in what one decision says on whether a pair should be linked at all."""
    if len(places) < 2 or said.kind == "retype_link" or said.verdict not in ("accepted", "edited", "rejected"):
        return
    pair = (min(places), max(places))
    if (said.kind == "add_link") == (said.verdict != "rejected"):
        accepted[pair] = stands
    elif stands:
        accepted.pop(pair, None)

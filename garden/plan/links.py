"""Proposals about links: what is wanted for each chosen pair, and why each of the others goes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from garden.links.choose import Chosen, Pair
from garden.links.evidence import PairEvidence, own_reasons
from garden.links.reasons import LONGEST, alone_called, both_called
from garden.links.ties import Tie
from garden.models import Link, Pattern, Proposal
from garden.names import Heirs, Names
from garden.plan.curated import Said, curated_ties
from garden.plan.ends import at_first, bare_end, other_end
from garden.plan.identity import pair_group, proposal_id
from garden.plan.relations import Known, Relation, relations
from garden.vocabulary import Vocabulary

NEARLY = 0.9  # How sure it is that the one pattern of nearly the same name was meant.
DECLINED = 0.9  # How sure a link goes whose other end was turned down.
KEPT = 0.9  # How sure the other end is of a link that a person has let stand.


@dataclass(frozen=True)
class LinkView:
    """All that proposals about links rest on; patterns are in slug order and pairs are (lower, higher) places."""

    patterns: tuple[Pattern, ...]
    names: Names
    vocabulary: Vocabulary
    chosen: Chosen
    confidence: Mapping[Pair, float]
    evidence: Mapping[Pair, PairEvidence]
    curated: Mapping[Pair, Said]
    types: Mapping[Pair, Tie] = field(default_factory=dict)
    writable: frozenset[int] = frozenset()
    doubted: float = 0.0  # The confidence below which a pair's texts give no reason for its other end.

    @cached_property
    def unique_names(self) -> dict[str, str]:
        """What each slug's pattern alone is called: its title, or the slug where another has the same title."""
        return alone_called({pattern.slug: pattern.title for pattern in self.patterns})

    @cached_property
    def reasons(self) -> dict[Pair, str]:
        """What each end (owner, other) of a pair that is new gives as its reason, no two the same."""
        said: dict[Pair, tuple[str, ...]] = {}
        for place, pattern in enumerate(self.patterns):
            for link in pattern.section.links if pattern.section else ():
                other = self.names.exact(link.target)
                if other is not None and (min(place, other), max(place, other)) in self.chosen.pairs:
                    said[place, other] = at_first(link.reason)
        return own_reasons(self.evidence, [pattern.slug for pattern in self.patterns], said)


def standing_pairs(patterns: tuple[Pattern, ...], names: Names) -> dict[Pair, tuple[int, ...]]:
    """The pairs that inferred links of the library join, with the places of the patterns that hold them.

    A link under an old name joins a pair, yet its file does not hold it: there it is written anew.
    """
    held: dict[Pair, set[int]] = {}
    for place, pattern in enumerate(patterns):
        for link in pattern.section.links if pattern.section else ():
            other = names.meant(link.target)
            if other is not None and other != place:
                holders = held.setdefault((min(place, other), max(place, other)), set())
                holders.update({place} if names.exact(link.target) is not None else ())
    return {pair: tuple(sorted(places)) for pair, places in sorted(held.items())}


def typed_pairs(patterns: Sequence[Pattern], names: Names, vocabulary: Vocabulary) -> frozenset[Pair]:
    """The pairs of which a standing link says a type that the vocabulary has."""
    return frozenset(
        (min(place, other), max(place, other))
        for place, pattern in enumerate(patterns)
        for link in (pattern.section.links if pattern.section else ())
        if vocabulary.canonical(link.type) and (other := names.meant(link.target)) is not None
    )


def link_proposals(view: LinkView) -> list[Proposal]:
    """Every proposal about a link, in no particular order."""
    standing: dict[Pair, dict[int, Link]] = {}
    proposals: list[Proposal] = []
    for place, pattern in enumerate(view.patterns):
        links = pattern.section.links if pattern.section else ()
        # What goes by the present name comes first: an old name beside it is a repeat.
        for link in sorted(links, key=lambda one: view.names.exact(one.target) is None):
            proposals.extend(_judge(view, place, pattern, link, standing))
    known = Known(
        vocabulary=view.vocabulary,
        curated=curated_ties(view.patterns, view.names, view.vocabulary),
        learned=view.types,
        accepted=view.chosen.accepted,
    )
    for pair, relation in sorted(relations(view.chosen.pairs, standing, known, view.confidence).items()):
        proposals.extend(_settle(view, pair, standing.get(pair, {}), relation))
    return proposals


def _judge(
    view: LinkView, place: int, pattern: Pattern, link: Link, standing: dict[Pair, dict[int, Link]]
) -> Iterator[Proposal]:
    """Takes a link that stays into ``standing``; proposes to remove any other."""
    other = view.names.meant(link.target)
    if other is None:
        if not view.names.unread(link.target):
            yield _remove(pattern, link, _dead(view, pattern, link))
        return
    if other == place:
        yield _remove(pattern, link, _Cause("self", "A pattern is not linked with itself."))
        return
    pair = (min(place, other), max(place, other))
    target = view.patterns[other]
    if pair in view.curated:
        yield _remove(pattern, link, _curated(view, view.curated[pair], pattern, target), target)
    elif pair not in view.chosen.pairs:
        yield _unwanted(view, pair, pattern, link, target)
    elif view.names.exact(link.target) is None:
        yield _remove(pattern, link, _renamed(view, pattern, link, target), target)
        standing.setdefault(pair, {}).setdefault(place, link)
    elif place in standing.get(pair, {}):
        own, named = _called(pattern, target)
        yield _remove(pattern, link, _Cause("duplicate", f"{own} links to {named} further up already."), target)
    else:
        standing.setdefault(pair, {})[place] = link


def _called(one: Pattern, other: Pattern) -> tuple[str, str]:
    """What a reason calls two patterns, told apart."""
    return both_called((one.title, other.title), (one.slug, other.slug))


def _dead(view: LinkView, pattern: Pattern, link: Link) -> "_Cause":
    """Why a link without a target goes, with the patterns that may have been meant."""
    heirs = view.names.heirs.get(link.target, Heirs())
    reason = f"No pattern of this library is called {link.target}, to which {view.unique_names[pattern.slug]} links"
    slugs = tuple(view.patterns[place].slug for place in heirs.places)
    if slugs:
        reason += f"; {' and '.join(slugs)} {'are' if len(slugs) > 1 else 'is'} called something like it"
    return _Cause("dead", f"{reason}.", candidates=slugs)


def _renamed(view: LinkView, pattern: Pattern, link: Link, target: Pattern) -> "_Cause":
    """Why a link gives way to one by the name that its target goes by now."""
    heirs = view.names.heirs.get(link.target, Heirs())
    own, _ = _called(pattern, target)
    if heirs.cause == "name":
        reason = f"No pattern is called {link.target}, to which {own} links; only {target.slug} is called nearly so."
        return _Cause("renamed", reason, NEARLY, candidates=(target.slug,))
    how = ", as git has it" if heirs.cause else ""
    return _Cause("renamed", f"{link.target}, to which {own} links, is now called {target.slug}{how}.")


def _curated(view: LinkView, said: Said, pattern: Pattern, target: Pattern) -> "_Cause":
    """Why a link goes that repeats what people say. They may say it by an old name, which is as sure as its heir is."""
    own, other = _called(pattern, target)
    if view.patterns[said.place] is pattern:
        reason = f"{own} already names {other} under {said.kind}{said.by_name}, in its curated relationships."
    else:
        reason = f"{other} already names {own} under {said.kind}{said.by_name}, so the link from here is a repeat."
    guessed = bool(said.old) and view.names.heirs[said.old].cause == "name"
    return _Cause("curated", reason, NEARLY if guessed else 1.0)


def _unwanted(view: LinkView, pair: Pair, pattern: Pattern, link: Link, target: Pattern) -> Proposal:
    confidence = view.confidence.get(pair, 0.0)
    own, other = _called(pattern, target)
    if pair in view.chosen.declined:
        reason = f"A link between {own} and {other} was turned down."
        return _remove(pattern, link, _Cause("declined", reason, DECLINED), target)
    if pair in view.chosen.crowded_out:
        reason = f"Surer links take every place of {own} or of {other}; this one rates {confidence:.2f}."
        return _remove(pattern, link, _Cause("full", reason, 1 - confidence), target)
    reason = f"The two texts do not bear it: {own} with {other} rates {confidence:.2f}."
    return _remove(pattern, link, _Cause("weak", reason, 1 - confidence), target)


@dataclass(frozen=True)
class _Cause:
    """Why a link goes, and how sure that is."""

    name: str
    reason: str
    confidence: float = 1.0
    candidates: tuple[str, ...] = ()


def _remove(pattern: Pattern, link: Link, cause: _Cause, target: Pattern | None = None) -> Proposal:
    other = target.slug if target else link.target
    return Proposal(
        id=proposal_id("remove_link", pattern.slug, link.target, link.type or "", str(link.index)),
        kind="remove_link",
        pattern=pattern.slug,
        path=pattern.path,
        target=link.target,
        type=link.type,
        confidence=round(cause.confidence, 2),
        reason=cause.reason,
        evidence={
            "item": link.index,
            "cause": cause.name,
            "was": link.model_dump(exclude={"index"}),
            **({"candidates": list(cause.candidates)} if cause.candidates else {}),
        },
        group=pair_group(pattern.slug, other),
    )


def _settle(view: LinkView, pair: Pair, items: Mapping[int, Link], relation: Relation) -> Iterator[Proposal]:
    """Makes the two files agree on the type of a chosen pair, and adds the link where one of them lacks it."""
    left, right = pair
    for place, other in ((left, right), (right, left)):
        pattern, target, type_ = view.patterns[place], view.patterns[other], relation.types.get(place)
        if type_ is None or place not in view.writable:
            continue
        link = items.get(place)
        named = link is not None and view.names.exact(link.target) is not None
        if not named and pair not in view.evidence:
            # Nobody could see why: one of the two says nothing.
            continue
        if link is None:
            yield _add(view, pair, (pattern, target), type_, items.get(other))
        elif not named:
            yield _mend(view, (pattern, target), link, _add(view, pair, (pattern, target), type_))
        elif link.type != type_:
            yield _retype(view, (pattern, target), link, type_, relation.circle)


def _add(view: LinkView, pair: Pair, ends: tuple[Pattern, Pattern], type_: str, mate: Link | None = None) -> Proposal:
    """The link from the first of the ends; ``mate`` is the one that stands in the other file."""
    pattern, target = ends
    reason = view.reasons[pair if pattern.slug < target.slug else pair[::-1]]
    if mate:
        bare = bare_end(*(view.unique_names[end.slug] for end in ends))
        reason = bare if view.confidence[pair] < view.doubted else other_end(reason, *_called(*ends))
    rated = round(view.confidence[pair], 2)
    confidence = max(rated, _sureness(mate)) if mate and pair in view.chosen.accepted else rated
    evidence = dict(view.evidence[pair].details)
    if confidence != rated:
        evidence.setdefault("base", rated)
    return Proposal(
        id=proposal_id("add_link", pattern.slug, target.slug),
        kind="add_link",
        pattern=pattern.slug,
        path=pattern.path,
        target=target.slug,
        type=type_,
        confidence=confidence,
        reason=reason,
        evidence={
            **evidence,
            "fields": {"target": target.slug, "type": type_, "confidence": confidence, "reason": reason},
        },
        group=pair_group(pattern.slug, target.slug),
    )


def _sureness(kept: Link) -> float:
    """How sure the other end is of a link that a person has let stand: as sure as that link says it is, at least."""
    said = kept.confidence if kept.confidence is not None and 0 <= kept.confidence <= 1 else 0.0
    return round(max(said, KEPT), 2)


def _mend(view: LinkView, ends: tuple[Pattern, Pattern], link: Link, new: Proposal) -> Proposal:
    """The same link under the present name, as sure as the name is: its item keeps all else that it holds."""
    cause = _renamed(view, ends[0], link, ends[1])
    kept = {name: value for name, value in (("confidence", link.confidence), ("reason", link.reason)) if value}
    fields = {"target": new.target, "type": new.type, **kept}
    evidence = {**new.evidence, "cause": cause.name, "mends": link.target, "item": link.index, "fields": fields}
    return new.model_copy(update={"confidence": cause.confidence, "reason": cause.reason, "evidence": evidence})


def _circle_reason(type_: str, titles: Sequence[str]) -> str:
    """Why a type that closes a circle goes: the circle, or its length where its titles are too many."""
    whole = f"{type_} would close a circle of {' → '.join([*titles, titles[0]])}."
    return whole if len(whole) <= LONGEST else f"{type_} would close a circle of {len(titles)} patterns."


def _retype(view: LinkView, ends: tuple[Pattern, Pattern], link: Link, type_: str, circle: Sequence[int]) -> Proposal:
    pattern, target = ends
    own, other = _called(pattern, target)
    known = view.vocabulary.canonical(link.type)
    if link.type is None:
        reason = f"The link from {own} to {other} has no type."
    elif known is None:
        reason = f"{own} says {link.type!r} of {other}, which is no link type of this library."
    elif known == type_:
        reason = f"{own} says {link.type!r} of {other}, which is another name for {type_}."
    elif circle:
        reason = _circle_reason(known, [view.patterns[place].title for place in circle])
    else:
        inverse = view.vocabulary.inverse(type_)
        reason = f"{other} says {inverse} of {own}, so this end is {type_}."
    return Proposal(
        id=proposal_id("retype_link", pattern.slug, link.target, type_, str(link.index)),
        kind="retype_link",
        pattern=pattern.slug,
        path=pattern.path,
        target=target.slug,
        type=type_,
        confidence=1.0 if known == type_ else 0.9,
        reason=reason,
        evidence={"item": link.index, "fields": {"type": type_}, "was": link.model_dump(exclude={"index"})},
        group=pair_group(pattern.slug, target.slug),
    )

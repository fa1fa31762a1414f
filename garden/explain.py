"""Why two patterns are linked, or not, and what becomes of the links of one: the ranking asked about single pairs."""

from collections.abc import Iterator, Sequence

from garden.errors import InputError
from garden.findings import Findings, embed, find, judgement_of
from garden.linking import meanings_of
from garden.links import Pair, PairEvidence, explain_pairs
from garden.links.reasons import both_called
from garden.models import Proposal
from garden.names import unknown
from garden.plan.explained import Explanation, Links, Listed, Status
from garden.plan.identity import pair_group
from garden.run import Known, Request
from garden.tend import planned, read
from garden.tools import Tools

DIGITS = 4


def explain(request: Request, tools: Tools, name: str, other: str | None = None) -> Explanation | Links:
    """Explains the pair of two patterns, or the links of one. Patterns go by slug, id or alias. Nothing is written.

    Raises ``UnknownPattern``, ``InputError`` where both are one pattern, and what ``tend`` raises.
    """
    known = read(request, tools)
    place = _place(known, name)
    second = None if other is None else _place(known, other)
    if second == place:
        raise InputError(other or name, 0, "is the same pattern: a pattern is not linked with itself")
    case = _Case(request, known, find(request, known, embed(known, tools), tools), tools)
    return case.links(place) if second is None else case.explanation(place, second)


def _place(known: Known, name: str) -> int:
    found = known.names.find(name)
    if found is None:
        raise unknown(name, known.library.patterns, known.library.problems)
    return found


class _Case:
    """A library with all that was found out about it."""

    def __init__(self, request: Request, known: Known, found: Findings, tools: Tools) -> None:
        self._request, self._found = request, found
        self._meanings = meanings_of(found.ranked, tools.encoder, tools.store)
        self._patterns = known.library.patterns
        self._groups: dict[str, list[Proposal]] = {}
        for proposal in planned(request, known, judgement_of(found)).proposals:
            if proposal.kind.endswith("_link"):
                self._groups.setdefault(proposal.group, []).append(proposal)

    def explanation(self, place: int, other: int) -> Explanation:
        pair = (min(place, other), max(place, other))
        evidence = self._evidence(pair)
        proposals = self._proposals(pair)
        status, why = self._fate(pair, grounded=evidence.grounded)
        own = next((p for p in proposals if p.pattern == self._patterns[place].slug), None)
        shares = self._found.ranked.ranking.verdicts([pair]).shares[0]
        return Explanation(
            patterns=(self._patterns[place], self._patterns[other]),
            status=status,
            why=own.reason if own and own.kind != "retype_link" else why,
            type=self._type(place, other, own),
            confidence=self._confidence(pair, own),
            score=round(float(shares.sum()), DIGITS),
            proposals=tuple(proposals),
            details=evidence.details,
        )

    def _evidence(self, pair: Pair) -> PairEvidence:
        ranked = self._found.ranked.bearing(self._found.entities.standing)
        known = self._found.evidence.get(pair)
        return known or explain_pairs(ranked.shelf, ranked.ranking, [pair], self._meanings)[pair]

    def links(self, place: int) -> Links:
        """Kept and proposed links, surest first, then those that go, then the curated ones."""
        order = ("kept", "proposed", "pruned", "curated")
        listed = sorted(
            self._listed(place), key=lambda one: (order.index(one.status), -one.confidence, one.target.slug)
        )
        return Links(self._patterns[place], tuple(listed))

    def _listed(self, place: int) -> Iterator[Listed]:
        linking = self._found.linking
        pairs = {*linking.standing, *linking.chosen.pairs, *self._found.ranked.curated}
        for pair in sorted(pair for pair in pairs if place in pair):
            other = pair[0] + pair[1] - place
            status, why = self._fate(pair)
            own = next((p for p in self._proposals(pair) if p.pattern == self._patterns[place].slug), None)
            if own and own.kind == "retype_link":
                status = "kept"
            if status != "not proposed":
                yield Listed(
                    target=self._patterns[other],
                    status=status,
                    type=self._type(place, other, own),
                    confidence=self._confidence(pair, own),
                    why=own.reason if own else why,
                )

    def _proposals(self, pair: Pair) -> Sequence[Proposal]:
        return self._groups.get(pair_group(*(self._patterns[place].slug for place in pair)), ())

    def _confidence(self, pair: Pair, own: Proposal | None = None) -> float:
        """What a pair rates; what its proposal says where that only completes a link which stands."""
        known = self._found.linking.confidence
        value = known[pair] if pair in known else self._found.ranked.ranking.confidence_of(*pair)
        completes = own is not None and own.kind == "add_link" and pair in self._found.linking.standing
        return own.confidence if own and completes else round(float(value), DIGITS)

    def _type(self, place: int, other: int, own: Proposal | None) -> str | None:
        if own is not None:
            return own.type
        section = self._patterns[place].section
        target = self._patterns[other].slug
        return next((link.type for link in (section.links if section else ()) if link.target == target), None)

    def _fate(self, pair: Pair, *, grounded: bool = True) -> tuple[Status, str]:
        """What becomes of a pair, and why in a sentence."""
        proposals = self._proposals(pair)
        linking, settings = self._found.linking, self._request.settings.links
        if pair in self._found.ranked.curated:
            tie = self._found.ranked.curated[pair]
            one, other = self._called(tie.place, sum(pair) - tie.place)
            return "curated", f"People have said it: {one} names {other} under {tie.kind}{tie.by_name}."
        for kind, status in (("add_link", "proposed"), ("remove_link", "pruned")):
            said = next((p for p in proposals if p.kind == kind), None)
            if said:
                return status, said.reason  # type: ignore[return-value]
        if pair in linking.standing:
            return "kept", "It stands in a file, and nothing speaks against it."
        return "not proposed", self._why_not(pair, settings.add_above, grounded=grounded)

    def _called(self, place: int, other: int) -> tuple[str, str]:
        ends = self._patterns[place], self._patterns[other]
        return both_called((ends[0].title, ends[1].title), (ends[0].slug, ends[1].slug))

    def _why_not(self, pair: Pair, least: float, *, grounded: bool) -> str:
        linking, confidence = self._found.linking, self._confidence(pair)
        if pair in linking.rejected:
            return "A reviewer turned it down, and the texts are still the same."
        if pair in linking.chosen.pairs:
            return "A reviewer has put it off, or the file may not be given a section."
        if confidence < least:
            return f"It rates {confidence:.2f}; new links are proposed from {least:.2f} on."
        if pair not in linking.candidates:
            return "Neither is among the patterns nearest to the other."
        if not grounded:
            return f"It rates {confidence:.2f}, but there is too little that both share: no phrase, and not two topics."
        return f"It rates {confidence:.2f}, but surer links take every place of {self._full(pair)}."

    def _full(self, pair: Pair) -> str:
        """The ends whose places are all taken."""
        taken = self._found.linking.chosen.pairs
        most = self._request.settings.links.most
        full = [place for place in pair if sum(place in one for one in taken) >= most] or list(pair)
        return " and of ".join(name for place, name in zip(pair, self._called(*pair), strict=True) if place in full)

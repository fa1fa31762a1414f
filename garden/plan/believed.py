"""What is proposed, as reviewers have borne it out: from fifty decisions on a kind of change, its confidence is theirs.

A change that they would sooner turn down is not asked about.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from garden.models import Pattern, Proposal
from garden.plan.decisions import Decision, Finder, Pair, signals_of, with_mates
from garden.plan.outcomes import ENOUGH, Outcome, outcomes
from garden.plan.taste import Cases, Curve, Numbers, curve_of
from garden.similarity import blocks

LIKELY = 0.5
DOUBTED = 0.95  # What is surer than this is no matter of opinion, and always asked about.
SHOWN = 0.01
DIGITS = 4
AT_ONCE = 16_384

Signals = Callable[[Sequence[Pair]], Mapping[str, Numbers]]
Subjects = Callable[[Sequence[tuple[int, ...]]], Numbers]


@dataclass(frozen=True, eq=False)
class Opinion:
    """What reviewers think of links, where they have said enough. ``signals`` and ``subjects`` are those of pairs."""

    curve: Curve | None
    signals: Signals
    subjects: Subjects

    @classmethod
    def of(
        cls, decisions: Iterable[Decision], patterns: Sequence[Pattern], signals: Signals, subjects: Subjects
    ) -> "Opinion":
        """From all that was said of new links; patterns are in slug order."""
        # A link written anew under a new name says nothing of new ones.
        said = [one for one in outcomes(decisions) if one.kind == "add_link" and not one.mends and one.base < 1]
        if len(said) < ENOUGH:
            return cls(None, signals, subjects)
        finder = Finder.of(patterns)
        about = subjects([finder.places(one.ends) for one in said])
        return cls(curve_of(_cases(said, about), _answers(said)), signals, subjects)

    def told(self, confidence: Mapping[Pair, float]) -> dict[Pair, float]:
        """The confidences of pairs as reviewers have borne them out; as they are where too little was said."""
        if self.curve is None or not confidence:
            return dict(confidence)
        pairs, before = list(confidence), np.array(list(confidence.values()), np.float64)
        parts = [self.curve(self._cases(pairs[some], before[some])) for some in blocks(len(pairs), AT_ONCE)]
        return dict(zip(pairs, np.round(np.concatenate(parts), DIGITS).tolist(), strict=True))

    def parts(self, confidence: Mapping[Pair, float]) -> dict[Pair, dict[str, float]]:
        """What counted with reviewers, by pair: log-odds."""
        if self.curve is None or not confidence:
            return {pair: {} for pair in confidence}
        pairs = list(confidence)
        parts = self.curve.parts(self._cases(pairs, np.array(list(confidence.values()), np.float64)))
        return {pair: _shown(parts, place) for place, pair in enumerate(pairs)}

    def _cases(self, pairs: Sequence[Pair], before: Numbers) -> Cases:
        return Cases(before, self.signals(pairs), self.subjects(pairs))


def subjects_of(vectors: NDArray[np.float32]) -> Subjects:
    """What links are about: how the two texts' vectors, added, differ from the usual; nothing where they are gone."""
    usual = vectors.mean(axis=0)
    apart = (vectors - usual).astype(np.float64)
    apart /= max(float(np.sqrt((apart**2).sum(axis=1).mean())), 1e-9)

    def of(places: Sequence[tuple[int, ...]]) -> Numbers:
        rows = [apart[list(ends)].sum(axis=0) / np.sqrt(2) for ends in places]
        return np.array(rows).reshape(len(places), vectors.shape[1])

    return of


def worth_asking(told: Mapping[Pair, float], before: Mapping[Pair, float], bar: float) -> dict[Pair, float]:
    """The confidences to choose new links by, where decisions have made ``told`` of those ``before``.

    Decisions never lift a link over the ``bar`` that was below it: that reviewers like what they see says little of the
    rest, of which there is far more. A link that they would sooner turn down is not asked about at all, not even as a
    pattern's only one.
    """
    if told == before:
        return dict(told)
    likely = {pair: sure for pair, sure in told.items() if sure >= min(bar, LIKELY)}
    return {pair: sure if before[pair] >= bar else min(sure, before[pair]) for pair, sure in likely.items()}


def believed(proposals: Iterable[Proposal], decisions: Iterable[Decision]) -> list[Proposal]:
    """The proposals with the confidence that reviewers have borne out, kind by kind, once enough has been decided.

    Those that they would sooner turn down are left out with their mates, but for what is no matter of opinion. New
    links are as they were: which of them are chosen rests on it already, see ``Opinion``.
    """
    found, given = outcomes(decisions), list(proposals)
    curves = {kind: _Kind.of(kind, found) for kind in sorted({proposal.kind for proposal in given} - {"add_link"})}
    told = [curves[proposal.kind].told(proposal) if proposal.kind in curves else proposal for proposal in given]
    unlikely = [
        after.id
        for before, after in zip(given, told, strict=True)
        if after is not before and after.confidence < LIKELY <= before.confidence < DOUBTED
    ]
    quiet = with_mates(unlikely, told)
    return [proposal for proposal in told if proposal.id not in quiet]


@dataclass(frozen=True, eq=False)
class _Kind:
    """What reviewers think of one kind of change; the type of an item counts like a signal."""

    curve: Curve | None
    names: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, kind: str, found: Sequence[Outcome]) -> "_Kind":
        said = [one for one in found if one.kind == kind]
        if len(said) < ENOUGH:
            return cls(None)
        cases = _cases(said, np.empty((0, 0)), types=True)
        return cls(curve_of(cases, _answers(said)), tuple(cases.signals))

    def told(self, proposal: Proposal) -> Proposal:
        if self.curve is None:
            return proposal
        values = _features(signals_of(proposal), proposal.type or "", self.names)
        cases = Cases(np.array([proposal.confidence]), {name: np.array([value]) for name, value in values.items()})
        sure, parts = round(float(self.curve(cases)[0]), 2), _shown(self.curve.parts(cases), 0)
        evidence = {**proposal.evidence, "base": proposal.confidence, **({"reviewers": parts} if parts else {})}
        return proposal.model_copy(update={"confidence": sure, "evidence": evidence})


def _cases(said: Sequence[Outcome], about: Numbers, *, types: bool = False) -> Cases:
    names = {name for one in said for name in one.signals}
    names |= {_type(one.type) for one in said} if types else set()
    rows = [_features(one.signals, one.type, sorted(names)) for one in said]
    signals = {name: np.array([row[name] for row in rows]) for name in sorted(names)}
    return Cases(np.array([one.base for one in said]), signals, about)


def _features(signals: Mapping[str, float], type_: str, names: Sequence[str]) -> dict[str, float]:
    """The value of each name; a type that is not the item's counts 0, a signal that is not known is NaN."""
    own = {**signals, _type(type_): 1.0}
    return {name: own.get(name, 0.0 if name.startswith(_type("")) else np.nan) for name in names}


def _type(name: str) -> str:
    return f"type {name}"


def _answers(said: Sequence[Outcome]) -> Numbers:
    return np.array([one.accepted for one in said], dtype=np.float64)


def _shown(parts: Mapping[str, Numbers], place: int) -> dict[str, float]:
    rounded = {name: round(float(values[place]), 2) for name, values in sorted(parts.items())}
    return {name: value for name, value in rounded.items() if abs(value) >= SHOWN}

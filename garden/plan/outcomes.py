"""What became of the questions that reviewers answered, and how far confidence could be believed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from garden.models import Bin, Reliability
from garden.plan.decisions import CLOSED_TWICE, Decision, End, in_time

ENOUGH = 50  # Decisions on proposals of one kind from which reviewers set its confidence.
BINS = 10


@dataclass(frozen=True)
class Outcome:
    """One question that was answered, about the patterns ``ends``. ``base`` is the confidence before any decision.

    ``mends`` says that it was no new link, but one that follows a renamed pattern.
    """

    kind: str
    type: str
    confidence: float
    base: float
    signals: Mapping[str, float]
    accepted: bool
    when: str
    ends: tuple[End, ...] = ()
    mends: bool = False


@dataclass(frozen=True)
class Tally:
    """How a part of the outcomes went: ``expected`` is the sum of their confidence."""

    name: str
    decided: int
    accepted: int
    expected: float

    @property
    def share(self) -> float:
        """The part that was accepted."""
        return self.accepted / self.decided


@dataclass(frozen=True)
class Learning:
    """What all decisions come to: ``bins`` is the reliability table, by confidence, ``error`` the expected calibration
    error (Naeini, Cooper and Hauskrecht 2015), None where nothing has been decided.
    """

    total: Tally | None
    bins: tuple[Tally, ...]
    kinds: tuple[Tally, ...]
    types: tuple[Tally, ...]
    signals: tuple[Tally, ...]
    error: float | None


def outcomes(decisions: Iterable[Decision]) -> list[Outcome]:
    """One outcome for each question that was answered yes or no, by what was said last; mates are one question."""
    latest: dict[tuple[str, ...], Decision] = {}
    closed: dict[tuple[str, ...], set[str]] = {}
    for said in in_time(decisions):
        question = (said.group, said.kind, *sorted(end.text for end in said.ends))
        if said.verdict == "closed":
            closed.setdefault(question, set()).add(said.where)
            if len(closed[question]) < CLOSED_TWICE:
                continue
        if said.verdict != "snoozed":
            latest[question] = said
    found = [
        Outcome(
            kind=said.kind,
            type=said.type or "",
            confidence=said.confidence,
            base=said.confidence if said.base is None else said.base,
            signals=said.signals,
            accepted=said.verdict in ("accepted", "edited"),
            when=said.when,
            ends=said.ends,
            mends=said.mends is not None,
        )
        for said in latest.values()
    ]
    return sorted(found, key=lambda one: (one.when, one.kind, -one.confidence, one.type))


def learning(found: Sequence[Outcome]) -> Learning:
    """The figures of outcomes, for people."""
    if not found:
        return Learning(None, (), (), (), (), None)
    bins = _tallies(found, lambda one: f"{_bin(one) / BINS:.1f} to {(_bin(one) + 1) / BINS:.1f}")
    links = [one for one in found if one.kind == "add_link" and not one.mends]
    return Learning(
        total=_tally("all", found),
        bins=bins,
        kinds=_tallies(found, lambda one: one.kind),
        types=_tallies(links, lambda one: one.type),
        signals=_tallies([one for one in links if one.signals], _leading),
        error=sum(abs(bin_.accepted - bin_.expected) for bin_ in bins) / len(found),
    )


def reliability(found: Sequence[Outcome]) -> Reliability:
    """How far the confidence that reviewers saw was borne out."""
    tallies = learning(found).bins
    bins = (Bin(confidence=one.expected / one.decided, share=one.share, count=one.decided) for one in tallies)
    return Reliability(source="decisions", bins=tuple(bins))


def _tally(name: str, part: Sequence[Outcome]) -> Tally:
    return Tally(name, len(part), sum(one.accepted for one in part), sum(one.confidence for one in part))


def _tallies(found: Sequence[Outcome], name: Callable[[Outcome], str]) -> tuple[Tally, ...]:
    parts: dict[str, list[Outcome]] = {}
    for one in found:
        parts.setdefault(name(one), []).append(one)
    return tuple(_tally(key, parts[key]) for key in sorted(parts))


def _bin(one: Outcome) -> int:
    return min(int(one.confidence * BINS), BINS - 1)


def _leading(one: Outcome) -> str:
    return min(one.signals, key=lambda name: (-one.signals[name], name))

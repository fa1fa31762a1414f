"""What reviewers' decisions teach: how far confidence can be believed, and a better one from fifty decisions on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from garden.models import Bin, Proposal, Reliability
from garden.plan.decisions import CLOSED_TWICE, Decision, Pair, in_time

Numbers = NDArray[np.float64]
ENOUGH = 50  # Decisions on proposals of one kind from which a calibration of its own is fitted.
LIKELY = 0.5
FOLDS = 5
BINS = 10
PRIOR = 4.0  # How firmly the curve is held to the confidence as it was: in decisions, roughly.
STEPS = 50
EDGE = 1e-3
DIGITS = 4


@dataclass(frozen=True)
class Outcome:
    """One question that was answered. ``base`` is the confidence before any calibration by decisions."""

    kind: str
    type: str
    confidence: float
    base: float
    signals: Mapping[str, float]
    accepted: bool
    when: str


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
        )
        for said in latest.values()
    ]
    return sorted(found, key=lambda one: (one.when, one.kind, -one.confidence, one.type))


def learning(found: Sequence[Outcome]) -> Learning:
    """The figures of outcomes, for people."""
    if not found:
        return Learning(None, (), (), (), (), None)
    bins = _tallies(found, lambda one: f"{_bin(one) / BINS:.1f} to {(_bin(one) + 1) / BINS:.1f}")
    links = [one for one in found if one.kind == "add_link"]
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


def recalibration(found: Sequence[Outcome], kind: str = "add_link") -> Callable[[Numbers], Numbers] | None:
    """A confidence for one kind of proposal as reviewers have borne it out, from the one before.

    None below ``ENOUGH`` decisions. Platt's curve (1999), held to what it was by a prior, or isotonic regression
    (Zadrozny and Elkan 2002): whichever predicts held-out decisions better. It never falls as the confidence rises.
    Where all were accepted, or none, the prior keeps it from being certain.
    """
    decided = [one for one in found if one.kind == kind]
    if len(decided) < ENOUGH:
        return None
    base = np.array([one.base for one in decided])
    yes = np.array([one.accepted for one in decided], dtype=np.float64)
    fits = (_platt, _isotonic)
    losses = [_held_out(fit, base, yes) for fit in fits]
    return fits[int(np.argmin(losses))](base, yes)


def borne_out(confidence: Mapping[Pair, float], decisions: Iterable[Decision]) -> dict[Pair, float]:
    """The confidences of pairs as reviewers have borne them out, once enough has been decided; else as they are."""
    better = recalibration(outcomes(decisions))
    if better is None or not confidence:
        return dict(confidence)
    told = np.round(better(np.array(list(confidence.values()), dtype=np.float64)), DIGITS)
    return dict(zip(confidence, told.tolist(), strict=True))


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

    New links are as they were: which of them are chosen rests on it already, see ``borne_out``.
    """
    found, given = outcomes(decisions), list(proposals)
    kinds = {proposal.kind for proposal in given} - {"add_link"}
    curves = {kind: curve for kind in sorted(kinds) if (curve := recalibration(found, kind))}
    return [_believed(proposal, curves[proposal.kind]) if proposal.kind in curves else proposal for proposal in given]


def _believed(proposal: Proposal, curve: Callable[[Numbers], Numbers]) -> Proposal:
    told = round(float(curve(np.array([proposal.confidence]))[0]), 2)
    evidence = {**proposal.evidence, "base": proposal.confidence}
    return proposal.model_copy(update={"confidence": told, "evidence": evidence})


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


def _held_out(fit: Callable[[Numbers, Numbers], Callable[[Numbers], Numbers]], base: Numbers, yes: Numbers) -> float:
    """The mean log loss over folds, which are taken by turns, in the order of time."""
    fold = np.arange(len(base)) % FOLDS
    losses = []
    for held in range(FOLDS):
        out = fold == held
        told = np.clip(fit(base[~out], yes[~out])(base[out]), EDGE, 1 - EDGE)
        losses.append(-np.mean(np.where(yes[out] > 0, np.log(told), np.log(1 - told))))
    return float(np.mean(losses))


def _platt(base: Numbers, yes: Numbers) -> Callable[[Numbers], Numbers]:
    features = np.column_stack([_logit(base), np.ones(len(base))])
    start = np.array([1.0, 0.0])
    weights = start.copy()
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (told - yes) + PRIOR * (weights - start)
        bend = features.T @ (features * (told * (1 - told))[:, None]) + PRIOR * np.eye(2)
        weights = weights - np.linalg.solve(bend, slope)
    steep, shift = max(float(weights[0]), 0.0), float(weights[1])
    return lambda confidence: np.asarray(1 / (1 + np.exp(-(steep * _logit(confidence) + shift))))


def _isotonic(base: Numbers, yes: Numbers) -> Callable[[Numbers], Numbers]:
    from scipy.optimize import isotonic_regression  # noqa: PLC0415 - loading it costs a moment of every command

    # Two decisions that never were, at the ends of the scale, keep it from certainty. Equals count as one.
    sure = np.round(np.concatenate([[0.0], base, [1.0]]), DIGITS)
    scale, place = np.unique(sure, return_inverse=True)
    weights = np.bincount(place).astype(np.float64)
    shares = np.bincount(place, np.concatenate([[0.0], yes, [1.0]])) / weights
    level = np.asarray(isotonic_regression(shares, weights=weights).x)
    smooth = (level * (len(yes) / (len(yes) + PRIOR))) + scale * (PRIOR / (len(yes) + PRIOR))
    return lambda confidence: np.interp(confidence, scale, smooth)


def _logit(confidence: Numbers) -> Numbers:
    inside = np.clip(confidence, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))

"""How reviewers' answers follow from what a proposal is like: how sure it was, what each signal gave, what it is about.

Four curves are fitted, and the one that tells best of answers that were held out is believed: Platt's (1999), isotonic
regression (Zadrozny and Elkan 2002), and Platt's with a weight for each signal, without and with one for subjects. All
weights are held to nothing by a ridge, and confidence to what it was, so that few answers move little.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
SUBJECT = "subject"
FOLDS = 5
PRIOR = 4.0  # How firmly confidence, and each signal, is held to what it was: in answers, roughly.
HOLD_SUBJECT = 1.0  # The same for the direction in which subjects are preferred.
STEPS, STILL = 50, 1e-8
EDGE = 1e-3
DIGITS = 4


@dataclass(frozen=True, eq=False)
class Cases:
    """Questions side by side: the confidence of each before any decision, and what each signal gave, NaN if unknown.

    ``subjects`` has a row of length of about 1 for each, of no columns where nothing is known.
    """

    base: Numbers
    signals: Mapping[str, Numbers] = field(default_factory=dict)
    subjects: Numbers = field(default_factory=lambda: np.empty((0, 0)))

    def part(self, kept: NDArray[np.bool_]) -> "Cases":
        """Some of the questions."""
        signals = {name: values[kept] for name, values in self.signals.items()}
        return Cases(self.base[kept], signals, self.subjects[kept] if self.subjects.size else self.subjects)


class Curve(Protocol):
    """The chance that a reviewer says yes."""

    def __call__(self, cases: Cases, /) -> Numbers:
        """A chance for each question."""

    def parts(self, cases: Cases, /) -> dict[str, Numbers]:
        """What each signal, and the subject, adds to the log-odds of each question."""


Fit = Callable[[Cases, Numbers], Curve]


def curve_of(cases: Cases, yes: Numbers) -> Curve:
    """The curve that tells best, fitted on answers (1 or 0) that stand in the order of time."""
    fits = [_platt, _isotonic]
    if cases.signals:
        fits.append(_by_signals)
    if cases.subjects.size:
        fits.append(_by_subjects)
    losses = [_held_out(fit, cases, yes) for fit in fits]
    return fits[int(np.argmin(losses))](cases, yes)


@dataclass(frozen=True, eq=False)
class Logistic:
    """Platt's curve with a weight for each signal in its own standard deviations (``scales``: mean and deviation)."""

    steep: float
    shift: float
    weights: Mapping[str, float]
    scales: Mapping[str, tuple[float, float]]
    direction: Numbers

    def __call__(self, cases: Cases) -> Numbers:
        """See ``Curve``."""
        odds = self.steep * _logit(cases.base) + self.shift
        return np.asarray(1 / (1 + np.exp(-sum(self.parts(cases).values(), odds))))

    def parts(self, cases: Cases) -> dict[str, Numbers]:
        """See ``Curve``."""
        found = {
            name: weight * _scaled(cases.signals[name], self.scales[name])
            for name, weight in self.weights.items()
            if name in cases.signals
        }
        if self.direction.size and cases.subjects.size:
            found[SUBJECT] = cases.subjects @ self.direction
        return found


@dataclass(frozen=True, eq=False)
class Levels:
    """Even between the points of ``scale``, at each of which the chance is known."""

    scale: Numbers
    chances: Numbers

    def __call__(self, cases: Cases) -> Numbers:
        """See ``Curve``."""
        return np.interp(cases.base, self.scale, self.chances)

    def parts(self, _cases: Cases) -> dict[str, Numbers]:
        """See ``Curve``: nothing but the confidence counts."""
        return {}


def _platt(cases: Cases, yes: Numbers) -> Curve:
    return _logistic(cases, yes, (), np.empty((0, 0)))


def _by_signals(cases: Cases, yes: Numbers) -> Curve:
    return _logistic(cases, yes, tuple(sorted(cases.signals)), np.empty((0, 0)))


def _by_subjects(cases: Cases, yes: Numbers) -> Curve:
    return _logistic(cases, yes, tuple(sorted(cases.signals)), cases.subjects)


def _logistic(cases: Cases, yes: Numbers, names: Sequence[str], subjects: Numbers) -> Logistic:
    """Ridge logistic regression by Newton's method."""
    scales = {name: _scale(cases.signals[name]) for name in names}
    columns = [_logit(cases.base), np.ones(len(yes)), *(_scaled(cases.signals[name], scales[name]) for name in names)]
    rows = np.column_stack([*columns, subjects] if subjects.size else columns)
    hold = np.full(rows.shape[1], PRIOR)
    hold[len(columns) :] = HOLD_SUBJECT
    start = np.zeros(rows.shape[1])
    start[0] = 1.0
    weights = start.copy()
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (told - yes) + hold * (weights - start)
        step = np.linalg.solve((rows.T * (told * (1 - told))) @ rows + np.diag(hold), slope)
        weights = weights - step
        if np.abs(step).max() < STILL:
            break
    own = dict(zip(names, weights[2 : len(columns)].tolist(), strict=True))
    return Logistic(max(float(weights[0]), 0.0), float(weights[1]), own, scales, weights[len(columns) :])


def _isotonic(cases: Cases, yes: Numbers) -> Curve:
    from scipy.optimize import isotonic_regression  # noqa: PLC0415 - loading it costs a moment of every command

    # Two answers that never were, at the ends of the scale, keep it from certainty. Equals count as one.
    sure = np.round(np.concatenate([[0.0], cases.base, [1.0]]), DIGITS)
    scale, place = np.unique(sure, return_inverse=True)
    weights = np.bincount(place).astype(np.float64)
    shares = np.bincount(place, np.concatenate([[0.0], yes, [1.0]])) / weights
    level = np.asarray(isotonic_regression(shares, weights=weights).x)
    smooth = (level * (len(yes) / (len(yes) + PRIOR))) + scale * (PRIOR / (len(yes) + PRIOR))
    return Levels(scale, smooth)


def _held_out(fit: Fit, cases: Cases, yes: Numbers) -> float:
    """The mean log loss over folds, which are taken by turns, in the order of time."""
    fold = np.arange(len(yes)) % FOLDS
    losses = []
    for held in range(FOLDS):
        out = fold == held
        told = np.clip(fit(cases.part(~out), yes[~out])(cases.part(out)), EDGE, 1 - EDGE)
        losses.append(-np.mean(np.where(yes[out] > 0, np.log(told), np.log(1 - told))))
    return float(np.mean(losses))


def _scale(values: Numbers) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    return (float(known.mean()), float(known.std()) or 1.0) if len(known) else (0.0, 1.0)


def _scaled(values: Numbers, scale: tuple[float, float]) -> Numbers:
    """In standard deviations; what is not known is as usual."""
    return np.nan_to_num((values - scale[0]) / scale[1], nan=0.0)


def _logit(confidence: Numbers) -> Numbers:
    inside = np.clip(confidence, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))

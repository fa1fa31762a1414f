"""Which type a link has, and in which direction: learned from the typed links that people made.

A multinomial logistic model (scikit-learn) over the signals of a pair, what the links of each type around it say, and
its bearings. Every pair is learned from both ends, so that the two ends never contradict each other. What is told is
measured on links that were held out: where the model does no better than the most frequent type, nothing is told, and
a single claim is made only where those as certain have been right often enough.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garden.links.backtest import FOLDS, folds
from garden.links.bearings import NAMES, Bearings
from garden.links.features import BETWEEN, Features
from garden.links.ranker import Ranking
from garden.links.shelf import Shelf, Vectors
from garden.links.ties import OTHER, Tie
from garden.similarity import Floats, Ints

STRENGTH = 0.05  # scikit-learn's C: the inverse of how firmly weights are held to zero.
FEWEST_PAIRS = 30  # Typed pairs from which types can be learned.
FEWEST_OF_TYPE = 6  # Pairs of a type from which it can be claimed.
FEWEST_RIGHT = 10  # Held-out claims from which it is known how often claims are right.
ROUNDS = 2000
DIGITS = 6

Numbers = NDArray[np.float64]


class Said(NamedTuple):
    """A type as one end says it. ``way`` is '>' where this end is the source, '<' where the target, '=' if both."""

    type: str
    way: str

    @property
    def turned(self) -> "Said":
        """The same, seen from the other end."""
        return Said(self.type, {">": "<", "<": ">", "=": "="}[self.way])


class Claim(NamedTuple):
    """What a pair's link is taken to be, seen from the lower place, and how certain that is."""

    said: Said
    certainty: float


@dataclass(frozen=True, eq=False)
class Sayings:
    """Typed pairs (left, right), left < right, in order, and what each left end says."""

    left: Ints
    right: Ints
    said: tuple[Said, ...]

    @classmethod
    def of(cls, ties: Iterable[Tie]) -> "Sayings":
        """The most specific thing said of each pair of typed ties; a type that is rare is one of the others."""
        named = sorted({tie for tie in ties if tie.type and tie.source != tie.target})
        mirrored = _symmetric(named)
        heard: dict[tuple[int, int], set[Said]] = {}
        for tie in named:
            pair = (min(tie.source, tie.target), max(tie.source, tie.target))
            way = "=" if tie.type in mirrored else ">" if tie.source < tie.target else "<"
            heard.setdefault(pair, set()).add(Said(tie.type, way))
        counts = Counter(said.type for some in heard.values() for said in some)
        pairs = sorted(heard)
        told = [min(heard[pair], key=lambda said: (counts[said.type], said)) for pair in pairs]
        ends = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        return cls(ends[:, 0], ends[:, 1], _without_rare(told))

    @property
    def twice(self) -> tuple[Ints, Ints, list[Said]]:
        """Sources, targets and what sources say: each pair from both ends."""
        turned = [said.turned for said in self.said]
        return np.concatenate([self.left, self.right]), np.concatenate([self.right, self.left]), [*self.said, *turned]


def _symmetric(ties: Sequence[Tie]) -> set[str]:
    """The types of which every tie is told from both ends."""
    every = set(ties)
    one_way = {tie.type for tie in ties if Tie(tie.target, tie.source, tie.type) not in every}
    return {tie.type for tie in ties} - one_way


def _without_rare(told: Sequence[Said]) -> tuple[Said, ...]:
    counts = Counter(said.type for said in told)
    return tuple(said if counts[said.type] >= FEWEST_OF_TYPE else Said(OTHER, "=") for said in told)


@dataclass(frozen=True, eq=False)
class _Fit:
    """A fitted model: standardised rows times weights give the log-odds of each thing said."""

    said: tuple[Said, ...]
    mean: Numbers
    deviation: Numbers
    weights: Numbers

    @classmethod
    def of(cls, rows: Numbers, said: Sequence[Said]) -> "_Fit":
        """Fits the rows of pairs seen from both ends."""
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - loading it costs a second

        names = sorted(set(said))
        mean, deviation = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
        places = np.array([names.index(one) for one in said])
        model: Any = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=1e-8)
        model.fit((rows - mean) / deviation, places)
        weights = np.vstack([model.coef_.T, model.intercept_])
        if len(names) == 2:  # Of two, scikit-learn keeps the second's weights alone.
            weights = np.hstack([-weights / 2, weights / 2])
        return cls(tuple(names), mean, deviation, weights)

    def odds(self, rows: Numbers) -> Numbers:
        """Log-odds up to a constant of each thing said, shape (pairs, said)."""
        scaled = (rows - self.mean) / self.deviation
        return np.asarray(scaled @ self.weights[:-1] + self.weights[-1])


@dataclass(frozen=True)
class Rules:
    """When a type is claimed: from where on at least ``share`` of claims are right; ``fallback`` needs no claim."""

    share: float
    fallback: str = ""


class Evidence:
    """The rows that types are learned from."""

    def __init__(self, features: Features, bearings: Bearings) -> None:
        self._features, self._bearings = features, bearings

    @property
    def names(self) -> tuple[str, ...]:
        """What each column is called."""
        around = [f"{name} ({type_ or 'untyped'}, {way})" for type_ in self._types for way in "><" for name in BETWEEN]
        return (*self._shared_names, *NAMES, *around)

    def rows(self, sources: Ints, targets: Ints) -> Numbers:
        """One row for each pair, seen from its source."""
        columns: list[Floats] = [self._features.shared(sources, targets), self._bearings.at(sources, targets)]
        for graph in self._types.values():
            columns += [*graph.at(sources, targets), *graph.at(targets, sources)]
        return np.column_stack(columns).astype(np.float64)

    @property
    def _types(self) -> Mapping[str, Any]:
        return self._features.types

    @property
    def _shared_names(self) -> tuple[str, ...]:
        return self._features.names[: len(self._features.names) - len(BETWEEN) - 3]


@dataclass(frozen=True)
class Trial:
    """How types fared on links that were held out.

    ``right`` of ``pairs`` were told rightly, ``usual`` is how many the most frequent would have got. Claims of another
    type than the fallback, and of at least ``certain`` (None where there is no such certainty), were right in the share
    asked for; ``claimed`` counts them.
    """

    pairs: int
    right: int
    usual: int
    certain: float | None
    claimed: int

    @property
    def gains(self) -> bool:
        """Whether the model tells more than the most frequent type does."""
        return self.right > self.usual


@dataclass(frozen=True, eq=False)
class TypeModel:
    """Tells the type of links. ``trial`` says how far that can be trusted."""

    evidence: Evidence
    fit: _Fit
    trial: Trial

    @classmethod
    def of(cls, evidence: Evidence, ties: Sequence[Tie], slugs: Sequence[str], rules: Rules) -> "TypeModel | None":
        """Learned from ties; None where they are too few or say but one thing."""
        sayings = Sayings.of(ties)
        sources, targets, said = sayings.twice
        if len(sayings.said) < FEWEST_PAIRS or len(set(said)) < 2:
            return None
        rows = evidence.rows(sources, targets)
        fold = folds((slugs[a], slugs[b]) for a, b in zip(sources.tolist(), targets.tolist(), strict=True))
        fit = _Fit.of(rows, said)
        return cls(evidence, fit, _trial(rows, said, fold, rules))

    def claims(self, left: Ints, right: Ints) -> list[Claim]:
        """The likeliest thing to say of each pair, seen from its left end."""
        forth = _softmax(self.fit.odds(self.evidence.rows(left, right)))
        back = _softmax(self.fit.odds(self.evidence.rows(right, left)))
        return _likeliest(self.fit.said, _agreed(self.fit.said, forth, back))

    def ties(self, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Tie]:
        """The pairs (lower, higher) of whose type the model is certain, with the tie that it takes each to have."""
        ends = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        claims = zip(pairs, self.claims(ends[:, 0], ends[:, 1]), strict=True)
        return {
            pair: Tie(*(pair if claim.said.way != "<" else pair[::-1]), claim.said.type)
            for pair, claim in claims
            if self.certain(claim)
        }

    def certain(self, claim: Claim) -> bool:
        """Whether claims like this one were right often enough."""
        least = self.trial.certain
        return self.trial.gains and claim.said.type != OTHER and least is not None and claim.certainty >= least

    def directed(self, sources: Ints, targets: Ints) -> list[str]:
        """The likeliest type of each pair, where its link is known to lead from source to target."""
        places = [place for place, said in enumerate(self.fit.said) if said.way != "<" and said.type != OTHER]
        if not len(sources) or not places:
            return [""] * len(sources)
        odds = self.fit.odds(self.evidence.rows(sources, targets))[:, places].round(DIGITS)
        return [self.fit.said[places[best]].type for best in odds.argmax(axis=1).tolist()]


def type_model(ranking: Ranking, shelf: Shelf, vectors: Vectors, ties: Sequence[Tie], rules: Rules) -> TypeModel | None:
    """What the typed ties of a shelf teach; None where they are too few, or say but one thing."""
    if ranking.features is None:
        return None
    return TypeModel.of(Evidence(ranking.features, Bearings.of(shelf, vectors)), ties, shelf.slugs, rules)


def _trial(rows: Numbers, said: Sequence[Said], fold: Ints, rules: Rules) -> Trial:
    """What models tell of the pairs of each fold that have not seen them. The second half of the rows is the mirror."""
    half = len(said) // 2
    told: list[Claim | None] = [None] * half
    for held in range(FOLDS):
        seen, asked = fold != held, np.flatnonzero(fold[:half] == held)
        kept = [one for one, keep in zip(said, seen.tolist(), strict=True) if keep]
        if len(set(kept)) < 2 or not len(asked):
            continue
        fit = _Fit.of(rows[seen], kept)
        chances = _agreed(fit.said, _softmax(fit.odds(rows[asked])), _softmax(fit.odds(rows[asked + half])))
        for place, claim in zip(asked.tolist(), _likeliest(fit.said, chances), strict=True):
            told[place] = claim
    right = [claim is not None and claim.said == said[place] for place, claim in enumerate(told)]
    plain = (rules.fallback, OTHER)
    claims = [(c.certainty, ok) for c, ok in zip(told, right, strict=True) if c and c.said.type not in plain]
    certain, claimed = _certain(claims, rules.share)
    usual = max(Counter(said[:half]).values())
    return Trial(half, sum(right), usual, certain, claimed)


def _certain(told: Sequence[tuple[float, bool]], share: float) -> tuple[float | None, int]:
    """The least certainty from which on claims were right in that share, with how many those are."""
    ordered = sorted(told, reverse=True)
    right = 0
    found: tuple[float | None, int] = None, 0
    for count, (certainty, ok) in enumerate(ordered, 1):
        right += ok
        last_of_its_kind = count == len(ordered) or ordered[count][0] < certainty
        if last_of_its_kind and count >= FEWEST_RIGHT and right / count >= share:
            found = certainty, count
    return found


def _agreed(said: Sequence[Said], forth: Numbers, back: Numbers) -> Numbers:
    """The mean of what both ends make of a pair, in the words of the first."""
    mirror = [said.index(one.turned) for one in said]
    return np.asarray((forth + back[:, mirror]) / 2)


def _likeliest(said: Sequence[Said], chances: Numbers) -> list[Claim]:
    rounded = chances.round(DIGITS)
    best = rounded.argmax(axis=1)
    return [Claim(said[b], float(rounded[i, b])) for i, b in enumerate(best.tolist())]


def _softmax(odds: Numbers) -> Numbers:
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))

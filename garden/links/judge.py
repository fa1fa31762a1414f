"""The two judges of pairs: one that knows texts alone, and one that has learned from the links that people made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from garden.links.features import Features
from garden.links.field import Field
from garden.links.graph import squashed
from garden.links.learn import Weights, with_constant
from garden.similarity import Floats, Ints

OWN = 0.7  # How much of a list of partners is what its pattern makes of them, the rest what they make of it.


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What a judge makes of pairs: ``scores`` order them; each row of ``shares`` adds up to what it rests on.

    ``signals`` are in standard deviations where they have a scale.
    """

    scores: Floats
    signals: Floats
    shares: Floats


class Judge(Protocol):
    """Judges any pairs of places."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the signals."""

    def verdicts(self, left: Ints, right: Ints) -> Verdicts:
        """What the judge makes of some pairs."""


@dataclass(frozen=True, eq=False)
class TextJudge:
    """The mean of the texts' signals, their tails drawn in: what does best where nothing can be learned."""

    field: Field

    @property
    def names(self) -> tuple[str, ...]:
        """See ``Judge``."""
        return self.field.names

    def verdicts(self, left: Ints, right: Ints) -> Verdicts:
        """See ``Judge``."""
        signals = squashed(self.field.pairs(left, right))
        shares = np.asarray(signals / max(len(self.names), 1), dtype=np.float32)
        return Verdicts(np.asarray(shares.sum(axis=1), dtype=np.float32), signals, shares)

    def seen(self, sources: Ints, targets: Ints) -> Floats:
        """Scores of some pairs for the lists of partners of their sources.

        What is near to many stands out less among its own partners than among theirs.
        """
        signals = squashed(self.field.pairs(sources, targets, OWN))
        return np.asarray(signals.mean(axis=1), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class LearnedJudge:
    """The log-odds that a pair is tied by any type in either direction, from a logistic model for each type."""

    features: Features
    weights: Mapping[str, Weights]

    @property
    def names(self) -> tuple[str, ...]:
        """See ``Judge``; the last is what holds for any pair."""
        return (*self.features.names, "any pair")

    def verdicts(self, left: Ints, right: Ints) -> Verdicts:
        """See ``Judge``. Signals and shares are those of the likeliest type and direction."""
        sources, targets = np.concatenate([left, right]), np.concatenate([right, left])
        shared = self.features.shared(sources, targets)
        rows = {name: with_constant(self.features.at(name, sources, targets, shared)) for name in self.weights}
        odds = np.array([rows[name] @ weights for name, weights in self.weights.items()]).reshape(len(rows), 2, -1)
        signals, shares = self._likeliest(rows, odds)
        return Verdicts(_any_of(odds), signals, shares)

    def _likeliest(self, rows: Mapping[str, np.ndarray], odds: np.ndarray) -> tuple[Floats, Floats]:
        count = odds.shape[2]
        best = odds.reshape(2 * len(rows), count).argmax(axis=0)
        signals = np.zeros((count, len(self.names)), np.float32)
        shares = np.zeros_like(signals)
        for place, (name, weights) in enumerate(self.weights.items()):
            for way in range(2):
                mine = np.flatnonzero(best == place * 2 + way)
                signals[mine] = rows[name][mine + way * count]
                shares[mine] = rows[name][mine + way * count] * weights
        return signals, shares


def _any_of(odds: np.ndarray) -> Floats:
    """The log-odds that at least one holds, taken to be independent; shape (types, ways, pairs) to (pairs,)."""
    none = -np.logaddexp(0, odds).sum(axis=(0, 1))
    return np.asarray(np.log(-np.expm1(np.minimum(none, -1e-12))) - none, dtype=np.float32)

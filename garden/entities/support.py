"""Which entities a pattern's text still bears.

Two things keep an entity: the text says its label, or the text fits the label better than it fits the library's other
texts (``garden.entities.fit``). Odds are a logistic function of the signals, with weights of one sign, so that more
support never means lower odds. They are those of a fair bet: told a label that is either this pattern's own or that of
any other pattern, how likely is it this pattern's?
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from garden.entities.fit import Fit, Floats, Texts, Vectors
from garden.entities.labels import Label, holds, read_label
from garden.models import Entity, Pattern
from garden.prose import Prose

# Fitted on the corpus's entities, each against its own pattern and another; see benchmarks/entities_support.py.
WEIGHTS: Mapping[str, float] = {
    "": -2.24,
    "spoken": 1.6,
    "spoken standing": 0.22,
    "topic standing": 0.73,
    "meaning": 2.18,
    "meaning standing": 0.56,
    "adjacent": 1.51,
}
WEIGHTS_OF_WORDS: Mapping[str, float] = {
    "": -1.96,
    "spoken": 1.9,
    "spoken standing": 0.26,
    "topic standing": 0.97,
    "adjacent": 1.57,
}
# A small library says less of what is usual, so it gives the benefit of the doubt: with SMALL patterns half of it.
BENEFIT, SMALL = 0.7, 300
MENTIONED = 0.9  # A text that says the label bears it at least with these odds.
DOUBTED = 0.5  # Below these odds it is worth the time to find out how the label fits the other patterns.


@dataclass(frozen=True)
class Verdict:
    """How well one entity is borne by its pattern's text.

    ``odds`` are in 0..1; ``found`` and ``missed`` are the label's words that the text has and lacks; ``mentioned``
    tells that it says the whole label. ``signals`` are those of ``garden.entities.fit``. ``nearer`` is the share of the
    library's patterns that the label fits better, None where that was not asked.
    """

    entity: Entity
    odds: float
    found: tuple[str, ...]
    missed: tuple[str, ...]
    mentioned: bool = False
    signals: Mapping[str, float] = field(default_factory=dict)
    nearer: float | None = None


def labels_of(patterns: Iterable[Pattern]) -> tuple[str, ...]:
    """The labels whose vectors ``judge`` can use: every label of every entity, sorted, each once."""
    return tuple(
        sorted(
            {
                entity.label
                for pattern in patterns
                if pattern.section
                for entity in pattern.section.entities
                if read_label(entity.label).known
            }
        )
    )


def judge(
    patterns: Sequence[Pattern],
    proses: Sequence[Prose],
    passages: Vectors | None = None,
    label_vectors: Mapping[str, NDArray[np.float32]] | None = None,
) -> tuple[tuple[Verdict, ...], ...]:
    """A verdict for every entity of every pattern, in the order of the files.

    ``passages`` holds a unit row for each pattern, ``label_vectors`` a unit vector for each of ``labels_of`` the
    patterns. Without them words alone decide, which is less sure.
    """
    names = labels_of(patterns)
    if not names:
        return tuple(tuple(_free(entity) for entity in _entities(pattern)) for pattern in patterns)
    fit = Fit(Texts(proses, passages), [read_label(name) for name in names], label_vectors)
    return Bench(fit).judge(patterns)


class Bench:
    """Where labels are weighed against patterns; ``fit`` knows every label that is asked about."""

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        self.places = {label.text: place for place, label in enumerate(fit.labels)}

    def judge(self, patterns: Sequence[Pattern]) -> tuple[tuple[Verdict, ...], ...]:
        """A verdict for every entity of every pattern; the patterns are those of the texts, in the same order."""
        asked = [
            (self.places[entity.label], owner)
            for owner, pattern in enumerate(patterns)
            for entity in _entities(pattern)
            if entity.label in self.places
        ]
        pairs = np.array(asked, dtype=np.intp).reshape(len(asked), 2)
        signals = self.fit.signals(pairs[:, 0], pairs[:, 1])
        chances = odds_of(signals, len(self.fit.texts.proses))
        rows = iter(range(len(asked)))
        return tuple(
            tuple(
                self._verdict(entity, owner, next(rows), signals, chances)
                if entity.label in self.places
                else _free(entity)
                for entity in _entities(pattern)
            )
            for owner, pattern in enumerate(patterns)
        )

    def _verdict(self, entity: Entity, owner: int, row: int, signals: Mapping[str, Floats], chances: Floats) -> Verdict:
        place, prose = self.places[entity.label], self.fit.texts.proses[owner]
        label = self.fit.labels[place]
        found = holds(prose.keys, label.keys)
        mentioned = label.mentioned_in(prose)
        odds = max(float(chances[row]), MENTIONED if mentioned else 0.0)
        nearest = self.fit.scores.get("meaning") or self.fit.scores["topic"]
        return Verdict(
            entity=entity,
            odds=round(odds, 3),
            found=_where(label, found),
            missed=_where(label, ~found),
            mentioned=mentioned,
            signals={name: round(float(values[row]), 2) for name, values in signals.items()},
            nearer=round(nearest.nearer(place, owner), 2) if odds < DOUBTED else None,
        )


def odds_of(signals: Mapping[str, Floats], patterns: int) -> Floats:
    """Odds in 0..1 from the signals of pairs in a library of so many patterns; higher signals never mean lower odds."""
    weights = WEIGHTS if "meaning" in signals else WEIGHTS_OF_WORDS
    total = weights[""] + sum(weight * signals[name] for name, weight in weights.items() if name)
    # What a text says no word of has no such benefit.
    total = total + np.where(signals["spoken"] > 0, BENEFIT * SMALL / (SMALL + patterns), 0.0)
    return np.asarray(1 / (1 + np.exp(-total)))


def _free(entity: Entity) -> Verdict:
    """Stop words and numbers alone say nothing that a text could lack; scripts without spaces cannot be searched."""
    return Verdict(entity, 1.0, (), ())


def _entities(pattern: Pattern) -> tuple[Entity, ...]:
    return pattern.section.entities if pattern.section else ()


def _where(label: Label, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(word for word, wanted in zip(label.words, chosen.tolist(), strict=True) if wanted)

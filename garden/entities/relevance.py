"""Relevance put right where it is far off from what the text bears.

What a text speaks of again and again may be given too little, and what it never says too much: about anything between,
the text does not tell. What is due is told relative to the library's own middle, and a library whose relevances are
spread wide says more by them, so there more must be off. Rewriting some moves the middle, which may bring others in, so
it goes on until nothing is off any more: a library to which it has been applied is left as it is.
"""

from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np

from garden.entities.labels import mentioned, read_label
from garden.models import Entity
from garden.prose import Prose

Item = tuple[int, int]

LOWEST, HIGHEST = 0.05, 1.0
WIDE = 3.0  # So many times the usual distance from the middle is far.
FEWEST = 20  # So many relevances say what is usual in a library.
# Fitted on the corpus: relevance, less the middle of all, on how often the text says the label's rarest word.
MENTIONED, EACH, MOST_SAID = -0.01, 0.032, 20
OFTEN = 5
UNSAID = -0.02  # The same for what the text does not say in so many words.


def rescored(standing: Sequence[Sequence[Entity]], proses: Sequence[Prose], beyond: float) -> dict[Item, float]:
    """The new relevance of each entity (pattern, place among those that stand) that is more than ``beyond`` off.

    ``standing`` are the entities that each pattern will have. Where relevances are few, or not of 0..1, none is off.
    """
    rated = [
        (place, at, entity.label, entity.relevance)
        for place, held in enumerate(standing)
        for at, entity in enumerate(held)
        if entity.relevance is not None
    ]
    was = {(place, at): float(relevance) for place, at, _, relevance in rated}
    if len(was) < FEWEST or max(was.values()) > 1 or min(was.values()) < 0:
        return {}
    told = mentioned([(read_label(label), place) for place, _, label, _ in rated], proses)
    apart = {
        (place, at): _apart(label, proses[place], spoken=spoken)
        for (place, at, label, _), spoken in zip(rated, told, strict=True)
    }
    now = _settled(was, {item: more for item, more in apart.items() if more is not None}, beyond)
    return {item: value for item, value in now.items() if value != was[item]}


def _settled(was: Mapping[Item, float], apart: Mapping[Item, float], beyond: float) -> dict[Item, float]:
    """The relevances once none of them is off any more. ``apart`` is above 0 for what the text speaks of.

    It comes to an end: what the text speaks of only rises, the rest only falls, by more than ``beyond`` each time.
    """
    now = dict(was)
    while True:
        middle = median(now.values())
        bar = max(beyond, WIDE * median(abs(value - middle) for value in now.values()))
        due = {item: round(min(max(middle + more, LOWEST), HIGHEST), 2) for item, more in apart.items()}
        short = {item: value - now[item] if apart[item] > 0 else now[item] - value for item, value in due.items()}
        off = {item: due[item] for item, much in short.items() if round(much, 4) > bar}
        if not off:
            return now
        now |= off


def _apart(label: str, prose: Prose, *, spoken: bool) -> float | None:
    """How far above or below the middle a relevance should be, None where the text does not tell.

    ``spoken`` says whether the text says the label.
    """
    if not spoken:
        return UNSAID
    count = said(label, prose)
    return MENTIONED + EACH * float(np.log1p(min(count, MOST_SAID))) if count >= OFTEN else None


def said(label: str, prose: Prose) -> int:
    """How often a text has the one of a label's words that it has least."""
    keys = read_label(label).keys
    places = np.searchsorted(prose.keys, keys)
    inside = places < len(prose.keys)
    if not len(keys) or not inside.all() or not (prose.keys[places] == keys).all():
        return 0
    return int(prose.counts[places].min())

"""Which entities a pattern's text still bears.

Three things keep an entity: the text says its label, the text fits the label better than it fits the library's other
texts (``garden.entities.fit``), or patterns near it bear much the same (``garden.entities.backing``). Odds are a
logistic function of the signals, with weights of one sign, so that more support never means lower odds. They are those
of a fair bet: told a label that is either this pattern's own or that of any other pattern, how likely is it this
pattern's?
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from garden.entities.fit import IMAGINED, Fit, Floats, Ints, Texts
from garden.entities.labels import Label, label_of, read_label, spoken
from garden.entities.looking import Held, doubtful_in, entities_of
from garden.entities.silence import tells_nothing
from garden.entities.wording import same_words
from garden.models import Entity, Pattern
from garden.prose import Prose
from garden.rows import Rows

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
# Most entities have some backing by the patterns around, so one that has none is less likely to be borne.
BACKED, UNBACKED = 3.6, 0.8
# A small library says less of what is usual, so it gives the benefit of the doubt, and its patterns are less near to
# each other, so their backing says less: with SMALL patterns half of either.
BENEFIT, SMALL = 0.7, 300
MENTIONED = 0.95  # A text that says the label bears it with these odds; no other support is surer.
UNTOLD = 0.11  # No lower are the odds of what a text's silence tells nothing of; see ``garden.entities.silence``.
# The most that a small library asks, and how soon; see ``stands_from``.
ASKED, IMAGINING = 0.1, 4.0
DOUBTED = 0.2  # Below these odds it is worth the time to find out what other patterns say.


@dataclass(frozen=True)
class Verdict:
    """How well one entity is borne by its pattern's text.

    ``odds`` are in 0..1; ``found`` and ``missed`` are the label's words that the text has and lacks; ``mentioned``
    tells that it says the whole label. ``signals`` are those of ``garden.entities.fit``. ``nearer`` is the share of the
    library's patterns that the label fits better, None where that was not asked. ``backing`` tells how much patterns
    near it bear the same, 0..0.7, and ``backer`` which entity does most: its pattern's place, and its own in the list.
    """

    entity: Entity
    odds: float
    found: tuple[str, ...]
    missed: tuple[str, ...]
    mentioned: bool = False
    signals: Mapping[str, float] = field(default_factory=dict)
    nearer: float | None = None
    backing: float = 0.0
    backer: tuple[int, int] | None = None


def labels_of(patterns: Sequence[Pattern], proses: Sequence[Prose], doubtful: Held | None = None) -> tuple[str, ...]:
    """The labels whose vectors ``judge`` can use: those that some text does not say although its pattern has them.

    A bare string among them may get the name of another id that says the same words, and is asked about that as well.
    ``doubtful`` are those ``doubtful_in`` the patterns, where they are known.
    """
    asked = doubtful_in(patterns, proses) if doubtful is None else doubtful
    return tuple(sorted({label_of(e) for held in asked for e in held} | {new for _, new in respelt(patterns, asked)}))


def respelt(patterns: Sequence[Pattern], asked: Sequence[Sequence[Entity]]) -> list[tuple[int, str]]:
    """What bare strings among the ``asked`` could become, each with its owner: ids that say the same words."""
    if not any(entity.plain for held in asked for entity in held):
        return []
    ids = sorted({entity.id for pattern in patterns for entity in entities_of(pattern)})
    same: dict[str, list[str]] = {}
    for name in ids:
        same.setdefault(same_words(name), []).append(spoken(name))
    return [
        (owner, new)
        for owner, held in enumerate(asked)
        for entity in held
        if entity.plain
        for new in same[same_words(entity.id)]
        if new != label_of(entity) and read_label(new).known
    ]


def judge_respelt(
    patterns: Sequence[Pattern],
    texts: Texts,
    label_vectors: Mapping[str, NDArray[np.float32]] | None = None,
    doubtful: Held | None = None,
) -> dict[tuple[int, str], float]:
    """The odds of each label of ``respelt`` in the text of its owner, as ``judge`` would find them.

    ``doubtful`` are those ``doubtful_in`` the patterns, where they are known.
    """
    pairs = respelt(patterns, doubtful_in(patterns, texts.proses) if doubtful is None else doubtful)
    names = sorted({name for _, name in pairs})
    if not names:
        return {}
    fit = Fit(texts, [read_label(name) for name in names], label_vectors)
    places = np.array([names.index(name) for _, name in pairs], dtype=np.intp)
    owners = np.array([owner for owner, _ in pairs], dtype=np.intp)
    odds = odds_of(fit.signals(places, owners), len(texts.proses))
    odds = _spared(fit, odds, (places, owners), [None] * len(pairs), dict(enumerate(_nearer(fit, places, owners))))
    return dict(zip(pairs, odds.round(3).tolist(), strict=True))


def judge(
    patterns: Sequence[Pattern],
    texts: Texts,
    label_vectors: Mapping[str, NDArray[np.float32]] | None = None,
    doubtful: Held | None = None,
) -> tuple[tuple[Verdict, ...], ...]:
    """A verdict for every entity by its text alone, in the order of the files; ``texts`` are those of the patterns.

    ``label_vectors`` holds a unit vector for each of ``labels_of`` the patterns. Where they or the vectors of passages
    are missing, words alone decide, which is less sure. ``doubtful`` are those ``doubtful_in`` the patterns, where they
    are known.
    """
    asked = doubtful_in(patterns, texts.proses) if doubtful is None else doubtful
    names = sorted({label_of(entity) for held in asked for entity in held})
    fit = Fit(texts, [read_label(name) for name in names], label_vectors)
    found = _weighed(fit, asked) if names else {}
    return tuple(
        tuple(found.get((owner, entity.index)) or _sure(entity) for entity in entities_of(pattern))
        for owner, pattern in enumerate(patterns)
    )


def _sure(entity: Entity) -> Verdict:
    """The text says the label; or nothing can be said of it: stop words and numbers alone say nothing that a text could
    lack, and scripts without spaces cannot be searched.
    """
    label = read_label(label_of(entity))
    if label.known:
        return Verdict(entity, MENTIONED, label.words, (), mentioned=True)
    return Verdict(entity, 1.0, (), ())


def _weighed(fit: Fit, asked: Sequence[Sequence[Entity]]) -> dict[tuple[int, int], Verdict]:
    """A verdict for each (pattern, place in its list) that is asked about."""
    places = {label.text: place for place, label in enumerate(fit.labels)}
    pairs = [(owner, entity) for owner, held in enumerate(asked) for entity in held]
    of = np.array([places[label_of(entity)] for _, entity in pairs], dtype=np.intp)
    owners = np.array([owner for owner, _ in pairs], dtype=np.intp)
    signals = fit.signals(of, owners)
    odds = odds_of(signals, len(fit.texts.proses))
    doubted = np.flatnonzero(odds < DOUBTED)
    nearer = dict(zip(doubted.tolist(), _nearer(fit, of[doubted], owners[doubted]), strict=True))
    kinds = [entity.type for _, entity in pairs]
    odds = _spared(fit, odds, (of, owners), kinds, nearer)
    rounded = {name: np.round(values, 2).tolist() for name, values in signals.items()}
    found: dict[tuple[int, int], Verdict] = {}
    spoken_words = _spoken(fit, of, owners)
    for row, (owner, entity) in enumerate(pairs):
        label, spoken = fit.labels[of[row]], spoken_words[row]
        found[owner, entity.index] = Verdict(
            entity=entity,
            odds=round(min(float(odds[row]), MENTIONED), 3),
            found=_where(label, spoken),
            missed=_where(label, ~spoken),
            signals={name: values[row] for name, values in rounded.items()},
            nearer=round(nearer[row], 2) if row in nearer else None,
        )
    return found


def _spoken(fit: Fit, places: Ints, owners: Ints) -> list[NDArray[np.bool_]]:
    """Which of the words of some labels some texts have."""
    keys = [fit.labels[place].keys for place in places.tolist()]
    lengths = np.array([len(row) for row in keys], dtype=np.intp)
    texts = Rows.of([prose.keys for prose in fit.texts.proses])
    held = texts.hold(np.repeat(owners, lengths), np.concatenate([np.empty(0, np.uint64), *keys]))
    return np.split(held, np.cumsum(lengths)[:-1])


def _nearer(fit: Fit, places: Ints, owners: Ints) -> list[float]:
    """For some labels and patterns the share of all patterns that the label fits better."""
    nearest = fit.scores.get("meaning") or fit.scores["topic"]
    return [float(share) for share in nearest.nearer(places, owners)]


def _spared(
    fit: Fit, odds: Floats, pairs: tuple[Ints, Ints], kinds: Sequence[str | None], nearer: Mapping[int, float]
) -> Floats:
    """The odds of some labels in some texts, none below ``UNTOLD`` where the text's silence tells nothing.

    ``kinds`` are the types of the entities; ``nearer`` holds, by row, the share of the patterns that each doubted label
    fits better.
    """
    low = np.flatnonzero(odds < UNTOLD).tolist()
    asked = [(fit.labels[pairs[0][row]], int(pairs[1][row])) for row in low]
    told = tells_nothing(asked, [kinds[row] for row in low], [nearer[row] for row in low], fit.texts.proses)
    raised = odds.copy()
    raised[np.array(low, dtype=np.intp)[told]] = UNTOLD
    return raised


def odds_of(signals: Mapping[str, Floats], patterns: int) -> Floats:
    """Odds in 0..1 from the signals of pairs in a library of so many patterns, as long as nothing backs them.

    Higher signals never mean lower odds.
    """
    weights = WEIGHTS if "meaning" in signals else WEIGHTS_OF_WORDS
    total = weights[""] + sum(weight * signals[name] for name, weight in weights.items() if name)
    # What a text says no word of has no such benefit.
    total = total + np.where(signals["spoken"] > 0, BENEFIT * (1 - _share(patterns)), 0.0)
    return np.asarray(1 / (1 + np.exp(UNBACKED * _share(patterns) - total)))


def stands_from(keep_above: float, patterns: int) -> float:
    """The odds from which on an entity stands in a library of so many patterns.

    That is ``keep_above``, and more the more patterns are imagined for one that is: what these say of a label is all
    the same, so odds are seldom as low in a small library. It is no more than ``ASKED`` unless ``keep_above`` is.
    """
    least = max(keep_above, min(keep_above * (1 + IMAGINING * IMAGINED / max(patterns, 1)), ASKED))
    # What a text says stands, however much is asked: it would be given again.
    return min(least, MENTIONED)


def raised(odds: float, backing: float, patterns: int) -> float:
    """Odds of ``odds_of`` with backing, 0..0.7, in a library of so many patterns."""
    against = (1 - odds) / max(odds, 1e-6) * math.exp(-BACKED * _share(patterns) * backing)
    return max(odds, min(round(1 / (1 + against), 3), MENTIONED))


def _share(patterns: int) -> float:
    """How much of a large library one of so many patterns is; 0..1."""
    return patterns / (SMALL + patterns)


def _where(label: Label, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(word for word, wanted in zip(label.words, chosen.tolist(), strict=True) if wanted)

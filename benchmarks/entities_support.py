"""How well stale entities are told from living ones: each label against its own pattern and a random other one.

    python -m benchmarks.entities_support CORPUS [--fit] [--patterns 300] [--sizes 43 200]

A foreign label is judged as if its new pattern listed it, next to the library as it is: what other patterns bear may
back it, the pattern's own list does not. Vectors are kept in the user's cache, so the first run takes minutes.
``--fit`` prints weights fitted on the patterns that are not tested. Every random choice is seeded.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from garden import library, vectors, workshop
from garden.config import EntitySettings
from garden.entities.backing import Backing
from garden.entities.fit import Fit, Floats, Ints, Texts
from garden.entities.labels import label_of, read_label
from garden.entities.silence import tells_nothing
from garden.entities.support import BACKED, MENTIONED, SMALL, UNBACKED, UNTOLD, Verdict, odds_of, stands_from
from garden.models import Entity, Pattern
from garden.prose import Prose

SEED = 0


@dataclass(frozen=True)
class Shelf:
    """A library with the vectors of its passages and labels."""

    patterns: Sequence[Pattern]
    proses: Sequence[Prose]
    passages: NDArray[np.float32]
    labels: dict[str, NDArray[np.float32]]

    def part(self, places: Sequence[int]) -> "Shelf":
        """Some of the patterns, as if they were all."""
        patterns = [self.patterns[place] for place in places]
        return Shelf(patterns, [self.proses[place] for place in places], self.passages[list(places)], self.labels)


@dataclass(frozen=True)
class Pairs:
    """Labels, each with a pattern: their places, the signals of the text, and whether it says the label.

    ``untold`` tells for words alone and for all signals where its silence tells nothing.
    """

    labels: Ints
    owners: Ints
    signals: dict[str, Floats]
    mentioned: NDArray[np.bool_]
    untold: dict[bool, NDArray[np.bool_]]

    def odds(self, size: int, *, words_only: bool) -> Floats:
        """Odds in 0..1 by the text alone."""
        told = {
            name: values for name, values in self.signals.items() if not (words_only and name.startswith("meaning"))
        }
        odds = np.where(self.untold[words_only], np.maximum(odds_of(told, size), UNTOLD), odds_of(told, size))
        return np.where(self.mentioned, MENTIONED, np.minimum(odds, MENTIONED))


@dataclass(frozen=True)
class Swaps:
    """Every label with its own and with a foreign pattern."""

    own: Pairs
    foreign: Pairs
    names: Sequence[str]
    texts: Texts

    @property
    def size(self) -> int:
        """The number of patterns."""
        return len(self.texts.proses)

    def told(self, *, words_only: bool) -> tuple[list[Verdict], list[Verdict]]:
        """What is said of own and foreign ones with what backs them; foreign ones back nothing."""
        held: list[list[Verdict]] = [[] for _ in range(self.size)]
        at: list[tuple[int, int]] = []
        for sign, pairs in ((1, self.own), (-1, self.foreign)):
            odds = pairs.odds(self.size, words_only=words_only)
            for label, owner, chance, said in zip(pairs.labels, pairs.owners, odds, pairs.mentioned, strict=True):
                index = sign * (1 + len(held[owner]))
                at.append((int(owner), len(held[owner])))
                entity = Entity(index=index, id=self.names[label], label=self.names[label])
                held[owner].append(Verdict(entity, float(chance), (), (), mentioned=bool(said)))
        texts = self.texts.with_passages(None) if words_only else self.texts
        told = EveryBacking(held, texts, default(self.size)).told()
        found = [told[owner][place] for owner, place in at]
        return found[: len(self.own.owners)], found[len(self.own.owners) :]


class EveryBacking(Backing):
    """Looks at what backs any entity, not at the doubtful ones alone."""

    doubted = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--patterns", type=int, default=300)
    parser.add_argument("--sizes", type=int, nargs="*", default=[43, 200, 800])
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    shelf = read(arguments.corpus)
    rng = np.random.default_rng(SEED)
    for pool in ("any pattern", "a pattern with entities"):
        start = time.perf_counter()
        swaps = swap(shelf, pool, rng)
        owners = swaps.own.owners
        print(f"{len(owners)} labels, foreign from {pool}; signals in {time.perf_counter() - start:.1f} s")
        tested = np.isin(owners, rng.choice(np.unique(owners), arguments.patterns, replace=False))
        half = np.array([blake2b(pattern.slug.encode()).digest()[0] % 2 == 0 for pattern in shelf.patterns])[owners]
        if arguments.fit:
            for words_only in (False, True):
                print(fitted(swaps, ~tested, words_only))
                for name, rows in (("not tested", ~tested), ("one half", half), ("other half", ~half)):
                    print(f"  {name}: {fitted_backing(swaps, rows, words_only)}")
        every = np.ones(len(tested), bool)
        report(swaps, {f"{arguments.patterns} patterns": tested, "every": every, "one half": half, "other half": ~half})
    holders = [place for place, pattern in enumerate(shelf.patterns) if pattern.section and pattern.section.entities]
    for size in arguments.sizes:
        part = shelf.part(sorted(rng.choice(holders, size, replace=False).tolist()))
        swaps = swap(part, "any pattern", rng)
        report(swaps, {f"a library of {size}": np.ones(len(swaps.own.owners), bool)})


def read(root: Path) -> Shelf:
    """The library at ``root`` with all vectors."""
    settings = workshop.settings_of(root)
    tools = workshop.tools_for(settings, lambda *_: None)
    shelf = library.read(root, settings, tools.store, tools.progress)
    proses = [reading.prose for reading in shelf.readings]
    start = time.perf_counter()
    passages = vectors.embed([prose.passage for prose in proses], tools.encoder, tools.store, lambda *_: None)
    half = time.perf_counter()
    names = labels_of(shelf.patterns)
    rows = vectors.embed(names, tools.encoder, tools.store, lambda *_: None)
    print(f"{len(proses)} passages in {half - start:.1f} s, {len(names)} labels in {time.perf_counter() - half:.1f} s")
    return Shelf(shelf.patterns, proses, passages, dict(zip(names, rows, strict=True)))


def labels_of(patterns: Sequence[Pattern]) -> list[str]:
    """Every label of every entity."""
    held = (pattern.section.entities for pattern in patterns if pattern.section)
    return sorted({name for entities in held for name in map(label_of, entities) if read_label(name).known})


def swap(shelf: Shelf, pool: str, rng: np.random.Generator) -> Swaps:
    """Every label of the library with its own pattern, and with a random other one."""
    names = labels_of(shelf.patterns)
    places = {name: place for place, name in enumerate(names)}
    own = [
        (places[label_of(entity)], owner, entity.type)
        for owner, pattern in enumerate(shelf.patterns)
        if pattern.section
        for entity in pattern.section.entities
        if label_of(entity) in places
    ]
    pairs, kinds = np.array([pair for *pair, _ in own], dtype=np.intp), [kind for *_, kind in own]
    others = np.arange(len(shelf.patterns)) if pool == "any pattern" else np.unique(pairs[:, 1])
    foreign = np.column_stack([pairs[:, 0], [other(others, owner, rng) for owner in pairs[:, 1].tolist()]])
    texts = Texts(shelf.proses, shelf.passages)
    fit = Fit(texts, [read_label(name) for name in names], shelf.labels)
    return Swaps(pairs_of(fit, pairs, kinds), pairs_of(fit, foreign, kinds), names, texts)


def pairs_of(fit: Fit, pairs: Ints, kinds: Sequence[str | None]) -> Pairs:
    labels, owners = pairs[:, 0], pairs[:, 1]
    asked = [(fit.labels[label], owner) for label, owner in pairs.tolist()]
    said = [label.mentioned_in(fit.texts.proses[owner]) for label, owner in asked]
    untold = {
        words_only: tells_nothing(asked, kinds, fit.scores[name].nearer(labels, owners).tolist(), fit.texts.proses)
        for words_only, name in ((False, "meaning"), (True, "topic"))
    }
    return Pairs(labels, owners, fit.signals(labels, owners), np.array(said), untold)


def other(pool: Ints, owner: int, rng: np.random.Generator) -> int:
    """One of the pool that is not the owner."""
    while True:
        chosen = int(rng.choice(pool))
        if chosen != owner:
            return chosen


def report(swaps: Swaps, parts: dict[str, NDArray[np.bool_]]) -> None:
    """Prints the figures of some parts of the labels: by their text alone, and with what backs them."""
    for words_only in (False, True):
        alone = [pairs.odds(swaps.size, words_only=words_only) for pairs in (swaps.own, swaps.foreign)]
        backed = [np.array([v.odds for v in told]) for told in swaps.told(words_only=words_only)]
        for name, rows in parts.items():
            for kind, (own, foreign) in (("text alone", alone), ("with backing", backed)):
                print(f"  {name}, {'words alone' if words_only else 'all signals'}, {kind}:", end=" ")
                print(figures(own[rows], foreign[rows], default(swaps.size)))


def default(size: int) -> float:
    """The odds below which an entity is pruned by default in a library of so many patterns."""
    return stands_from(EntitySettings().keep_above, size)


def figures(own: Floats, foreign: Floats, default: float) -> str:
    auc = roc_auc_score(np.r_[np.ones(len(own)), np.zeros(len(foreign))], np.r_[own, foreign])
    edge = np.quantile(own, 0.05)
    below = (
        f"below {at:.3f} {np.mean(own < at):.4f} {np.mean(foreign < at):.3f}"
        for at in (default, 0.02, 0.03, 0.05, 0.1, 0.2)
    )
    caught = np.mean(foreign < edge)
    return "; ".join([f"AUC {auc:.4f}", f"own lost .050 below {edge:.3f}, foreign caught {caught:.3f}", *below])


def fitted(swaps: Swaps, rows: NDArray[np.bool_], words_only: bool) -> dict[str, float]:
    """Weights of a logistic regression on some rows, by the text alone."""
    names = [name for name in swaps.own.signals if not (words_only and name.startswith("meaning"))]
    names = [name for name in names if name != "topic"]
    sides = [pairs.signals for pairs in (swaps.own, swaps.foreign)]
    own, foreign = (np.column_stack([side[name][rows] for name in names]) for side in sides)
    features, truth = np.r_[own, foreign], np.r_[np.ones(len(own)), np.zeros(len(foreign))]
    model = LogisticRegression(C=100, max_iter=5000).fit(features, truth)
    weights = {"": float(model.intercept_[0]), **dict(zip(names, model.coef_[0].tolist(), strict=True))}
    return {name: round(weight, 3) for name, weight in weights.items()}


def fitted_backing(swaps: Swaps, rows: NDArray[np.bool_], words_only: bool) -> dict[str, float]:
    """What backing should count, and what having none, with the text's weights left as they are."""
    told = swaps.told(words_only=words_only)
    backing = np.concatenate([np.array([v.backing for v in side])[rows] for side in told])
    share = swaps.size / (swaps.size + SMALL)
    alone = np.concatenate(
        [pairs.odds(swaps.size, words_only=words_only)[rows] for pairs in (swaps.own, swaps.foreign)]
    )
    said = np.concatenate([pairs.mentioned[rows] for pairs in (swaps.own, swaps.foreign)])
    truth = np.repeat([1.0, 0.0], rows.sum())
    known = np.log(alone / (1 - alone)) + UNBACKED * share

    def loss(weights: Floats) -> float:
        total = known + share * (weights[0] * backing - weights[1])
        return float(np.logaddexp(0, np.where(truth == 1, -total, total))[~said].sum())

    best = minimize(loss, [BACKED, UNBACKED]).x.tolist()
    return {"BACKED": round(best[0], 3), "UNBACKED": round(best[1], 3)}


if __name__ == "__main__":
    main()

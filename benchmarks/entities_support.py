"""How well stale entities are told from living ones: each label against its own pattern and a random other one.

    python -m benchmarks.entities_support CORPUS [--fit] [--patterns 300] [--sizes 43 200]

Vectors are kept in the user's cache, so the first run takes minutes. ``--fit`` prints weights fitted on the patterns
that are not tested. Every random choice is seeded.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from garden import library, vectors, workshop
from garden.entities.fit import Fit, Floats, Ints, Texts
from garden.entities.labels import label_of, read_label
from garden.entities.support import MENTIONED, odds_of
from garden.models import Pattern
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
class Swaps:
    """Own and foreign (label, pattern) pairs with their signals; ``owners`` are the own patterns."""

    own: dict[str, Floats]
    foreign: dict[str, Floats]
    owners: Ints
    size: int
    mentioned_own: NDArray[np.bool_]
    mentioned_foreign: NDArray[np.bool_]


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
        print(f"{len(swaps.owners)} labels, foreign from {pool}; signals in {time.perf_counter() - start:.1f} s")
        tested = np.isin(swaps.owners, rng.choice(np.unique(swaps.owners), arguments.patterns, replace=False))
        if arguments.fit:
            for words_only in (False, True):
                print(fitted(swaps, ~tested, words_only))
        for words_only in (False, True):
            report(f"  {arguments.patterns} patterns", swaps, words_only, tested)
            report("  every pattern", swaps, words_only, np.ones(len(tested), bool))
    holders = [place for place, pattern in enumerate(shelf.patterns) if pattern.section and pattern.section.entities]
    for size in arguments.sizes:
        part = shelf.part(sorted(rng.choice(holders, size, replace=False).tolist()))
        swaps = swap(part, "any pattern", rng)
        for words_only in (False, True):
            report(f"a library of {size}", swaps, words_only, np.ones(len(swaps.owners), bool))


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
        (places[label_of(entity)], owner)
        for owner, pattern in enumerate(shelf.patterns)
        if pattern.section
        for entity in pattern.section.entities
        if label_of(entity) in places
    ]
    pairs = np.array(own, dtype=np.intp)
    others = np.arange(len(shelf.patterns)) if pool == "any pattern" else np.unique(pairs[:, 1])
    foreign = np.column_stack([pairs[:, 0], [other(others, owner, rng) for owner in pairs[:, 1].tolist()]])
    fit = Fit(Texts(shelf.proses, shelf.passages), [read_label(name) for name in names], shelf.labels)
    return Swaps(
        own=fit.signals(pairs[:, 0], pairs[:, 1]),
        foreign=fit.signals(foreign[:, 0], foreign[:, 1]),
        owners=pairs[:, 1],
        size=len(shelf.patterns),
        mentioned_own=mentions(fit, pairs),
        mentioned_foreign=mentions(fit, foreign),
    )


def other(pool: Ints, owner: int, rng: np.random.Generator) -> int:
    """One of the pool that is not the owner."""
    while True:
        chosen = int(rng.choice(pool))
        if chosen != owner:
            return chosen


def mentions(fit: Fit, pairs: Ints) -> NDArray[np.bool_]:
    return np.array([fit.labels[label].mentioned_in(fit.texts.proses[owner]) for label, owner in pairs.tolist()])


def report(name: str, swaps: Swaps, words_only: bool, rows: NDArray[np.bool_]) -> None:
    own = odds(swaps.own, swaps.mentioned_own, words_only, swaps.size)[rows]
    foreign = odds(swaps.foreign, swaps.mentioned_foreign, words_only, swaps.size)[rows]
    auc = roc_auc_score(np.r_[np.ones(len(own)), np.zeros(len(foreign))], np.r_[own, foreign])
    edge = np.quantile(own, 0.05)
    print(f"{name}, {'words alone' if words_only else 'all signals'}: AUC {auc:.4f}", end="; ")
    print(f"own lost .050 below {edge:.3f}, foreign caught {np.mean(foreign < edge):.3f}", end="; ")
    print(*(f"below {at:.2f} {np.mean(own < at):.3f} {np.mean(foreign < at):.3f}" for at in (0.1, 0.15, 0.2)), sep="; ")


def odds(signals: dict[str, Floats], mentioned: NDArray[np.bool_], words_only: bool, size: int) -> Floats:
    told = {name: values for name, values in signals.items() if not (words_only and name.startswith("meaning"))}
    return np.where(mentioned, MENTIONED, np.minimum(odds_of(told, size), MENTIONED))


def fitted(swaps: Swaps, rows: NDArray[np.bool_], words_only: bool) -> dict[str, float]:
    """Weights of a logistic regression on some rows, none below zero."""
    names = [name for name in swaps.own if not (words_only and name.startswith("meaning"))]
    names = [name for name in names if name != "topic"]
    own, foreign = (np.column_stack([side[name][rows] for name in names]) for side in (swaps.own, swaps.foreign))
    features, truth = np.r_[own, foreign], np.r_[np.ones(len(own)), np.zeros(len(foreign))]
    model = LogisticRegression(C=100, max_iter=5000).fit(features, truth)
    weights = {"": float(model.intercept_[0]), **dict(zip(names, model.coef_[0].tolist(), strict=True))}
    return {name: round(weight, 3) for name, weight in weights.items()}


if __name__ == "__main__":
    main()

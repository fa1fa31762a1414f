"""Fits the weights that ship in garden/links/prior.py, and shows what they would be without each garden.

    python benchmarks/prior.py GARDEN...

A garden is a folder with notes.jsonl and links.jsonl. Every fifth link is left out, as when a garden is scored; each
type of each garden counts the same, so that a large garden does not decide. No randomness but that of the sample,
which is seeded.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from garden import suggest, vectors
from garden.config import Settings
from garden.encoder import SentenceEncoder
from garden.links import learn
from garden.links.backtest import folds
from garden.links.features import Features
from garden.links.field import Field
from garden.links.signals import text_signals
from garden.links.ties import Tie
from garden.store import Store

HELD_OUT = 0


def lesson_of(folder: Path, store: Store) -> learn.Lesson:
    settings = Settings()
    notes = suggest.read_notes(folder / suggest.NOTES)
    shelf = suggest.shelf_of(notes)
    places = {slug: place for place, slug in enumerate(shelf.slugs)}
    links = suggest.read_links(folder / "links.jsonl", shelf.slugs)
    kept = folds((link.source, link.target) for link in links) != HELD_OUT
    ties = [
        Tie(places[link.source], places[link.target], link.type)
        for link, keep in zip(links, kept, strict=True)
        if keep and link.source != link.target
    ]
    passages = [said.passage for said in shelf.proses]
    rows = vectors.embed(passages, SentenceEncoder(settings.encoder), store, lambda done, of: None)
    field = Field(text_signals(shelf, rows), len(shelf))
    near = field.nearest(settings.links.neighbours)
    features = Features(field, ties, near)
    n = len(shelf)
    left, right = features.pairs
    around = features.neighbourhood(near)
    fresh = ~np.isin(around[0] * n + around[1], left * n + right)
    known = learn.Known(left, right, np.zeros(len(left), np.intp), 1.0)
    return learn.Lesson.of(features, learn.examples(known, (around[0][fresh], around[1][fresh]), n))


def pooled(lessons: list[learn.Lesson]) -> learn.Weights:
    rows, tied, weight = [], [], []
    for lesson in lessons:
        for name, some in lesson.rows.items():
            rows.append(some)
            tied.append(lesson.tied[name])
            weight.append(lesson.weight * 100 / lesson.tied[name].sum() / len(lesson.rows))
    problem = learn.Fitting(np.concatenate(rows), np.concatenate(tied), np.concatenate(weight))
    start = np.zeros(problem.rows.shape[1])
    found = learn.fit(problem, start, start)
    found[-1] -= np.log((problem.weight @ problem.tied) / problem.weight.sum())
    return found


def main() -> None:
    folders = [Path(name) for name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as cache:
        store = Store(Path(cache) / "store.sqlite")
        lessons = [lesson_of(folder, store) for folder in folders]
    every = pooled(lessons)
    without = [pooled([lesson for lesson in lessons if lesson is not left_out]) for left_out in lessons]
    print("weight", *(f"without {folder.name}" for folder in folders), sep="\t")
    for place, name in enumerate((*lessons[0].names, "constant")):
        print(f'"{name}": {every[place]:.2f},', *(f"{other[place]:.2f}" for other in without), sep="\t")


if __name__ == "__main__":
    main()

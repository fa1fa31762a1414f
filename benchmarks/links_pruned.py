"""How many links that people made are pruned, and how many random ones: gardens written as libraries, and tended.

    python -m benchmarks.links_pruned GARDEN... [--seeds 3]

Each garden becomes a folder of patterns whose inferred links are the links that people made and as many random ones,
and is tended without writing: a link counts as pruned where the plan removes it, for whatever reason. Cold, nothing is
curated: all links that people made are written as inferred ones. With curated links known, four fifths of them (by the
split of ``bench/score.py``) stand as curated relationships, and the other fifth is written as inferred links.

Each table is followed by the trade-off: how many random links would go if so many of people's were given up. Seeds are
0, 1 and so on; a seed is the split as well.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from garden import suggest, workshop
from garden.config import Settings
from garden.findings import embed
from garden.links import rank
from garden.links.shelf import Shelf
from garden.names import names_of
from garden.plan.curated import curated_pairs, curated_ties
from garden.run import Request
from garden.tend import read, tend
from garden.tools import Tools

CLASSES = 5
LOST = (0.01, 0.02, 0.05, 0.1, 0.2)
KINDS = {
    "child_of": "generalizes_from",
    "subtechnique_of": "generalizes_from",
    "can_precede": "enables",
}
TODAY = "2026-11-24"
Pair = tuple[str, str]
Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Garden:
    """Notes, and links that people made: one for each pair of notes."""

    name: str
    notes: Sequence[suggest.Note]
    links: dict[Pair, suggest.KnownLink]


@dataclass(frozen=True)
class Trial:
    """What is written as inferred links, and what is curated."""

    human: Sequence[Pair]
    random: Sequence[Pair]
    curated: Sequence[Pair]


@dataclass(frozen=True)
class Result:
    """Shares that were pruned, the area under the curve, and the random links caught at each of ``LOST``."""

    lost: float
    caught: float
    area: float
    at: tuple[float, ...]
    learned: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gardens", type=Path, nargs="+")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    tools = workshop.tools_for(Settings(), lambda *_: None)
    gardens = [garden_of(folder) for folder in arguments.gardens]
    for known in (False, True):
        print(f"\n## {'Four fifths of the links curated' if known else 'Cold: nothing curated'}\n")
        print("| garden | seed | people's | random | lost | caught | AUC | " + heads() + " |")
        print("|---|---|---:|---:|---:|---:|---:|" + "---:|" * len(LOST))
        for garden in gardens:
            for seed in range(arguments.seeds):
                trial = trial_of(garden, seed, known=known)
                print(row(garden.name, seed, trial, result_of(garden, trial, tools)), flush=True)


def heads() -> str:
    return " | ".join(f"{share:.0%}" for share in LOST)


def row(name: str, seed: int, trial: Trial, found: Result) -> str:
    judge = "" if found.learned == bool(trial.curated) else " (not learned)"
    figures = (f"{found.lost:.1%}", f"{found.caught:.1%}", f"{found.area:.3f}", *(f"{share:.0%}" for share in found.at))
    return f"| {name}{judge} | {seed} | {len(trial.human)} | {len(trial.random)} | {' | '.join(figures)} |"


def garden_of(folder: Path) -> Garden:
    notes = sorted(suggest.read_notes(folder / "notes.jsonl"), key=lambda note: note.slug)
    links: dict[Pair, suggest.KnownLink] = {}
    for link in suggest.read_links(folder / "links.jsonl", [note.slug for note in notes]):
        if link.source != link.target:
            links.setdefault(pair_of(link.source, link.target), link)
    return Garden(folder.name, notes, dict(sorted(links.items())))


def pair_of(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def trial_of(garden: Garden, seed: int, *, known: bool) -> Trial:
    human = [pair for pair in garden.links if not known or split_of(pair) == seed % CLASSES]
    rng = np.random.default_rng(seed)
    slugs = [note.slug for note in garden.notes]
    random: set[Pair] = set()
    while len(random) < len(human):
        one, other = (slugs[place] for place in rng.integers(0, len(slugs), 2).tolist())
        if one != other and pair_of(one, other) not in garden.links:
            random.add(pair_of(one, other))
    written = set(human)
    return Trial(human, sorted(random), [pair for pair in garden.links if pair not in written])


def split_of(pair: Pair) -> int:
    return hashlib.sha256("\0".join(pair).encode()).digest()[0] % CLASSES


def result_of(garden: Garden, trial: Trial, tools: Tools) -> Result:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for name, text in files(garden, trial):
            (root / name).write_text(text, encoding="utf-8")
        request = Request(root, Settings(), TODAY)
        run = tend(request, tools)
        gone = {pair_of(p.pattern, p.target) for p in run.plan.proposals if p.kind == "remove_link" and p.target}
        human, random, learned = scores(request, trial, tools)
    edges = [np.quantile(human, share) for share in LOST]
    return Result(
        lost=sum(pair in gone for pair in trial.human) / len(trial.human),
        caught=sum(pair in gone for pair in trial.random) / len(trial.random),
        area=float(roc_auc_score(np.repeat([1, 0], [len(human), len(random)]), np.r_[human, random])),
        at=tuple(float(np.mean(random < edge)) for edge in edges),
        learned=learned,
    )


def scores(request: Request, trial: Trial, tools: Tools) -> tuple[Numbers, Numbers, bool]:
    """What the ranking makes of either kind of link, and whether it has learned from curated ones."""
    known = read(request, tools)
    patterns = known.library.patterns
    shelf = Shelf.of(patterns, [reading.prose for reading in known.library.readings])
    ties = curated_ties(patterns, known.names, request.settings.vocabulary)
    curated = sorted(curated_pairs(patterns, known.names))
    ranking = rank(shelf, embed(known, tools).passages(), curated, request.settings.links, ties)
    places = names_of(patterns).slugs
    human, random = (
        ranking.verdicts([(places[one], places[other]) for one, other in pairs]).scores
        for pairs in (trial.human, trial.random)
    )
    return human, random, len(ranking.held_out) > 0


def files(garden: Garden, trial: Trial) -> Iterator[tuple[str, str]]:
    """Every note as a pattern's file."""
    inferred: dict[str, list[dict[str, object]]] = {note.slug: [] for note in garden.notes}
    curated: dict[str, dict[str, list[str]]] = {note.slug: {} for note in garden.notes}
    for one, other in (*trial.human, *trial.random):
        link = garden.links.get((one, other))
        source, target = (link.source, link.target) if link else (one, other)
        fields = {"target": target, "type": "complementary", "confidence": 0.6, "reason": "They belong together."}
        inferred[source].append(fields)
    for pair in trial.curated:
        link = garden.links[pair]
        curated[link.source].setdefault(KINDS.get(link.type, "complementary"), []).append(link.target)
    for note in garden.notes:
        front = {
            "slug": note.slug,
            "title": note.title,
            "summary": note.summary,
            "relationships": curated[note.slug],
            "graph_garden": {
                "last_pruned": None,
                "entities": [],
                "communities": [],
                "inferred_links": sorted(inferred[note.slug], key=lambda fields: str(fields["target"])),
            },
        }
        yield f"{note.slug}.md", f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True)}---\n{note.body}"


if __name__ == "__main__":
    main()

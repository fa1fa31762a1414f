"""Does health tell bias from chance? Gardens that people made, a library that a machine filled, and simulated ones.

    python benchmarks/health_bias.py --gardens FOLDER --library FOLDER_OF_PATTERNS

A garden is a folder with notes.jsonl (slug) and links.jsonl (target). Simulated libraries: ``fair`` (targets at
random), ``popular`` (in-degrees by Zipf's law, exponent 0.8, wherever they stand in the alphabet), ``hub`` (a third of
all links lead to one pattern), ``prefix`` (a share of the links goes to the first 30 slugs). Seeds 0 to --rounds.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from garden import library
from garden.config import HealthSettings, Settings
from garden.health import Bias, bias_of
from garden.names import names_of
from garden.store import Store

THRESHOLDS = HealthSettings()
LETTERS = "abcdefghijklmnopqrst"


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--gardens", type=Path)
    asked.add_argument("--library", type=Path)
    asked.add_argument("--rounds", type=int, default=100)
    words = asked.parse_args()
    print("| links of | patterns | links | letter: beyond its part | p | mean place | p | evenness | flagged |")
    print("|---|---|---|---|---|---|---|---|---|")
    for garden in sorted(path for path in words.gardens.iterdir() if path.is_dir()) if words.gardens else ():
        slugs = sorted(note["slug"] for note in lines(garden / "notes.jsonl"))
        show(garden.name, slugs, places(slugs, [link["target"] for link in lines(garden / "links.jsonl")]))
    if words.library:
        show_library(words.library)
    print()
    simulated(words.rounds)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")]


def places(slugs: Sequence[str], targets: Sequence[str]) -> list[int]:
    known = {slug: place for place, slug in enumerate(slugs)}
    return [known[target] for target in targets if target in known]


def show(name: str, slugs: Sequence[str], targets: Sequence[int]) -> None:
    bias = bias_of(slugs, targets)
    assert isinstance(bias, Bias)
    row = [
        name,
        f"{len(slugs):,}",
        f"{bias.links:,}",
        f"{bias.letter!r} {bias.letter_excess:+.1%}",
        f"{bias.letter_p:.3f}",
        f"{bias.position:.2f}",
        f"{bias.position_p:.3f}",
        f"{bias.spread:.3f}",
        ", ".join(bias.signs(THRESHOLDS)) or "no",
    ]
    print("|", " | ".join(row), "|")


def show_library(root: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        found = library.read(root, Settings(), Store(Path(scratch) / "store.sqlite"), lambda *_: None).patterns
    names, slugs = names_of(found), [pattern.slug for pattern in found]
    inferred = [names.exact(link.target) for one in found if one.section for link in one.section.links]
    curated = [names.find(relationship.target) for one in found for relationship in one.relationships]
    show("library, inferred", slugs, [place for place in inferred if place is not None])
    show("library, curated", slugs, [place for place in curated if place is not None])


def simulated(rounds: int) -> None:
    print(f"| simulated, {rounds} each | patterns | links | flagged by letter | by place | by evenness |")
    print("|---|---|---|---|---|---|")
    for kind, share in (
        ("fair", 0.0),
        ("popular", 0.0),
        ("hub", 0.0),
        ("prefix", 0.3),
        ("prefix", 0.6),
        ("prefix", 1.0),
    ):
        for size, links in ((40, 12), (60, 60), (300, 900), (1500, 6000)):
            if kind != "prefix" or size >= 300:
                signs: Counter[str] = Counter()
                for seed in range(rounds):
                    bias = bias_of(alphabet(size), drawn(kind, size, links, share, np.random.default_rng(seed)))
                    signs.update(bias.signs(THRESHOLDS) if bias else ())
                name = f"{kind} {share:.0%}" if share else kind
                counts = " | ".join(str(signs[sign]) for sign in ("letter", "position", "spread"))
                print(f"| {name} | {size:,} | {links:,} | {counts} |", flush=True)


def alphabet(size: int) -> list[str]:
    return sorted(f"{LETTERS[number % len(LETTERS)]}{number:04}" for number in range(size))


def drawn(kind: str, size: int, links: int, share: float, rng: np.random.Generator) -> list[int]:
    targets = rng.integers(0, size, links)
    if kind == "popular":
        weight = rng.permutation(1 / np.arange(1, size + 1) ** 0.8)
        targets = rng.choice(size, links, p=weight / weight.sum())
    elif kind == "hub":
        targets[: links // 3] = rng.integers(0, size)
    elif kind == "prefix":
        targets[: round(links * share)] = rng.integers(0, 30, round(links * share))
    return [int(place) for place in targets]


if __name__ == "__main__":
    main()

"""How far the sketch of a text moves when the text is edited: where a small slip ends and a change of matter begins.

    python benchmarks/material.py CORPUS_FOLDER [--patterns 400]

Each of so many patterns is edited in several ways; printed are quantiles of the bits that differ, and how often the
program takes the text for the same as before.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from garden import prose
from garden.config import Settings
from garden.frontmatter import decode, parse
from garden.sketch import SAME, alike, sketch

SEED = 5
Edit = Callable[[list[str], list[str], np.random.Generator], list[str]]


def slip(words: list[str], _: list[str], rng: np.random.Generator, count: int = 1) -> list[str]:
    """Two letters of some longer words change places."""
    long = [place for place, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    for place in rng.choice(long, min(count, len(long)), replace=False):
        word = words[place]
        words[place] = word[:2] + word[3] + word[2] + word[4:]
    return words


def three_slips(words: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    return slip(words, other, rng, 3)


def part_of(share: float) -> Edit:
    def edit(words: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
        size = int(len(words) * share)
        start, there = rng.integers(len(words) - size), rng.integers(max(len(other) - size, 1))
        return [*words[:start], *other[there : there + size], *words[start + size :]]

    return edit


EDITS: dict[str, Edit] = {
    "one word misspelt": slip,
    "three words misspelt": three_slips,
    "1 % of the words replaced by another text's": part_of(0.01),
    "2 %": part_of(0.02),
    "5 %": part_of(0.05),
    "10 %": part_of(0.10),
    "20 %": part_of(0.20),
    "all": lambda words, other, rng: other,
}


def sketched(title: str, body: str) -> str:
    read = prose.read(title, (), "", "", body)
    return sketch(read.keys, read.counts)


def main() -> None:
    parser = argparse.ArgumentParser(description="How far the sketch of a text moves when the text is edited.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--patterns", type=int, default=400)
    asked = parser.parse_args()
    rng = np.random.default_rng(SEED)
    paths = sorted(asked.corpus.glob("*.md"))
    picked = [paths[place] for place in rng.permutation(len(paths))[: asked.patterns]]
    bodies = [parse(decode(path.read_bytes()), Settings().read).body for path in picked]
    print(f"{len(bodies)} texts of {int(np.median([len(body.split()) for body in bodies]))} words (median)")
    print("| edit | bits that differ: 5 %, median, 95 % | taken for the same text |\n|---|---:|---:|")
    for name, edit in EDITS.items():
        bits, same = [], 0
        for place, body in enumerate(bodies):
            words, other = body.split(" "), bodies[place - 1].split(" ")
            title, edited = picked[place].stem, " ".join(edit(words, other, rng))
            before, after = sketched(title, body), sketched(title, edited)
            bits.append((int(before, 16) ^ int(after, 16)).bit_count())
            same += alike(before, after)
        low, middle, high = np.quantile(bits, [0.05, 0.5, 0.95])
        print(f"| {name} | {low:.0f}, {middle:.0f}, {high:.0f} | {same / len(bodies):.1%} |")
    print(f"\nThe same up to {SAME} bits.")


if __name__ == "__main__":
    main()

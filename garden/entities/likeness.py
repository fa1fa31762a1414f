"""When two ids are one idea: the keys that they share, and, where words only have the same roots, their vectors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from garden.entities.ideas import Idea, depth_of, plain_labels
from garden.entities.wording import folded, plain_label, remarks, root, same_words, shortens, words_of_name
from garden.models import Pattern

Vectors = Mapping[str, NDArray[np.float32]]

# Cosines of two labels from which on they are one idea: where the roots of their words are the same, where these stand
# in another order, and where one of them is another.
SAME_ROOTS, SAME_ORDERLESS, SAME_MEANING = 0.8, 0.95, 0.93
LARGEST_BLOCK = 60  # What so many labels have in common tells nothing.
_AROUNDS = frozenset("of in through".split())
_AROUND = re.compile(r"^(.+?)\s+(of|in|through)\s+(?:the\s+)?(.+)$")
_PAIRED = re.compile(r"^(\S+(?:\s\S+)?)\s+(?:and|&)\s+(\S+(?:\s\S+)?)$")


@dataclass(frozen=True, eq=False)
class _Said:
    """A label of an id as it is compared: the roots of its words, and its vector."""

    id: str
    depth: str
    roots: tuple[str, ...]
    vector: NDArray[np.float32]


def keys_of(idea: Idea) -> Iterator[tuple[str, str]]:
    """The keys under which an id meets those that are the same idea, each with what it means to share it."""
    words = words_of_name(idea.id)
    yield f"id {same_words(idea.id)}", "the same words"
    if idea.person:
        yield f"person {' '.join(sorted(folded(words)))}", "the same names"
    for label in plain_labels(idea):
        yield from _keys_of_label(label, depth_of(idea))


@cache
def _keys_of_label(label: str, depth: str) -> tuple[tuple[str, str], ...]:
    """The same of a label of an id of some depth; it is asked about again after each round of renaming."""
    keys = [(f"label {same_words(label)} {depth}", "the same label")]
    around = _AROUND.match(label.lower())
    if around:
        keys.append((f"label {same_words(f'{around[3]} {around[1]}')} {depth}", "the same words around of"))
    paired = _PAIRED.match(label.lower())
    if paired:
        both = " ".join(sorted((same_words(paired[1]), same_words(paired[2]))))
        keys.append((f"pair {both} {depth}", "the same pair"))
    return tuple(keys)


def abbreviated(ideas: Mapping[str, Idea]) -> Iterator[tuple[str, str]]:
    """Pairs of an id that is an abbreviation and one whose label gives the abbreviation after the full words."""
    meanings: dict[str, set[str]] = {}
    owners: dict[str, list[str]] = {}
    for idea in ideas.values():
        for label in idea.said:
            full = same_words(plain_label(label, idea.id))
            owners.setdefault(full, []).append(idea.id)
            for remark in remarks(label):
                if shortens(remark, label):
                    meanings.setdefault(same_words(remark), set()).add(full)
    for name in ideas:
        meant = meanings.get(same_words(name), set())
        # Letters that stand for two things stand for neither.
        if len(meant) == 1:
            yield from ((name, other) for other in owners[min(meant)] if other != name)


def titled(ideas: Mapping[str, Idea], patterns: Sequence[Pattern]) -> Iterator[tuple[str, str]]:
    """Pairs of an id that is a pattern's slug and one whose label is that pattern's title."""
    titles = {same_words(pattern.title): pattern.slug for pattern in reversed(patterns) if pattern.slug in ideas}
    for idea in ideas.values():
        for label in plain_labels(idea):
            slug = titles.get(same_words(label))
            if slug is not None and slug != idea.id and depth_of(ideas[slug]) == depth_of(idea):
                yield slug, idea.id


def nearly_alike(ideas: Mapping[str, Idea], vectors: Vectors) -> Iterator[tuple[str, str, str]]:
    """Pairs of ids, with the reason, whose labels are nearly the same words and have nearly the same vector."""
    blocks: dict[tuple[str, ...], list[_Said]] = {}
    for idea in ideas.values():
        for label in idea.said:
            roots = _roots(label, idea.id)
            if len(roots) > 1 and label in vectors:
                said = _Said(idea.id, depth_of(idea), roots, vectors[label])
                for key in _block_keys(roots):
                    blocks.setdefault(key, []).append(said)
    for key in sorted(key for key, block in blocks.items() if 1 < len(block) <= LARGEST_BLOCK):
        yield from _near(blocks[key])


@cache
def _roots(label: str, name: str) -> tuple[str, ...]:
    """The roots of the words of an id's label, which is compared again after each round of renaming."""
    return tuple(root(word) for word in words_of_name(plain_label(label, name)))


@cache
def _block_keys(roots: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Labels meet that have the same roots in any order, or all but one of them in the same order."""
    any_order = ("any order", *sorted(root for root in roots if root not in _AROUNDS))
    return (any_order, *(("but one", *roots[:place], "", *roots[place + 1 :]) for place in range(len(roots))))


def _near(block: Sequence[_Said]) -> Iterator[tuple[str, str, str]]:
    for place, one in enumerate(block):
        for other in block[place + 1 :]:
            if one.id == other.id or one.depth != other.depth:
                continue
            cosine = round(float(one.vector @ other.vector), 4)
            if cosine >= _least_cosine(one.roots, other.roots):
                yield one.id, other.id, "the same roots" if one.roots == other.roots else "the same meaning"


def _least_cosine(roots: tuple[str, ...], other: tuple[str, ...]) -> float:
    if roots == other:
        return SAME_ROOTS
    return SAME_ORDERLESS if set(roots) == set(other) else SAME_MEANING

"""Which ids of entities are one idea written several ways, and the id that should stand for all of them.

Ids are the same idea where they, or the labels that they mostly bear, say the same words: singular or plural, British
or American, hyphenated or not, with or without an article; where one is the other's abbreviation; where two words
change places around "of" or "and", or a person's names do; and where words of one root ("behavior design", "behavioral
design") also mean the same to the embedding model. Ids that differ by a depth ("active-listening-depth") stay apart.

All of these are equal keys, so that no pair is ever compared (Christen 2012, standard blocking), but the last.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from garden.entities.labels import spoken
from garden.entities.wording import folded, plain_label, remarks, root, same_words, shortens, words_of_name
from garden.models import Pattern
from garden.names import slugify

Vectors = Mapping[str, NDArray[np.float32]]

# Cosines of two labels from which on they are one idea: where the roots of their words are the same, where these stand
# in another order, and where one of them is another.
SAME_ROOTS, SAME_ORDERLESS, SAME_MEANING = 0.8, 0.95, 0.93
NEVER = "9999"  # After every date.
LARGEST_BLOCK = 60  # What so many labels have in common tells nothing.
_DEPTHS = frozenset(
    """
    depth depths deep deeper advanced basic basics beginner intermediate expert mastery level levels introduction intro
    foundation foundations foundational fundamental fundamentals primer essentials
    """.split()
)
_AROUNDS = frozenset("of in through".split())
_AROUND = re.compile(r"^(.+?)\s+(of|in|through)\s+(?:the\s+)?(.+)$")
_PAIRED = re.compile(r"^(\S+(?:\s\S+)?)\s+(?:and|&)\s+(\S+(?:\s\S+)?)$")


@dataclass(frozen=True)
class Group:
    """Ids that are one idea: ``canonical`` stands for all, ``why`` tells of each other id what it shares."""

    canonical: str
    why: Mapping[str, str]


@dataclass(frozen=True)
class Resolution:
    """The groups of a library. ``renamed`` holds, for each (pattern, place in its list) that changes, the new id."""

    groups: tuple[Group, ...] = ()
    renamed: Mapping[tuple[int, int], str] = field(default_factory=dict)


class Standing(NamedTuple):
    """One entity that will stand in a pattern. ``place`` is its place in the list, below 0 where it is new."""

    place: int
    id: str
    label: str
    person: bool = False
    plain: bool = False


@dataclass(frozen=True)
class _Idea:
    """One id with all its uses: how often it bears each label, whether it is a person, and when it was first pruned.

    ``bare`` says that some of its uses are bare strings, which may have to stay as they are.
    """

    id: str
    uses: int
    labels: tuple[tuple[str, int], ...]
    person: bool
    oldest: str
    bare: bool

    @property
    def said(self) -> tuple[str, ...]:
        """What the id mostly says: the labels of at least half of its uses, so one, or two, or none."""
        return tuple(label for label, count in self.labels if 2 * count >= self.uses)


@dataclass(frozen=True, eq=False)
class _Said:
    """A label of an id as it is compared: the roots of its words, and its vector."""

    id: str
    depth: str
    roots: tuple[str, ...]
    vector: NDArray[np.float32]


def resolve(
    patterns: Sequence[Pattern],
    standing: Sequence[Sequence[Standing]],
    may_rename: Callable[[int, Standing, str], bool],
    vectors: Vectors | None = None,
) -> Resolution:
    """The groups among the ids of ``standing``, which are the entities that will stand in each of the patterns.

    Renaming may change which label an id mostly bears, so it is done over until nothing changes: a library to which the
    result is applied renames nothing more. ``may_rename`` says whether a bare string may become an id. ``vectors`` are
    unit vectors of labels.
    """
    now = [list(held) for held in standing]
    renamed: dict[tuple[int, int], str] = {}
    why: dict[str, dict[str, str]] = {}
    while True:
        ideas = _ideas(patterns, now)
        found = _canonical(ideas, _joined(ideas, patterns, vectors or {}))
        turned = [_turned(owner, held, found, may_rename) for owner, held in enumerate(now)]
        changes = {
            (owner, new.place): new.id for owner, held in enumerate(turned) for new in held if new not in now[owner]
        }
        if not changes:
            return Resolution(tuple(Group(name, of) for name, of in sorted(why.items())), renamed)
        renamed.update(changes)
        for name, (canonical, reason) in found.items():
            if canonical in changes.values():
                why.setdefault(canonical, {})[name] = reason
        now = turned


def _turned(
    owner: int,
    held: Sequence[Standing],
    found: Mapping[str, tuple[str, str]],
    may_rename: Callable[[int, Standing, str], bool],
) -> list[Standing]:
    """The entities of one pattern with the ids that they get."""
    turned = []
    for one in held:
        canonical = found.get(one.id, (one.id, ""))[0]
        if canonical == one.id or (one.plain and not may_rename(owner, one, canonical)):
            turned.append(one)
        else:
            turned.append(one._replace(id=canonical, label=spoken(canonical) if one.plain else one.label))
    return turned


def _distinct(held: Iterable[Standing]) -> list[Standing]:
    """The first of each id."""
    first: dict[str, Standing] = {}
    for one in held:
        first.setdefault(one.id, one)
    return list(first.values())


def _ideas(patterns: Sequence[Pattern], standing: Sequence[Sequence[Standing]]) -> dict[str, _Idea]:
    labels: dict[str, Counter[str]] = {}
    persons: dict[str, bool] = {}
    oldest: dict[str, str] = {}
    bare: set[str] = set()
    for pattern, held in zip(patterns, standing, strict=True):
        pruned = (pattern.section.last_pruned if pattern.section else None) or NEVER
        for one in _distinct(held):
            labels.setdefault(one.id, Counter())[one.label] += 1
            persons[one.id] = persons.get(one.id, True) and one.person
            oldest[one.id] = min(oldest.get(one.id, pruned), pruned)
            bare.update({one.id} if one.plain else ())
    return {
        name: _Idea(name, counts.total(), _ordered(counts), persons[name], oldest[name], name in bare)
        for name, counts in sorted(labels.items())
    }


def _ordered(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _joined(ideas: Mapping[str, _Idea], patterns: Sequence[Pattern], vectors: Vectors) -> nx.Graph:
    """A graph over ids, with an edge and its reason between any two that are one idea."""
    graph = nx.Graph()
    graph.add_nodes_from(ideas)
    # The surest reason is added last, and is the one that is told.
    graph.add_edges_from((one, other, {"reason": reason}) for one, other, reason in _like(ideas, vectors))
    graph.add_edges_from((*pair, {"reason": "a pattern's title"}) for pair in _titled(ideas, patterns))
    graph.add_edges_from((*pair, {"reason": "abbreviation"}) for pair in _abbreviated(ideas))
    owners: dict[str, str] = {}
    for idea in ideas.values():
        for key, reason in _keys(idea):
            other = owners.setdefault(key, idea.id)
            if other != idea.id:
                graph.add_edge(other, idea.id, reason=reason)
    return graph


def _canonical(ideas: Mapping[str, _Idea], graph: nx.Graph) -> dict[str, tuple[str, str]]:
    """For every id that gives way: the id that stands for it, and why."""
    found: dict[str, tuple[str, str]] = {}
    for component in nx.connected_components(graph):
        if len(component) == 1:
            continue
        members = [ideas[name] for name in component]
        # Where a bare string stays, its group is met again in the next run, and dates of pruning have moved by then.
        dated = not any(idea.bare for idea in members)
        best = min(members, key=lambda idea: _rank(idea, dated=dated)).id
        for name in component - {best}:
            near = best if graph.has_edge(name, best) else min(graph[name])
            found[name] = (best, graph.edges[name, near]["reason"])
    return dict(sorted(found.items()))


def _rank(idea: _Idea, *, dated: bool) -> tuple[bool, int, str, int, str]:
    """Ids shaped as ids first, then the most used, the oldest, the shortest, the first of the alphabet."""
    return (idea.id != slugify(idea.id), -idea.uses, idea.oldest if dated else "", len(idea.id), idea.id)


def _keys(idea: _Idea) -> Iterator[tuple[str, str]]:
    """The keys under which an id meets those that are the same idea, each with what it means to share it."""
    words = words_of_name(idea.id)
    yield f"id {same_words(idea.id)}", "the same words"
    if idea.person:
        yield f"person {' '.join(sorted(folded(words)))}", "the same names"
    depth = _depth(idea)
    for label in _plain_labels(idea):
        yield f"label {same_words(label)} {depth}", "the same label"
        around = _AROUND.match(label.lower())
        if around:
            yield f"label {same_words(f'{around[3]} {around[1]}')} {depth}", "the same words around of"
        paired = _PAIRED.match(label.lower())
        if paired:
            yield f"pair {' '.join(sorted((same_words(paired[1]), same_words(paired[2]))))} {depth}", "the same pair"


def _plain_labels(idea: _Idea) -> tuple[str, ...]:
    return tuple(plain_label(label, idea.id) for label in idea.said)


def _depth(idea: _Idea) -> str:
    """The words of the id that tell a depth of an idea from the idea."""
    return " ".join(sorted(_DEPTHS.intersection(words_of_name(idea.id))))


def _abbreviated(ideas: Mapping[str, _Idea]) -> Iterator[tuple[str, str]]:
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


def _titled(ideas: Mapping[str, _Idea], patterns: Sequence[Pattern]) -> Iterator[tuple[str, str]]:
    """Pairs of an id that is a pattern's slug and one whose label is that pattern's title."""
    titles = {same_words(pattern.title): pattern.slug for pattern in reversed(patterns) if pattern.slug in ideas}
    for idea in ideas.values():
        for label in _plain_labels(idea):
            slug = titles.get(same_words(label))
            if slug is not None and slug != idea.id and _depth(ideas[slug]) == _depth(idea):
                yield slug, idea.id


def _like(ideas: Mapping[str, _Idea], vectors: Vectors) -> Iterator[tuple[str, str, str]]:
    """Pairs of ids, with the reason, whose labels are nearly the same words and have nearly the same vector."""
    blocks: dict[tuple[str, ...], list[_Said]] = {}
    for idea in ideas.values():
        for label in idea.said:
            roots = tuple(root(word) for word in words_of_name(plain_label(label, idea.id)))
            if len(roots) > 1 and label in vectors:
                for key in _block_keys(roots):
                    blocks.setdefault(key, []).append(_Said(idea.id, _depth(idea), roots, vectors[label]))
    for _, block in sorted(blocks.items()):
        if len(block) <= LARGEST_BLOCK:
            yield from _near(block)


def _block_keys(roots: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Labels meet that have the same roots in any order, or all but one of them in the same order."""
    yield ("any order", *sorted(root for root in roots if root not in _AROUNDS))
    for place in range(len(roots)):
        yield ("but one", *roots[:place], "", *roots[place + 1 :])


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

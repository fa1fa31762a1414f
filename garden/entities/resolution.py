"""Which ids of entities are one idea written several ways, and the id that should stand for all of them.

Ids are the same idea where they, or the labels that they mostly bear, say the same words: singular or plural, British
or American, hyphenated or not, with or without an article; where one is the other's abbreviation; where two words
change places around "of" or "and", or a person's names do; and where words of one root ("behavior design", "behavioral
design") also mean the same to the embedding model. Ids that differ by a depth ("active-listening-depth") stay apart.

All of these are equal keys, so that no pair is ever compared (Christen 2012, standard blocking), but the last.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from garden import terms
from garden.models import Entity, Pattern
from garden.names import slugify

Vectors = Mapping[str, NDArray[np.float32]]

# Cosines of two labels from which on they are one idea: where the roots of their words are the same, where these stand
# in another order, and where one of them is another.
SAME_ROOTS, SAME_ORDERLESS, SAME_MEANING = 0.8, 0.95, 0.93
LARGEST_BLOCK = 60  # What so many labels have in common tells nothing.
_EMPTY = frozenset("a an the and n or based".split())
_DEPTHS = frozenset(
    """
    depth depths deep deeper advanced basic basics beginner intermediate expert mastery level levels introduction intro
    foundation foundations foundational fundamental fundamentals primer essentials
    """.split()
)
# Words that look like plurals of others and mean something else.
_NO_PLURALS = frozenset("commons goods means customs arms news".split())
_WORD = re.compile(r"[^\W_]+")
_PARENTHESIS = re.compile(r"\s*\(([^)]*)\)")
_AROUNDS = frozenset("of in through".split())
_AROUND = re.compile(r"^(.+?)\s+(of|in|through)\s+(?:the\s+)?(.+)$")
_PAIRED = re.compile(r"^(\S+(?:\s\S+)?)\s+(?:and|&)\s+(\S+(?:\s\S+)?)$")
_ROOT_ENDINGS = tuple(
    sorted(
        """
        ational ization at iveness ivenes fulness fulnes ousness ousnes abiliti ibiliti ation ition ment ness nes anc
        enc anci enci abl ibl ship iti iv ous ful ist ism ion al ic ical alli ly li er or ian ent ant ing ed s i
        """.split(),
        key=lambda ending: (-len(ending), ending),
    )
)
_SHORTEST_ROOT = 4


@dataclass(frozen=True)
class Group:
    """Ids that are one idea: ``canonical`` stands for all, ``why`` tells of each other id what it shares."""

    canonical: str
    why: Mapping[str, str]


@dataclass(frozen=True)
class Resolution:
    """The groups of a library, and the id that each id becomes; an id that stays as it is is not in it."""

    groups: tuple[Group, ...] = ()
    becomes: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """The id that stands for ``name``."""
        return self.becomes.get(name, name)


@dataclass(frozen=True)
class _Idea:
    """One id with all its uses: how often it bears each label, whether it is a person, and when it was first pruned."""

    id: str
    uses: int
    labels: tuple[tuple[str, int], ...]
    person: bool
    oldest: str

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
    patterns: Sequence[Pattern], entities: Sequence[Sequence[Entity]], vectors: Vectors | None = None
) -> Resolution:
    """The groups among the ids of ``entities``, which are those that will stand in each of the patterns.

    Renaming may change which label an id mostly bears, so it is done over until nothing changes: a library to which the
    result is applied has no group left. ``vectors`` are unit vectors of labels.
    """
    standing = [_distinct(held) for held in entities]
    becomes: dict[str, str] = {}
    why: dict[str, str] = {}
    while True:
        ideas = _ideas(patterns, standing)
        found = _canonical(ideas, _joined(ideas, patterns, vectors or {}))
        if not found:
            break
        why.update({name: reason for name, (_, reason) in found.items()})
        turned = {name: canonical for name, (canonical, _) in found.items()}
        becomes = {**{name: turned.get(now, now) for name, now in becomes.items()}, **turned}
        standing = [_distinct([e.model_copy(update={"id": turned.get(e.id, e.id)}) for e in held]) for held in standing]
    members: dict[str, dict[str, str]] = {}
    for name, canonical in sorted(becomes.items()):
        members.setdefault(canonical, {})[name] = why[name]
    return Resolution(tuple(Group(name, why_of) for name, why_of in sorted(members.items())), becomes)


@cache
def same_words(name: str) -> str:
    """A key that ids and labels share which say the same words, in whatever number, spelling and hyphenation."""
    return "".join(_folded(_words(name)))


def _distinct(entities: Iterable[Entity]) -> list[Entity]:
    """The first of each id."""
    held: dict[str, Entity] = {}
    for entity in entities:
        held.setdefault(entity.id, entity)
    return list(held.values())


def _ideas(patterns: Sequence[Pattern], standing: Sequence[Sequence[Entity]]) -> dict[str, _Idea]:
    labels: dict[str, Counter[str]] = {}
    persons: dict[str, bool] = {}
    oldest: dict[str, str] = {}
    for pattern, held in zip(patterns, standing, strict=True):
        pruned = (pattern.section.last_pruned if pattern.section else None) or "9999"
        for entity in held:
            labels.setdefault(entity.id, Counter())[entity.label] += 1
            persons[entity.id] = persons.get(entity.id, True) and entity.type == "person"
            oldest[entity.id] = min(oldest.get(entity.id, pruned), pruned)
    return {
        name: _Idea(name, counts.total(), _ordered(counts), persons[name], oldest[name])
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
        best = min(component, key=lambda name: _rank(ideas[name]))
        for name in component - {best}:
            near = best if graph.has_edge(name, best) else min(graph[name])
            found[name] = (best, graph.edges[name, near]["reason"])
    return dict(sorted(found.items()))


def _rank(idea: _Idea) -> tuple[bool, int, str, int, str]:
    """Ids shaped as ids first, then the most used, the oldest, the shortest, the first of the alphabet."""
    return (idea.id != slugify(idea.id), -idea.uses, idea.oldest, len(idea.id), idea.id)


def _keys(idea: _Idea) -> Iterator[tuple[str, str]]:
    """The keys under which an id meets those that are the same idea, each with what it means to share it."""
    words = _words(idea.id)
    yield f"id {same_words(idea.id)}", "the same words"
    if idea.person:
        yield f"person {' '.join(sorted(_folded(words)))}", "the same names"
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
    return tuple(_plain(label, idea.id) for label in idea.said)


def _plain(label: str, name: str) -> str:
    """The label without a remark in parentheses, unless the id says the remark too: then it is part of the idea."""
    words = set(_folded(_words(name)))
    remarks = [remark for remark in _PARENTHESIS.findall(label) if not _shortens(remark, label)]
    if any(words.intersection(_folded(_words(remark))) for remark in remarks):
        return label
    return _PARENTHESIS.sub("", label).strip() or label


def _depth(idea: _Idea) -> str:
    """The words of the id that tell a depth of an idea from the idea."""
    return " ".join(sorted(_DEPTHS.intersection(_words(idea.id))))


def _abbreviated(ideas: Mapping[str, _Idea]) -> Iterator[tuple[str, str]]:
    """Pairs of an id that is an abbreviation and one whose label gives the abbreviation after the full words."""
    meanings: dict[str, set[str]] = {}
    owners: dict[str, list[str]] = {}
    for idea in ideas.values():
        for label in idea.said:
            full = same_words(_plain(label, idea.id))
            owners.setdefault(full, []).append(idea.id)
            for remark in _PARENTHESIS.findall(label):
                if _shortens(remark, label):
                    meanings.setdefault(same_words(remark), set()).add(full)
    for name in ideas:
        meant = meanings.get(same_words(name), set())
        # Letters that stand for two things stand for neither.
        if len(meant) == 1:
            yield from ((name, other) for other in owners[min(meant)] if other != name)


def _shortens(short: str, full: str) -> bool:
    """Whether ``short`` is made of the first letters of the words of ``full``, remarks in parentheses left out."""
    letters = short.strip().removesuffix("s")
    words = _WORD.findall(_PARENTHESIS.sub("", full).lower())
    every = "".join(word[0] for word in words)
    weighty = "".join(word[0] for word in words if word not in _EMPTY and len(word) > 2)
    return len(letters) > 1 and letters.isupper() and letters.lower() in (every, weighty)


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
            roots = tuple(_root(word) for word in _words(_plain(label, idea.id)))
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


def _words(text: str) -> list[str]:
    """The words of an id or a label without accents, articles and conjunctions."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    words = _WORD.findall(plain.replace("'", "").replace("’", ""))
    return [word for word in words if word not in _EMPTY] or words


def _folded(words: Iterable[str]) -> list[str]:
    """The words in one number and spelling. -ing and -ed stay, unlike in a stem: processing is not a process."""
    return [_fold(word) for word in words]


@cache
def _fold(word: str) -> str:
    if word in _NO_PLURALS or word.endswith("ics"):
        return word
    ending = next((ending for ending in ("ing", "ed") if word.removesuffix("s").endswith(ending)), "")
    return terms.stem(word) + ending


@cache
def _root(word: str) -> str:
    """What is left of a word without its endings, for words of one family: behaviour, behavioural."""
    root = terms.stem(word)
    while True:
        ending = next((e for e in _ROOT_ENDINGS if root.endswith(e) and len(root) - len(e) >= _SHORTEST_ROOT), None)
        if ending is None:
            return root
        root = root.removesuffix(ending)

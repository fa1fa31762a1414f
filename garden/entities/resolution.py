"""Which ids of entities are one idea written several ways, and the id that should stand for all of them.

Ids are the same idea where they, or the labels that they mostly bear, say the same words: singular or plural, British
or American, hyphenated or not, with or without an article; where one is the other's abbreviation; where two words
change places around "of" or "and", or a person's names do; and where words of one root ("behavior design", "behavioral
design") also mean the same to the embedding model. Ids that differ by a depth ("active-listening-depth") stay apart.

All of these are equal keys, so that no pair is ever compared (Christen 2012, standard blocking), but the last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from garden.entities.ideas import Idea, Standing, ideas_of
from garden.entities.labels import spoken
from garden.entities.likeness import Vectors, abbreviated, keys_of, nearly_alike, titled
from garden.models import Pattern
from garden.names import slugify

__all__ = ["Group", "Resolution", "Standing", "resolve"]


@dataclass(frozen=True)
class Group:
    """Ids that are one idea: ``canonical`` stands for all, ``why`` tells of each other id what it shares.

    ``uses`` is how many patterns use each of them before any is renamed.
    """

    canonical: str
    why: Mapping[str, str]
    uses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Resolution:
    """The groups of a library. ``renamed`` holds, for each (pattern, place in its list) that changes, the new id."""

    groups: tuple[Group, ...] = ()
    renamed: Mapping[tuple[int, int], str] = field(default_factory=dict)


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
    first = ideas = ideas_of(patterns, now)
    while True:
        found = _canonical(ideas, _joined(ideas, patterns, vectors or {}))
        turned = [_turned(owner, held, found, may_rename) for owner, held in enumerate(now)]
        changes = {
            (owner, new.place): new.id for owner, held in enumerate(turned) for new in held if new not in now[owner]
        }
        if not changes:
            return Resolution(tuple(_group(name, of, first) for name, of in sorted(why.items())), renamed)
        renamed.update(changes)
        for name, (canonical, reason) in found.items():
            if canonical in changes.values():
                why.setdefault(canonical, {})[name] = reason
        now = turned
        ideas = ideas_of(patterns, now)


def _group(canonical: str, why: Mapping[str, str], ideas: Mapping[str, Idea]) -> Group:
    return Group(canonical, why, {name: ideas[name].uses for name in sorted({canonical, *why}) if name in ideas})


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


def _joined(ideas: Mapping[str, Idea], patterns: Sequence[Pattern], vectors: Vectors) -> nx.Graph:
    """A graph over ids, with an edge and its reason between any two that are one idea."""
    graph = nx.Graph()
    graph.add_nodes_from(ideas)
    # The surest reason is added last, and is the one that is told.
    graph.add_edges_from((one, other, {"reason": reason}) for one, other, reason in nearly_alike(ideas, vectors))
    graph.add_edges_from((*pair, {"reason": "a pattern's title"}) for pair in titled(ideas, patterns))
    graph.add_edges_from((*pair, {"reason": "abbreviation"}) for pair in abbreviated(ideas))
    owners: dict[str, str] = {}
    for idea in ideas.values():
        for key, reason in keys_of(idea):
            other = owners.setdefault(key, idea.id)
            if other != idea.id:
                graph.add_edge(other, idea.id, reason=reason)
    return graph


def _canonical(ideas: Mapping[str, Idea], graph: nx.Graph) -> dict[str, tuple[str, str]]:
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


def _rank(idea: Idea, *, dated: bool) -> tuple[bool, int, str, int, str]:
    """Ids shaped as ids first, then the most used, the oldest, the shortest, the first of the alphabet."""
    return (idea.id != slugify(idea.id), -idea.uses, idea.oldest if dated else "", len(idea.id), idea.id)

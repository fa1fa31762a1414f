"""Which type each chosen pair has, as both its files should say it, and which types are refused.

What stands in a file is kept where it can be; what is new comes from what was learned. A type that would close a circle
of ``requires`` or of ``specializes_to``, with curated relationships or with surer links, is refused: the link then says
only that the two belong together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from garden.links.choose import Pair
from garden.links.ties import Tie
from garden.models import Link
from garden.vocabulary import ACYCLIC, Vocabulary

Types = Mapping[int, str | None]


@dataclass(frozen=True)
class Relation:
    """What each end of a pair should say of the other, None where it need not mention it.

    ``circle`` are the places of the circle that another type would have closed, empty where none was refused.
    """

    types: Types
    circle: tuple[int, ...] = ()


@dataclass(frozen=True)
class Known:
    """What types rest on: curated ties, the types learned for pairs, and the pairs whose type a person accepted."""

    vocabulary: Vocabulary
    curated: Sequence[Tie] = ()
    learned: Mapping[Pair, Tie] = field(default_factory=dict)
    accepted: frozenset[Pair] = frozenset()


def relations(
    pairs: Iterable[Pair], items: Mapping[Pair, Mapping[int, Link]], known: Known, confidence: Mapping[Pair, float]
) -> dict[Pair, Relation]:
    """The relation of each pair. ``items`` are the links that stand for it: place of the owner -> link."""
    circles = _Circles(known.vocabulary)
    for tie in known.curated:
        circles.add(tie)

    def precedence(pair: Pair) -> tuple[bool, bool, float, Pair]:
        return (pair not in known.accepted, pair not in items, -confidence.get(pair, 0.0), pair)

    found = {}
    for pair in sorted(pairs, key=precedence):
        types = agreed(pair, items.get(pair, {}), known)
        circle = () if pair in known.accepted else circles.closed_by(pair, types)
        if circle:
            types = _untold(pair, items.get(pair, {}), known.vocabulary)
        found[pair] = Relation(types, circle)
        for tie in _ties(pair, types):
            circles.add(tie)
    return found


def agreed(pair: Pair, items: Mapping[int, Link], known: Known) -> dict[int, str | None]:
    """The type that each end should give.

    A type that stands in a file is kept where it can be: the more specific one leads, then that of the lower slug.
    """
    left, right = pair
    vocabulary = known.vocabulary
    said = {place: vocabulary.canonical(link.type) for place, link in items.items()}
    for place, other in ((left, right), (right, left)):
        one_way = said.get(place)
        if one_way is not None and vocabulary.inverse(one_way) is None:
            return _one_way(place, other, one_way, items, said.get(other) or vocabulary.fallback)
    told = [said[left]] if said.get(left) else []
    told += [vocabulary.inverse(type_) for type_ in [said.get(right)] if type_]
    specific = [type_ for type_ in told if type_ != vocabulary.fallback]
    if not told and pair in known.learned:
        tie = known.learned[pair]
        inverse = vocabulary.inverse(tie.type)
        if inverse is None:
            return _one_way(tie.source, tie.target, tie.type, items, vocabulary.fallback)
        return {tie.source: tie.type, tie.target: inverse}
    if not told:
        return _untold(pair, items, vocabulary)
    seen = (specific or told)[0] or vocabulary.fallback
    return {left: seen, right: vocabulary.inverse(seen)}


def _untold(pair: Pair, items: Mapping[int, Link], vocabulary: Vocabulary) -> dict[int, str | None]:
    """What each end says where no more is known than that the two belong together."""
    left, right = pair
    inverse = vocabulary.inverse(vocabulary.fallback)
    if inverse is not None:
        return {left: vocabulary.fallback, right: inverse}
    source, target = (right, left) if right in items and left not in items else (left, right)
    return _one_way(source, target, vocabulary.fallback, items, vocabulary.fallback)


def _one_way(source: int, target: int, type_: str, items: Mapping[int, Link], other: str) -> dict[int, str | None]:
    """A type that is told from one end alone; a link that stands at the other end needs an ``other`` of its own."""
    return {source: type_, target: other if target in items else None}


class _Circles:
    """The ties of the types that may not run in a circle."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._graphs: dict[str, nx.DiGraph[int]] = {name: nx.DiGraph() for name in ACYCLIC}

    def add(self, tie: Tie) -> None:
        for name, source, target in self._edges(tie):
            self._graphs[name].add_edge(source, target)

    def closed_by(self, pair: Pair, types: Types) -> tuple[int, ...]:
        """The places of a shortest circle that these types would close, from its lowest; empty where there is none."""
        for tie in _ties(pair, types):
            for name, source, target in self._edges(tie):
                graph = self._graphs[name]
                if source in graph and target in graph and nx.has_path(graph, target, source):
                    return _from_lowest(nx.shortest_path(graph, target, source))
        return ()

    def _edges(self, tie: Tie) -> Iterable[tuple[str, int, int]]:
        for name in ACYCLIC:
            if tie.type == name:
                yield name, tie.source, tie.target
            elif tie.type == self._vocabulary.inverse(name):
                yield name, tie.target, tie.source


def _ties(pair: Pair, types: Types) -> list[Tie]:
    left, right = pair
    ends = ((left, right, types.get(left)), (right, left, types.get(right)))
    return [Tie(source, target, type_) for source, target, type_ in ends if type_]


def _from_lowest(circle: Sequence[int]) -> tuple[int, ...]:
    start = circle.index(min(circle))
    return (*circle[start:], *circle[:start])

"""Figures of the links: where they lead, how evenly, and whether they agree with each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import networkx as nx
import numpy as np

from garden.config import HealthSettings
from garden.health.bias import Bias, bias_of, gini
from garden.models import Pattern, Section
from garden.names import Names
from garden.vocabulary import ACYCLIC, Vocabulary

DIGITS = 4


@dataclass(frozen=True)
class Wire:
    """One link as health sees it: places of its ends (target None if dangling), its type as written and as known."""

    source: int
    target: int | None
    name: str
    type: str | None
    known: str | None


def share(part: int, whole: int) -> float | None:
    """A part in 0..1, rounded; None of nothing."""
    return round(part / whole, DIGITS) if whole else None


def wires_of(standing: Sequence[Section | None], names: Names, vocabulary: Vocabulary) -> list[Wire]:
    """Every inferred link of the sections, in their order."""
    known = cache(vocabulary.canonical)
    return [
        Wire(place, names.exact(link.target), link.target, link.type, known(link.type))
        for place, section in enumerate(standing)
        if section
        for link in section.links
    ]


def link_figures(
    wires: Sequence[Wire], curated: Sequence[Wire], names: Names, vocabulary: Vocabulary
) -> dict[str, Any]:
    """How many links there are, and what is wrong with them one by one."""
    known = {(wire.source, wire.target) for wire in curated}
    dangling = _dangling(wires, names)
    return {
        "links": len(wires),
        "links_dangling": None if dangling is None else len(dangling),
        "links_dangling_share": None if dangling is None else share(len(dangling), len(wires)),
        "links_repeating_curated": sum((w.source, w.target) in known for w in wires if w.target is not None),
        "links_unknown_type": sum(wire.type is not None and wire.type not in vocabulary.inverses for wire in wires),
        "links_untyped": sum(wire.type is None for wire in wires),
        "inverse_consistency": _inverse_consistency(wires, vocabulary),
    }


def _dangling(wires: Sequence[Wire], names: Names) -> list[Wire] | None:
    """The links that lead to no pattern; None where nobody knows what patterns there are."""
    if not names.whole:
        return None
    return [wire for wire in wires if wire.target is None and not names.unread(wire.name)]


def _inverse_consistency(wires: Sequence[Wire], vocabulary: Vocabulary) -> float | None:
    """Of the links whose type has an inverse, the share whose target says that inverse."""
    stored = {(wire.source, wire.target, wire.known) for wire in wires}
    asked = [wire for wire in wires if wire.target is not None and _inverse(wire, vocabulary)]
    told = sum((wire.target, wire.source, _inverse(wire, vocabulary)) in stored for wire in asked)
    return share(told, len(asked))


def _inverse(wire: Wire, vocabulary: Vocabulary) -> str | None:
    return vocabulary.inverse(wire.known) if wire.known else None


def spread_figures(patterns: Sequence[Pattern], wires: Sequence[Wire], seed: int) -> dict[str, Any]:
    """How evenly links are spread: a hub or an alphabet's beginning that takes them all shows here."""
    targets = [wire.target for wire in wires if wire.target is not None]
    held, slugs = Counter(targets), [pattern.slug for pattern in patterns]
    top = min(held, key=lambda place: (-held[place], place), default=None)
    sources = {wire.source for wire in wires if wire.target is not None}
    degrees = np.bincount(np.asarray(targets, np.int64), minlength=len(slugs))
    return {
        "targets_share": share(len(held), len(slugs)),
        "sources_share": share(len(sources), len(slugs)),
        "patterns_without_links": len(slugs) - len(sources | set(held)),
        "top_target": slugs[top] if top is not None else None,
        "top_target_share": share(held[top] if top is not None else 0, len(targets)),
        "in_degree_gini": gini(degrees),
        **_letter_figures(slugs, held),
        **bias_figures(bias_of(slugs, targets, seed)),
    }


def leaning(patterns: Sequence[Pattern], names: Names, settings: HealthSettings) -> tuple[str, ...]:
    """The signs that the inferred links lean to where no text leads them: letter, position, spread; see ``Bias``."""
    found = [names.exact(link.target) for pattern in patterns if pattern.section for link in pattern.section.links]
    targets = [place for place in found if place is not None]
    bias = bias_of([pattern.slug for pattern in patterns], targets, settings.seed)
    return bias.signs(settings) if bias else ()


def curated_leaning(patterns: Sequence[Pattern], names: Names, settings: HealthSettings) -> tuple[str, ...]:
    """The same of the curated relationships: what leans is no people's work, and not to be learned from."""
    found = [names.find(one.target) for pattern in patterns for one in pattern.relationships]
    targets = [place for place in found if place is not None]
    bias = bias_of([pattern.slug for pattern in patterns], targets, settings.seed)
    return bias.signs(settings) if bias else ()


def _letter_figures(slugs: Sequence[str], held: Mapping[int, int]) -> dict[str, Any]:
    letters = Counter[str]()
    for place, count in sorted(held.items()):
        letters[slugs[place][:1]] += count
    letter = min(letters, key=lambda key: (-letters[key], key), default=None)
    return {
        "top_letter": letter,
        "top_letter_share": share(letters[letter] if letter else 0, sum(held.values())),
        "top_letter_expected": share(sum(slug[:1] == letter for slug in slugs), len(slugs)) if letter else None,
    }


def bias_figures(bias: Bias | None, prefix: str = "") -> dict[str, Any]:
    """A bias as figures, their names after ``prefix``."""
    return {
        f"{prefix}letter": bias.letter if bias else None,
        f"{prefix}letter_excess": bias.letter_excess if bias else None,
        f"{prefix}letter_p": bias.letter_p if bias else None,
        f"{prefix}position": bias.position if bias else None,
        f"{prefix}position_p": bias.position_p if bias else None,
        f"{prefix}spread": bias.spread if bias else None,
    }


def curated_wires(patterns: Sequence[Pattern], names: Names, vocabulary: Vocabulary) -> list[Wire]:
    """Every curated relationship, in the order of the files."""
    known, find = cache(vocabulary.canonical), cache(names.find)
    return [
        Wire(place, find(relationship.target), relationship.target, relationship.kind, known(relationship.kind))
        for place, pattern in enumerate(patterns)
        for relationship in pattern.relationships
    ]


def curated_figures(patterns: Sequence[Pattern], curated: Sequence[Wire], names: Names, seed: int) -> dict[str, Any]:
    """The same for people's relationships, which no run changes, but which a person may want to look at."""
    targets = [wire.target for wire in curated if wire.target is not None]
    dangling = _dangling(curated, names)
    return {
        "curated": len(curated),
        "curated_dangling": None if dangling is None else len(dangling),
        "curated_dangling_example": f"{patterns[dangling[0].source].slug} → {dangling[0].name}" if dangling else None,
        **bias_figures(bias_of([pattern.slug for pattern in patterns], targets, seed), "curated_"),
    }


def cycle_figures(patterns: Sequence[Pattern], wires: Iterable[Wire], vocabulary: Vocabulary) -> dict[str, Any]:
    """Knots in which patterns require, or specialise to, each other in a circle, over curated and inferred links.

    Knots are strongly connected components of two patterns and more; the example is a circle in the smallest.
    """
    figures: dict[str, Any] = {}
    every = list(wires)
    for type_ in ACYCLIC:
        knots = _knots(every, type_, vocabulary)
        circle = _circle(knots[0], patterns) if knots else None
        figures |= {
            f"cycles_{type_}": len(knots),
            f"cycles_{type_}_patterns": sum(len(knot) for knot in knots),
            f"cycles_{type_}_example": circle,
        }
    return figures


def _knots(wires: Sequence[Wire], type_: str, vocabulary: Vocabulary) -> "list[nx.DiGraph[int]]":
    graph: nx.DiGraph[int] = nx.DiGraph()
    inverse = vocabulary.inverse(type_)
    for wire in wires:
        if wire.target is None or wire.target == wire.source or wire.known is None:
            continue
        if wire.known == type_:
            graph.add_edge(wire.source, wire.target)
        elif wire.known == inverse:
            graph.add_edge(wire.target, wire.source)
    parts = [sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]
    return [_among(graph, part) for part in sorted(parts, key=lambda part: (len(part), part))]


def _among(graph: "nx.DiGraph[int]", places: Sequence[int]) -> "nx.DiGraph[int]":
    """The part of a graph between some places, made in their order, so that a search in it is the same every time."""
    part: nx.DiGraph[int] = nx.DiGraph()
    inside = set(places)
    part.add_nodes_from(places)
    part.add_edges_from((place, other) for place in places for other in sorted(graph[place]) if other in inside)
    return part


def _circle(knot: "nx.DiGraph[int]", patterns: Sequence[Pattern]) -> str:
    first = [patterns[edge[0]].slug for edge in nx.find_cycle(knot)]
    return " → ".join([*first, first[0]])

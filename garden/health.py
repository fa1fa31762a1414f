"""How a library is doing, in figures that would have shown what went wrong with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from garden.models import Pattern, Section
from garden.names import Names
from garden.vocabulary import Vocabulary

Figures = dict[str, Any]


@dataclass(frozen=True)
class _Wire:
    """One inferred link as health sees it: places of its ends (target None if dangling) and its type as written."""

    source: int
    target: int | None
    name: str
    type: str | None


def health(
    patterns: Sequence[Pattern], names: Names, vocabulary: Vocabulary, sections: Mapping[str, Section] | None = None
) -> Figures:
    """The figures of a library. ``sections`` replaces sections by slug, to see a library as it would become.

    Shares are in 0..1, rounded to four digits; a share of nothing is None.
    """
    replaced = sections or {}
    standing = [replaced.get(pattern.slug, pattern.section) for pattern in patterns]
    wires = _wires(standing, names)
    return {
        "patterns": len(patterns),
        "sections": sum(section is not None for section in standing),
        **_link_figures(patterns, names, vocabulary, wires),
        **_spread_figures(patterns, wires),
        **_curated_figures(patterns, names),
        **_entity_figures(standing),
        **_age_figures(standing),
    }


def _wires(standing: Sequence[Section | None], names: Names) -> list[_Wire]:
    return [
        _Wire(place, names.exact(link.target), link.target, link.type)
        for place, section in enumerate(standing)
        if section
        for link in section.links
    ]


def _link_figures(
    patterns: Sequence[Pattern], names: Names, vocabulary: Vocabulary, wires: Sequence[_Wire]
) -> Figures:
    curated = {
        (place, names.find(relationship.target))
        for place, pattern in enumerate(patterns)
        for relationship in pattern.relationships
    }
    dangling = [w for w in wires if w.target is None and w.name not in names.reserved]
    return {
        "links": len(wires),
        "links_dangling": len(dangling),
        "links_repeating_curated": sum((wire.source, wire.target) in curated for wire in wires if wire.target is not None),
        "links_unknown_type": sum(wire.type is not None and wire.type not in vocabulary.inverses for wire in wires),
        "links_untyped": sum(wire.type is None for wire in wires),
        "inverse_consistency": _inverse_consistency(wires, vocabulary),
    }


def _inverse_consistency(wires: Sequence[_Wire], vocabulary: Vocabulary) -> float | None:
    """Of the links whose type has an inverse, the share whose target says that inverse."""
    stored = {(wire.source, wire.target, vocabulary.canonical(wire.type)) for wire in wires}
    asked = [wire for wire in wires if wire.target is not None and _inverse(wire, vocabulary)]
    told = sum((wire.target, wire.source, _inverse(wire, vocabulary)) in stored for wire in asked)
    return _share(told, len(asked))


def _inverse(wire: _Wire, vocabulary: Vocabulary) -> str | None:
    known = vocabulary.canonical(wire.type)
    return vocabulary.inverse(known) if known else None


def _spread_figures(patterns: Sequence[Pattern], wires: Sequence[_Wire]) -> Figures:
    """How evenly links are spread: a hub or an alphabet's beginning that takes them all shows here."""
    held = Counter(wire.target for wire in wires if wire.target is not None)
    found = sum(held.values())
    letters = Counter[str]()
    for place, count in held.items():
        letters[patterns[place].slug[:1]] += count
    letter = min(letters, key=lambda key: (-letters[key], key), default=None)
    top = min(held, key=lambda place: (-held[place], place), default=None)
    linked = {wire.source for wire in wires if wire.target is not None} | set(held)
    return {
        "targets_share": _share(len(held), len(patterns)),
        "sources_share": _share(len({wire.source for wire in wires if wire.target is not None}), len(patterns)),
        "patterns_without_links": len(patterns) - len(linked),
        "top_target": patterns[top].slug if top is not None else None,
        "top_target_share": _share(held[top] if top is not None else 0, found),
        "top_letter": letter,
        "top_letter_share": _share(letters[letter] if letter else 0, found),
        "top_letter_expected": _share(sum(p.slug[:1] == letter for p in patterns), len(patterns)) if letter else None,
    }


def _curated_figures(patterns: Sequence[Pattern], names: Names) -> Figures:
    targets = [relationship.target for pattern in patterns for relationship in pattern.relationships]
    missing = sum(names.find(target) is None and target not in names.reserved for target in targets)
    return {"curated": len(targets), "curated_dangling": missing}


def _entity_figures(standing: Sequence[Section | None]) -> Figures:
    uses = Counter(entity.id for section in standing if section for entity in section.entities)
    return {
        "entities": sum(uses.values()),
        "entity_ids": len(uses),
        "entity_ids_used_once": sum(count == 1 for count in uses.values()),
        "communities": len({community.id for section in standing if section for community in section.communities}),
    }


def _age_figures(standing: Sequence[Section | None]) -> Figures:
    dates = sorted(section.last_pruned for section in standing if section and section.last_pruned)
    return {
        "oldest_pruned": dates[0] if dates else None,
        "newest_pruned": dates[-1] if dates else None,
        "never_pruned": sum(section is None or not section.last_pruned for section in standing),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
